import { basename } from 'node:path';

import { instrumentId } from '../../domain/ids.ts';
import { type AssetClass, defineInstrument, type Instrument } from '../../domain/instrument.ts';
import { type DecimalText, money, price, quantity } from '../../domain/units.ts';

interface Steps {
  readonly tick: DecimalText;
  readonly lot: DecimalText;
  readonly minNotional: DecimalText;
  readonly unitsPerStandardLot: DecimalText;
}

/** What is usual; a venue that differs is written down in terms of its own. */
const USUAL_STEPS: Readonly<Record<AssetClass, Steps>> = {
  CRYPTO: { tick: '0.01', lot: '0.00000001', minNotional: '10', unitsPerStandardLot: '1' },
  FX: { tick: '0.00001', lot: '1', minNotional: '1', unitsPerStandardLot: '100000' },
  METAL: { tick: '0.01', lot: '0.01', minNotional: '1', unitsPerStandardLot: '100' },
  EQUITY: { tick: '0.01', lot: '1', minNotional: '1', unitsPerStandardLot: '100' },
};

/** A base and a quote in capitals. */
export const INSTRUMENT_NAME = /^([A-Z0-9]{1,20})\/([A-Z0-9]{2,10})$/;

/** An instrument in the usual steps of its class, such as `ETH/USDT` in those of `CRYPTO`. */
export function instrumentOf(name: string, assetClass: AssetClass): Instrument {
  const [, base, quote] = INSTRUMENT_NAME.exec(name) ?? [];
  if (base === undefined || quote === undefined)
    throw new Error(
      `"${name}" is no instrument; a base and a quote in capitals are, such as BTC/USDT`,
    );
  const steps = USUAL_STEPS[assetClass];
  return defineInstrument({
    id: instrumentId(name),
    base,
    quote,
    assetClass,
    tick: price(steps.tick),
    lot: quantity(steps.lot),
    minNotional: money(steps.minNotional),
    unitsPerStandardLot: quantity(steps.unitsPerStandardLot),
  });
}

export const BTC_USD = instrumentOf('BTC/USD', 'CRYPTO');
export const ETH_USD = instrumentOf('ETH/USD', 'CRYPTO');
export const EUR_USD = instrumentOf('EUR/USD', 'FX');
export const XAU_USD = instrumentOf('XAU/USD', 'METAL');

/** Everything Plimsoll knows how to trade. */
export const INSTRUMENTS: readonly Instrument[] = [
  BTC_USD,
  ETH_USD,
  EUR_USD,
  XAU_USD,
  ...['AAPL', 'AMZN', 'GOOG', 'GOOGL', 'PLTR', 'SPY'].map((base) =>
    instrumentOf(`${base}/USD`, 'EQUITY'),
  ),
];

/** The names an instrument goes by once separators and capitals are left out; a share is known by its ticker too. */
export const plainNamesOf = ({ id, base, assetClass }: Instrument): readonly string[] =>
  assetClass === 'EQUITY' ? [plainName(id), plainName(base)] : [plainName(id)];

/**
 * `BTC/USD`, `BTC-USD` and `btcusd` are one name. Looks among what is built in, or among those given.
 * Throws a sentence that lists the known names when there is no such instrument.
 */
export function instrumentByName(name: string, among = INSTRUMENTS): Instrument {
  const instrument = find(name, among);
  if (instrument !== undefined) return instrument;
  throw new Error(`"${name}" is not a known instrument; the known ones are ${listed(among)}`);
}

/** The instrument a file is named after: `btcusd-coinbase-4h.csv` holds BTC/USD, `aapl.csv` AAPL/USD. */
export function instrumentForFile(path: string, among = INSTRUMENTS): Instrument {
  const file = basename(path);
  const [token = '', next = ''] = file.split(/[-_. ]/);
  // A pair may itself be written with a separator, as in `BTC-USD-1h.csv`.
  const instrument = find(token, among) ?? find(token + next, among);
  if (instrument !== undefined) return instrument;
  throw new Error(
    `the file name "${file}" does not begin with a known instrument; the known ones are ${listed(among)}`,
  );
}

const find = (name: string, among: readonly Instrument[]): Instrument | undefined => {
  const plain = plainName(name);
  return among.find((instrument) => plainNamesOf(instrument).includes(plain));
};

const listed = (instruments: readonly Instrument[]): string =>
  instruments.map(({ id }) => id).join(', ');

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
