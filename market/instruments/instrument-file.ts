/** The instruments of a candle directory beyond those that are built in: `instruments.json`. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { instrumentId } from '../../domain/ids.ts';
import type { AssetClass } from '../../domain/instrument.ts';
import { money, price, quantity, text } from '../../domain/units.ts';
import { writeWhole } from '../candles/store/durable-file.ts';
import { type BookEntry, InstrumentBook } from './instrument-book.ts';
import { INSTRUMENT_NAME } from './instruments.ts';
import { BEGINNING_MS, type InstrumentTerms } from './terms.ts';

export const INSTRUMENT_FILE = 'instruments.json';
const FORMAT_VERSION = 1;
const BEGINNING = 'beginning';

/** An instrument file that cannot be used. The message names the file, the entry, the field and the value. */
export class BadInstruments extends Error {
  override readonly name = 'BadInstruments';
}

type Reader<T> = (value: unknown) => T;
type Fields = Readonly<Record<string, unknown>>;

const READERS = {
  id: textOf(INSTRUMENT_NAME, 'a name such as BTC/USDT'),
  assetClass: textOf(/^(CRYPTO|FX|METAL|EQUITY)$/, 'one of CRYPTO, FX, METAL, EQUITY'),
  tick: decimalBy(price),
  lot: decimalBy(quantity),
  minNotional: decimalBy(money),
  unitsPerStandardLot: decimalBy(quantity),
  contractValue: decimalBy(quantity),
  makerBps: numberOf,
  takerBps: numberOf,
  validFrom: instantOfText,
} as const;

/** The book of a directory: what is built in, and what its file adds. Without a file that is nothing. */
export function readInstrumentBook(directory: string): InstrumentBook {
  const file = join(directory, INSTRUMENT_FILE);
  const content = contentOf(file);
  if (content === undefined) return InstrumentBook.builtIn();
  let book = InstrumentBook.builtIn();
  entriesOf(file, content).forEach((entry, index) => {
    try {
      const { terms, correction } = decode(entry);
      book = correction === undefined ? book.with(terms) : book.corrected(terms, correction);
    } catch (error) {
      throw bad(file, `entry ${index + 1}: ${(error as Error).message}`);
    }
  });
  return book;
}

/** The file is replaced whole or not at all. */
export function writeInstrumentBook(directory: string, book: InstrumentBook): void {
  const content = { version: FORMAT_VERSION, entries: book.entries.map(encode) };
  const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
  mkdirSync(directory, { recursive: true });
  writeWhole(join(directory, INSTRUMENT_FILE), [bytes], 'REPLACE');
}

function contentOf(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw bad(file, `it is no JSON (${(error as Error).message})`);
  }
}

function entriesOf(file: string, content: unknown): readonly unknown[] {
  if (!isFields(content)) throw bad(file, 'it must hold one object with version and entries');
  const { version, entries, ...rest } = content;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw bad(file, `"${unknown}" is no field of it`);
  if (version !== FORMAT_VERSION)
    throw bad(file, `version ${JSON.stringify(version)} must be ${FORMAT_VERSION}`);
  if (!Array.isArray(entries)) throw bad(file, 'entries must be a list');
  return entries;
}

function decode(entry: unknown): BookEntry {
  if (!isFields(entry)) throw new Error('it must be an object');
  const { correction, ...fields } = entry;
  const unknown = Object.keys(fields).find((name) => !(name in READERS));
  if (unknown !== undefined)
    throw new Error(
      `"${unknown}" is no field of an instrument; the fields are ${Object.keys(READERS).join(', ')}, correction`,
    );
  const terms = termsOf(fields);
  if (correction === undefined) return { terms };
  if (typeof correction === 'string') return { terms, correction };
  throw new Error(`correction ${JSON.stringify(correction)} must be its reason in words`);
}

function termsOf(fields: Fields): InstrumentTerms {
  const id = field(fields, 'id');
  const [base = '', quote = ''] = id.split('/');
  return {
    instrument: {
      id: instrumentId(id),
      base,
      quote,
      assetClass: field(fields, 'assetClass') as AssetClass,
      tick: field(fields, 'tick'),
      lot: field(fields, 'lot'),
      minNotional: field(fields, 'minNotional'),
      unitsPerStandardLot: field(fields, 'unitsPerStandardLot'),
    },
    fees: { makerBps: field(fields, 'makerBps'), takerBps: field(fields, 'takerBps') },
    contractValue: field(fields, 'contractValue'),
    validFromMs: field(fields, 'validFrom'),
  };
}

function field<Name extends keyof typeof READERS>(
  fields: Fields,
  name: Name,
): ReturnType<(typeof READERS)[Name]> {
  const value = fields[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  try {
    return READERS[name](value) as ReturnType<(typeof READERS)[Name]>;
  } catch (error) {
    throw new Error(`${name} ${JSON.stringify(value)} must be ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const encode = ({ terms, correction }: BookEntry): Fields => ({
  id: terms.instrument.id,
  assetClass: terms.instrument.assetClass,
  tick: text(terms.instrument.tick),
  lot: text(terms.instrument.lot),
  minNotional: text(terms.instrument.minNotional),
  unitsPerStandardLot: text(terms.instrument.unitsPerStandardLot),
  contractValue: text(terms.contractValue),
  makerBps: terms.fees.makerBps,
  takerBps: terms.fees.takerBps,
  validFrom:
    terms.validFromMs === BEGINNING_MS ? BEGINNING : new Date(terms.validFromMs).toISOString(),
  ...(correction === undefined ? {} : { correction }),
});

function textOf(pattern: RegExp, wanted: string): Reader<string> {
  return (value) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new Error(wanted);
  };
}

function decimalBy<T>(parse: (decimal: string) => T): Reader<T> {
  return (value) => {
    // A number of JSON is a double, and a double is not exact.
    if (typeof value === 'string' && /^\d+(\.\d{1,12})?$/.test(value)) return parse(value);
    throw new Error('a decimal number in quotes such as "0.01"');
  };
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error('a number such as 7.5');
}

function instantOfText(value: unknown): number {
  if (value === BEGINNING) return BEGINNING_MS;
  const isInstant =
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value));
  if (isInstant) return Date.parse(value);
  throw new Error(`an instant such as 2024-01-01T00:00:00Z, or "${BEGINNING}"`);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (file: string, reason: string): BadInstruments =>
  new BadInstruments(`${file}: ${reason}`);
