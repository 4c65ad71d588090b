/** Who gives market data, by the name that people type: `twelvedata`, `polygon`, or an exchange of ccxt. */
import { join } from 'node:path';
import { instrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { type CcxtProvider, ccxtProvider } from '../../market/feeds/ccxt/ccxt-provider.ts';
import { polygonProvider } from '../../market/feeds/polygon/polygon-provider.ts';
import {
  isPassing,
  type MarketProvider,
  type Outside,
  ProviderFault,
} from '../../market/feeds/provider.ts';
import { sharedBudget, UNLIMITED_REQUESTS } from '../../market/feeds/budget/request-budget.ts';
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
  twelvedata: { prefix: 'TWELVEDATA', requestsPerMinute: 8, open: twelveDataProvider },
  polygon: { prefix: 'POLYGON', requestsPerMinute: 5, open: polygonProvider },
} as const;

const isKeyed = (name: string): name is keyof typeof KEYED => Object.hasOwn(KEYED, name);

/**
 * Rejects with `BadInput` for what cannot be used however often it is tried: a name that nobody has, a
 * missing key, an instrument that does not trade there. A provider that is out of order is a `ProviderFault`.
 */
export async function openSource(name: string, options: SourceOptions): Promise<Source> {
  const { provider, instrument } = await openProvider(name, options);
  try {
    return { provider, instrument: await instrument() };
  } catch (error) {
    await provider.close();
    throw error;
  }
}

const isWebAddress = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);

/** A provider nobody has asked anything yet. */
export interface UnaskedSource {
  readonly provider: MarketProvider;
  /** The instrument as it trades there; rejects as `openSource` does. */
  instrument(): Promise<Instrument>;
}

export async function openProvider(name: string, options: SourceOptions): Promise<UnaskedSource> {
  const { instrument, candlesDir, outside, baseUrl } = options;
  if (baseUrl !== undefined && !isWebAddress(baseUrl))
    throw new BadInput(`the address "${baseUrl}" must be one such as http://127.0.0.1:8080`);
  const addresses = baseUrl === undefined ? {} : { baseUrl };
  if (!isKeyed(name)) {
    const provider = await exchange(name, { outside, ...addresses });
    return { provider, instrument: () => listed(provider, options) };
  }
  const found = reading(() => instrumentByName(instrument, knownInstruments(candlesDir)));
  const { prefix, requestsPerMinute, open } = KEYED[name];
  const key = `${prefix}_API_KEY`;
  const apiKey = process.env[key] ?? '';
  if (apiKey === '') throw new BadInput(`${name} wants a key; put it into ${key}`);
  const requestsMax = requestsOf(`${prefix}_REQUESTS_PER_MINUTE`, requestsPerMinute);
  const budget =
    requestsMax === undefined
      ? UNLIMITED_REQUESTS
      : sharedBudget({
          // One for all processes of this machine that use the key.
          path: join(openCandles(candlesDir).folder, 'budgets', `${name}.json`),
          outside,
          requestsMax,
        });
  const streams = baseUrl === undefined ? {} : { streamUrl: baseUrl.replace(/^http/, 'ws') };
  return {
    provider: open({ apiKey, outside, budget, ...addresses, ...streams }),
    instrument: () => Promise.resolve(found),
  };
}

/** How many requests a minute the plan allows; undefined when it has no limit. */
function requestsOf(variable: string, free: number): number | undefined {
  const said = process.env[variable] ?? '';
  if (said === '') return free;
  if (said === 'unlimited') return undefined;
  const requests = /^\d{1,6}$/.test(said) ? Number(said) : 0;
  if (requests > 0) return requests;
  throw new BadInput(`${variable} "${said}" must be a whole number above 0, or unlimited`);
}

/** Nobody is asked anything here, so whatever is wrong is wrong with the name. */
async function exchange(
  exchangeId: string,
  options: { readonly outside: Outside; readonly baseUrl?: string },
): Promise<CcxtProvider> {
  try {
    return await ccxtProvider({ exchangeId, ...options });
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

/**
 * What the exchange says of the instrument now is written down: next year it may say something else, and
 * while it is out of order what was written down last has to do.
 */
async function listed(
  provider: CcxtProvider,
  { instrument, candlesDir, outside }: SourceOptions,
): Promise<Instrument> {
  const name = instrument.toUpperCase();
  const { folder } = openCandles(candlesDir);
  const book = readInstrumentBook(folder);
  const terms = await provider.terms(name).catch((error: unknown) => {
    if (!(error instanceof ProviderFault)) throw error;
    if (!isPassing(error.kind)) throw new BadInput(error.message);
    const known = book.termsAt(instrumentId(name), outside.now());
    if (known === undefined) throw error;
    return known;
  });
  const { id } = terms.instrument;
  const before = book.termsAt(id, terms.validFromMs);
  if (before !== undefined && isSame(before.instrument, terms.instrument)) return before.instrument;
  writeInstrumentBook(folder, book.with(terms));
  return terms.instrument;
}

const isSame = (one: Instrument, other: Instrument): boolean =>
  (['tick', 'lot', 'minNotional'] as const).every((name) => one[name] === other[name]);
