import { basename } from 'node:path';

import { instrumentId } from '../../domain/ids.ts';
import { type AssetClass, defineInstrument, type Instrument } from '../../domain/instrument.ts';
import { type DecimalText, money, price, quantity } from '../../domain/units.ts';

interface Steps {
  readonly assetClass: AssetClass;
  readonly tick: DecimalText;
  readonly lot: DecimalText;
  readonly minNotional: DecimalText;
  readonly unitsPerStandardLot: DecimalText;
}

const CRYPTO: Steps = {
  assetClass: 'CRYPTO',
  tick: '0.01',
  lot: '0.00000001',
  minNotional: '10',
  unitsPerStandardLot: '1',
};
const FX: Steps = {
  assetClass: 'FX',
  tick: '0.00001',
  lot: '1',
  minNotional: '1',
  unitsPerStandardLot: '100000',
};
const METAL: Steps = {
  assetClass: 'METAL',
  tick: '0.01',
  lot: '0.01',
  minNotional: '1',
  unitsPerStandardLot: '100',
};
const EQUITY: Steps = {
  assetClass: 'EQUITY',
  tick: '0.01',
  lot: '1',
  minNotional: '1',
  unitsPerStandardLot: '100',
};

const inDollars = (base: string, steps: Steps): Instrument =>
  defineInstrument({
    id: instrumentId(`${base}/USD`),
    base,
    quote: 'USD',
    assetClass: steps.assetClass,
    tick: price(steps.tick),
    lot: quantity(steps.lot),
    minNotional: money(steps.minNotional),
    unitsPerStandardLot: quantity(steps.unitsPerStandardLot),
  });

export const BTC_USD = inDollars('BTC', CRYPTO);
export const ETH_USD = inDollars('ETH', CRYPTO);
export const EUR_USD = inDollars('EUR', FX);
export const XAU_USD = inDollars('XAU', METAL);

/** Everything Plimsoll knows how to trade. */
export const INSTRUMENTS: readonly Instrument[] = [
  BTC_USD,
  ETH_USD,
  EUR_USD,
  XAU_USD,
  ...['AAPL', 'AMZN', 'GOOG', 'GOOGL', 'PLTR', 'SPY'].map((base) => inDollars(base, EQUITY)),
];

const KNOWN_NAMES = INSTRUMENTS.map((instrument) => instrument.id).join(', ');

/** `BTC/USD`, `BTC-USD` and `btcusd` are one name; a share is also known by its ticker alone. */
const BY_PLAIN_NAME: ReadonlyMap<string, Instrument> = new Map(
  INSTRUMENTS.flatMap((instrument): [string, Instrument][] => {
    const pair: [string, Instrument] = [plainName(instrument.id), instrument];
    return instrument.assetClass === 'EQUITY'
      ? [pair, [plainName(instrument.base), instrument]]
      : [pair];
  }),
);

/** Throws a sentence that lists the known names when there is no such instrument. */
export function instrumentByName(name: string): Instrument {
  const instrument = BY_PLAIN_NAME.get(plainName(name));
  if (instrument !== undefined) return instrument;
  throw new Error(`"${name}" is not a known instrument; the known ones are ${KNOWN_NAMES}`);
}

/** The instrument a file is named after: `btcusd-coinbase-4h.csv` holds BTC/USD, `aapl.csv` AAPL/USD. */
export function instrumentForFile(path: string): Instrument {
  const file = basename(path);
  const [token = '', next = ''] = file.split(/[-_. ]/);
  // A pair may itself be written with a separator, as in `BTC-USD-1h.csv`.
  const instrument =
    BY_PLAIN_NAME.get(plainName(token)) ?? BY_PLAIN_NAME.get(plainName(token + next));
  if (instrument !== undefined) return instrument;
  throw new Error(
    `the file name "${file}" does not begin with a known instrument; the known ones are ${KNOWN_NAMES}`,
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
