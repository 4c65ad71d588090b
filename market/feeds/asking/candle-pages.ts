import { type Candle, TIMEFRAME_MS } from '../../../domain/candle.ts';
import { inTime } from './in-time.ts';
import { barFault } from './price-fault.ts';
import {
  type CandleRequest,
  type MarketProvider,
  type Outside,
  ProviderFault,
} from '../provider.ts';

/**
 * One answer. What an adapter promises is looked at again here, because everything after it believes what
 * it is told: a bar that is not sound or out of order is GARBLED, and one whose time is not over is left out.
 */
export async function candlePage(
  provider: MarketProvider,
  request: CandleRequest,
  outside: Outside,
  signal: AbortSignal,
): Promise<readonly Candle[]> {
  const page = await inTime(provider.name, outside, signal, (giveUp) =>
    provider.candles(request, giveUp),
  );
  checkPage(provider.name, page, request);
  const overBy = outside.now() - TIMEFRAME_MS[request.timeframe];
  return page.filter(({ openTimeMs }) => openTimeMs <= overBy);
}

/** The closed bars of a span, answer by answer, oldest first. */
export async function* candlePages(
  provider: MarketProvider,
  request: CandleRequest,
  outside: Outside,
  signal: AbortSignal,
): AsyncGenerator<readonly Candle[], void> {
  const spanMs = TIMEFRAME_MS[request.timeframe];
  let { fromMs } = request;
  while (fromMs < request.toMs && fromMs + spanMs <= outside.now()) {
    const page = await candlePage(provider, { ...request, fromMs }, outside, signal);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    fromMs = last.openTimeMs + spanMs;
  }
}

function checkPage(
  name: string,
  page: readonly Candle[],
  { instrument, fromMs, toMs }: CandleRequest,
): void {
  let afterMs = fromMs - 1;
  for (const candle of page) {
    const fault = barFault(candle, instrument.tick) ?? placeFault(candle.openTimeMs, afterMs, toMs);
    if (fault !== undefined) throw new ProviderFault(name, 'GARBLED', `a bar's ${fault}`);
    afterMs = candle.openTimeMs;
  }
}

function placeFault(openTimeMs: number, afterMs: number, toMs: number): string | undefined {
  if (openTimeMs > afterMs && openTimeMs < toMs) return undefined;
  return `time ${openTimeMs} should lie after ${afterMs} and before ${toMs}, as was asked`;
}
