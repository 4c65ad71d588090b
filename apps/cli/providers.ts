/** Who gives market data, by the name that people type: `twelvedata`, `polygon`, or an exchange of ccxt. */
import { join } from 'node:path';
import type { Instrument } from '../../domain/instrument.ts';
import { type CcxtProvider, ccxtProvider } from '../../market/feeds/ccxt/ccxt-provider.ts';
import { polygonProvider } from '../../market/feeds/polygon/polygon-provider.ts';
import type { MarketProvider, Outside } from '../../market/feeds/provider.ts';
import { sharedBudget } from '../../market/feeds/request-budget.ts';
import { twelveDataProvider } from '../../market/feeds/twelvedata/twelvedata-provider.ts';
import {
  readInstrumentBook,
  writeInstrumentBook,
} from '../../market/instruments/instrument-file.ts';
import { instrumentByName } from '../../market/instruments/instruments.ts';
import { openCandles } from '../candle-store.ts';
import { knownInstruments } from '../instruments.ts';
import { BadInput, reading } from './errors.ts';

/** A provider, and the instrument as it trades there. */
export interface Source {
  readonly provider: MarketProvider;
  readonly instrument: Instrument;
}

export interface SourceOptions {
  readonly instrument: string;
  readonly outside: Outside;
  readonly candlesDir?: string | undefined;
  /** Instead of the provider's own addresses. */
  readonly baseUrl?: string | undefined;
}

/** Those with a key, and how many requests a minute their free plan allows. */
const KEYED = {
  twelvedata: { key: 'TWELVEDATA_API_KEY', requestsPerMinute: 8, open: twelveDataProvider },
  polygon: { key: 'POLYGON_API_KEY', requestsPerMinute: 5, open: polygonProvider },
} as const;

const isKeyed = (name: string): name is keyof typeof KEYED => Object.hasOwn(KEYED, name);

/** Rejects with `BadInput` for a missing key, and with `ProviderFault` for what the provider does not have. */
export async function openSource(name: string, options: SourceOptions): Promise<Source> {
  const { instrument, candlesDir, outside, baseUrl } = options;
  const addresses = baseUrl === undefined ? {} : { baseUrl };
  if (!isKeyed(name)) {
    const provider = await ccxtProvider({ exchangeId: name, outside, ...addresses });
    return { provider, instrument: await listed(provider, options) };
  }
  const found = reading(() => instrumentByName(instrument, knownInstruments(candlesDir)));
  const { key, requestsPerMinute, open } = KEYED[name];
  const apiKey = process.env[key] ?? '';
  if (apiKey === '') throw new BadInput(`${name} wants a key; put it into ${key}`);
  const budget = sharedBudget({
    // One for all processes of this machine that use the key.
    path: join(openCandles(candlesDir).folder, 'budgets', `${name}.json`),
    outside,
    requestsMax: requestsPerMinute,
  });
  const streams = baseUrl === undefined ? {} : { streamUrl: baseUrl.replace(/^http/, 'ws') };
  return {
    provider: open({ apiKey, outside, budget, ...addresses, ...streams }),
    instrument: found,
  };
}

/** What the exchange says of the instrument now is written down: next year it may say something else. */
async function listed(
  provider: CcxtProvider,
  { instrument, candlesDir }: SourceOptions,
): Promise<Instrument> {
  const terms = await provider.terms(instrument.toUpperCase());
  const { folder } = openCandles(candlesDir);
  const book = readInstrumentBook(folder);
  const { id } = terms.instrument;
  const before = book.termsAt(id, terms.validFromMs);
  if (before !== undefined && isSame(before.instrument, terms.instrument)) return before.instrument;
  writeInstrumentBook(folder, book.with(terms));
  return terms.instrument;
}

const isSame = (one: Instrument, other: Instrument): boolean =>
  (['tick', 'lot', 'minNotional'] as const).every((name) => one[name] === other[name]);
