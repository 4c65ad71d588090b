import { mkdirSync } from 'node:fs';
import { instrumentId } from '../../../../domain/ids.ts';
import { money, price, quantity, text } from '../../../../domain/units.ts';
import { whileLocked } from '../../../../market/candles/store/lock.ts';
import type { InstrumentBook } from '../../../../market/instruments/instrument-book.ts';
import {
  INSTRUMENT_FILE,
  readInstrumentBook,
  writeInstrumentBook,
} from '../../../../market/instruments/instrument-file.ts';
import { INSTRUMENT_NAME, instrumentOf } from '../../../../market/instruments/instruments.ts';
import {
  BEGINNING_MS,
  defineTerms,
  type InstrumentTerms,
  usualTerms,
} from '../../../../market/instruments/terms.ts';
import { openCandles } from '../../../candle-store.ts';
import { BadInput, reading } from '../../errors.ts';
import { printJson, printLine, printTable } from '../../output.ts';
import type { StoreFlags } from './flags.ts';
import { type AddInstrumentFlags, ASSET_CLASSES } from './instruments.ts';
import { utc } from './words.ts';

export function runListInstruments(flags: StoreFlags): void {
  const { folder } = openCandles(flags.candlesDir);
  const book = reading(() => readInstrumentBook(folder));
  const versions = book
    .instrumentsAt(Number.POSITIVE_INFINITY)
    .flatMap(({ id }) => book.versions(id));
  if (flags.json) return printJson({ candlesDir: folder, terms: versions.map(jsonOf) });
  printLine();
  printTable(
    ['instrument', 'class', '>tick', '>lot', '>min. notional', '>maker bps', '>taker bps', 'since'],
    versions.map(({ instrument, fees, validFromMs }) => [
      instrument.id,
      instrument.assetClass,
      text(instrument.tick),
      text(instrument.lot),
      text(instrument.minNotional),
      String(fees.makerBps),
      String(fees.takerBps),
      sinceText(validFromMs),
    ]),
  );
  printLine();
}

export function runAddInstrument(name: string, flags: AddInstrumentFlags): void {
  const { folder } = openCandles(flags.candlesDir);
  mkdirSync(folder, { recursive: true });
  const terms = whileLocked(folder, () => {
    const book = reading(() => readInstrumentBook(folder));
    const wanted = termsOf(name.toUpperCase(), book, flags);
    const { correction } = flags;
    writeInstrumentBook(
      folder,
      reading(() =>
        correction === undefined ? book.with(wanted) : book.corrected(wanted, correction),
      ),
    );
    return wanted;
  });
  if (flags.json) return printJson({ candlesDir: folder, added: jsonOf(terms) });
  const { id, assetClass } = terms.instrument;
  const since = sinceText(terms.validFromMs);
  printLine(`  ${id} is known as ${assetClass} since ${since}, in ${folder}/${INSTRUMENT_FILE}`);
}

function termsOf(name: string, book: InstrumentBook, flags: AddInstrumentFlags): InstrumentTerms {
  const { instrument, fees, contractValue } = startOf(name, book, flags);
  return reading(() =>
    defineTerms({
      instrument: {
        ...instrument,
        assetClass: flags.class ?? instrument.assetClass,
        tick: amountOf('--tick', price, flags.tick) ?? instrument.tick,
        lot: amountOf('--lot', quantity, flags.lot) ?? instrument.lot,
        minNotional: amountOf('--min-notional', money, flags.minNotional) ?? instrument.minNotional,
        unitsPerStandardLot:
          amountOf('--units-per-standard-lot', quantity, flags.unitsPerStandardLot) ??
          instrument.unitsPerStandardLot,
      },
      fees: {
        makerBps: feeOf('--maker-bps', flags.makerBps) ?? fees.makerBps,
        takerBps: feeOf('--taker-bps', flags.takerBps) ?? fees.takerBps,
      },
      contractValue: amountOf('--contract-value', quantity, flags.contractValue) ?? contractValue,
      validFromMs: flags.validFrom ?? BEGINNING_MS,
    }),
  );
}

/** What is known already, or what is usual: the terms that the flags differ from. */
function startOf(name: string, book: InstrumentBook, flags: AddInstrumentFlags): InstrumentTerms {
  if (!INSTRUMENT_NAME.test(name))
    throw new BadInput(`"${name}" must be a base and a quote, such as BTC/USDT`);
  const newest = book.versions(instrumentId(name)).at(-1);
  if (newest !== undefined) return newest;
  const assetClass = flags.class;
  if (assetClass === undefined)
    throw new BadInput(
      `${name} is new, and --class must say what it is: ${ASSET_CLASSES.join(', ')}`,
    );
  return usualTerms(instrumentOf(name, assetClass));
}

function amountOf<T>(
  flag: string,
  read: (decimal: string) => T,
  value: string | undefined,
): T | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,15}(\.\d{1,12})?$/.test(value)) return read(value);
  throw new BadInput(`${flag} "${value}" must be a decimal number such as 0.01`);
}

function feeOf(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new BadInput(`${flag} "${value}" must be a number such as 7.5`);
}

const jsonOf = ({ instrument, fees, contractValue, validFromMs }: InstrumentTerms) => ({
  id: instrument.id,
  assetClass: instrument.assetClass,
  tick: text(instrument.tick),
  lot: text(instrument.lot),
  minNotional: text(instrument.minNotional),
  unitsPerStandardLot: text(instrument.unitsPerStandardLot),
  contractValue: text(contractValue),
  ...fees,
  validFrom: validFromMs === BEGINNING_MS ? 'beginning' : new Date(validFromMs).toISOString(),
});

const sinceText = (ms: number): string => (ms === BEGINNING_MS ? 'the beginning' : utc(ms));
