import { type Candle, TIMEFRAME_MS } from '../../../domain/candle.ts';
import { candlePages } from '../asking/candle-pages.ts';
import {
  type MarketProvider,
  type Outside,
  ProviderFault,
  type Subscription,
} from '../provider.ts';

/** Nights and weekends hold no bars; this many times the wanted span is looked through at most. */
const LOOK_BACK_MAX = 16;

export interface HistoryRequest extends Subscription {
  readonly bars: number;
  /** The last bar closes here or before. */
  readonly endMs: number;
}

/** The last closed bars before an instant, from the first provider that gives them. */
export async function loadHistory(
  providers: readonly MarketProvider[],
  request: HistoryRequest,
  outside: Outside,
  signal: AbortSignal,
): Promise<readonly Candle[]> {
  if (!Number.isInteger(request.bars) || request.bars < 0) {
    throw new Error(`historyBars ${request.bars} must be a whole number, 0 or more`);
  }
  const faults: ProviderFault[] = [];
  for (const provider of providers) {
    try {
      return await historyOf(provider, request, outside, signal);
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      faults.push(error);
    }
  }
  throw new Error(
    `no provider gave the history of ${request.instrument.id} ${request.timeframe}: ` +
      faults.map(({ message }) => message).join('; '),
    { cause: faults[0] },
  );
}

async function historyOf(
  provider: MarketProvider,
  { instrument, timeframe, bars, endMs }: HistoryRequest,
  outside: Outside,
  signal: AbortSignal,
): Promise<readonly Candle[]> {
  const spanMs = TIMEFRAME_MS[timeframe];
  const found: Candle[] = [];
  let toMs = endMs;
  for (let times = 1; found.length < bars && times <= LOOK_BACK_MAX; times *= 2) {
    const fromMs = Math.max(0, endMs - times * bars * spanMs);
    const earlier: Candle[] = [];
    const request = { instrument, timeframe, fromMs, toMs };
    for await (const page of candlePages(provider, request, outside, signal))
      earlier.push(...page.filter(({ openTimeMs }) => openTimeMs + spanMs <= endMs));
    found.unshift(...earlier);
    toMs = fromMs;
  }
  return bars === 0 ? [] : found.slice(-bars);
}
