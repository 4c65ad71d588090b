import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import { backoffMs } from './asking/backoff.ts';
import { candlePage } from './asking/candle-pages.ts';
import { type CandleRequest, isPassing, type MarketProvider } from './provider.ts';
import { type Outside, ProviderFault } from './provider.ts';

/** So many failures on end, and it is given up. */
const TRIES_MAX = 8;
const NEVER = new AbortController().signal;

/** A request failed, and is made again after a while. */
export interface Trouble {
  readonly fault: ProviderFault;
  readonly waitMs: number;
}

export interface DownloadOptions {
  readonly provider: MarketProvider;
  readonly wanted: CandleRequest;
  /** Open of the first and the last bar that are there already. */
  readonly stored: { readonly firstMs: number; readonly lastMs: number } | undefined;
  readonly outside: Outside;
  /** An answer's bars, which lie before, behind or next to those that were kept, and leave out none. */
  readonly keep: (candles: readonly Candle[]) => void;
  readonly onTrouble: (trouble: Trouble) => void;
  /** Stops it after the answer at hand. */
  readonly signal: AbortSignal;
}

/**
 * Fetches what is wanted and not stored: what is newer from the stored end forward, what is older from the
 * stored beginning backward. Whenever it ends, what was kept is one piece, and the next download goes on
 * where this one ended. Throws the provider's fault when trying again does not help.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { wanted, stored } = options;
  const spanMs = TIMEFRAME_MS[wanted.timeframe];
  const { fromMs, toMs } = wanted;
  if (stored === undefined) return fetchForward(options, { ...wanted, fromMs, toMs });
  if (fromMs < stored.firstMs) await fetchBackward(options, { ...wanted, toMs: stored.firstMs });
  await fetchForward(options, { ...wanted, fromMs: stored.lastMs + spanMs });
}

async function fetchForward(options: DownloadOptions, request: CandleRequest): Promise<void> {
  const spanMs = TIMEFRAME_MS[request.timeframe];
  const { toMs } = request;
  let { fromMs } = request;
  while (fromMs < toMs && fromMs + spanMs <= options.outside.now() && !options.signal.aborted) {
    const page = await insist(options, { ...request, fromMs });
    const last = page.at(-1);
    if (last === undefined) return;
    options.keep(page);
    fromMs = last.openTimeMs + spanMs;
  }
}

/** Answers hold the oldest bars of what was asked, so it is asked for in spans that fit one answer. */
async function fetchBackward(options: DownloadOptions, request: CandleRequest): Promise<void> {
  if (options.signal.aborted) return;
  const spanMs = TIMEFRAME_MS[request.timeframe];
  const answerMs = options.provider.candlesPerRequestMax * spanMs;
  // Before the first bar there is nothing to be fetched, and it may lie long after what is wanted.
  const [oldest] = await insist(options, request);
  if (oldest === undefined) return;
  let { toMs } = request;
  while (toMs > oldest.openTimeMs && !options.signal.aborted) {
    const fromMs = Math.max(oldest.openTimeMs, toMs - answerMs);
    const page = await insist(options, { ...request, fromMs, toMs });
    if (page.length > 0) options.keep(page);
    toMs = fromMs;
  }
}

/** Asks until there is an answer; faults that may pass are waited out. */
async function insist(
  { provider, outside, onTrouble, signal }: DownloadOptions,
  request: CandleRequest,
): Promise<readonly Candle[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await candlePage(provider, request, outside, NEVER);
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      if (!isPassing(error.kind) || tries >= TRIES_MAX || signal.aborted) throw error;
      const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(tries, outside.random));
      onTrouble({ fault: error, waitMs });
      await outside.sleep(waitMs, signal);
    }
  }
}
