import type { Candle } from '../../../domain/candle.ts';
import { seededRandom } from '../../../domain/random.ts';
import {
  type CandleRequest,
  type MarketProvider,
  type Outside,
  ProviderFault,
  type ProviderFaultKind,
  type StreamNews,
  type Subscription,
} from '../provider.ts';

export const BAR_MS = 60_000;
export const PRINT_MS = 10_000;

/** While it lasts, everything that `what` names fails as `kind`. */
export interface Trouble {
  readonly what: 'CANDLES' | 'STREAM' | 'BOTH';
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: ProviderFaultKind;
}

export interface Script {
  readonly name: string;
  readonly troubles: readonly Trouble[];
  /** How late each bar appears among the candles; never before one that opened earlier. */
  readonly lagMs: (index: number) => number;
  /** What the stream does about the bar of an index. */
  readonly bar: (index: number) => 'ONCE' | 'TWICE' | 'NEVER' | 'GAP';
  /** Stays silent between these instants, without breaking. */
  readonly silent?: readonly [fromMs: number, toMs: number];
}

/** A market whose truth is known: some of its bars never were, because nobody traded. */
export class TrueMarket {
  readonly startMs: number;
  readonly bars: readonly (Candle | undefined)[];

  constructor(startMs: number, count: number, seed: number, isAbsent: (index: number) => boolean) {
    const random = seededRandom(seed);
    this.startMs = startMs;
    this.bars = Array.from({ length: count }, (_, index) => {
      const [open, close] = [90 + 20 * random.next(), 90 + 20 * random.next()];
      const high = Math.max(open, close) + random.next();
      const low = Math.min(open, close) - random.next();
      const openTimeMs = startMs + index * BAR_MS;
      return isAbsent(index) ? undefined : { openTimeMs, open, high, low, close, volume: 1 };
    });
  }

  indexAt(ms: number): number {
    return Math.floor((ms - this.startMs) / BAR_MS);
  }

  /** The bars that closed by then. */
  closedBy(ms: number): readonly Candle[] {
    return this.bars.filter(
      (bar) => bar !== undefined && bar.openTimeMs + BAR_MS <= ms,
    ) as Candle[];
  }
}

/** A provider that shows a true market, with whatever trouble its script has. */
export class ScriptedProvider implements MarketProvider {
  readonly candlesPerRequestMax = 5;
  readonly #market: TrueMarket;
  readonly #script: Script;
  readonly #outside: Outside;
  readonly #visibleAtMs: readonly number[];

  constructor(market: TrueMarket, script: Script, outside: Outside) {
    this.#market = market;
    this.#script = script;
    this.#outside = outside;
    let latestMs = -Infinity;
    this.#visibleAtMs = market.bars.map((_, index) => {
      const closeMs = market.startMs + (index + 1) * BAR_MS;
      return (latestMs = Math.max(latestMs, closeMs + script.lagMs(index)));
    });
  }

  get name(): string {
    return this.#script.name;
  }

  async candles(request: CandleRequest, signal: AbortSignal): Promise<readonly Candle[]> {
    await this.#outside.sleep(150, signal);
    this.#fail('CANDLES');
    if (signal.aborted) throw new ProviderFault(this.name, 'LOST', 'given up');
    const nowMs = this.#outside.now();
    const forming = this.#market.indexAt(nowMs);
    return this.#market.bars
      .filter((bar, index): bar is Candle => {
        if (bar === undefined) return false;
        if (bar.openTimeMs < request.fromMs || bar.openTimeMs >= request.toMs) return false;
        // Careless on purpose: the bar that is forming is in the answer, too.
        return index === forming || this.#visibleAtMs[index]! <= nowMs;
      })
      .slice(0, this.candlesPerRequestMax);
  }

  async *stream(_: Subscription, signal: AbortSignal): AsyncGenerator<StreamNews> {
    await this.#outside.sleep(50, signal);
    this.#fail('STREAM');
    yield { kind: 'ALIVE' };
    while (!signal.aborted) {
      const nowMs = this.#outside.now();
      const nextMs = (Math.floor(nowMs / PRINT_MS) + 1) * PRINT_MS;
      await this.#outside.sleep(nextMs - nowMs, signal);
      if (signal.aborted) return;
      this.#fail('STREAM');
      const [from = Infinity, to = Infinity] = this.#script.silent ?? [];
      if (nextMs < from || nextMs >= to) yield* this.#newsAt(nextMs);
    }
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  *#newsAt(atMs: number): Generator<StreamNews> {
    const index = this.#market.indexAt(atMs);
    if (atMs === this.#market.startMs + index * BAR_MS) yield* this.#barNews(index - 1);
    const bar = this.#market.bars[index];
    if (bar === undefined) return;
    const price = atMs % 20_000 === 0 ? bar.low : bar.high;
    yield { kind: 'TICK', atMs, price };
    yield { kind: 'QUOTE', atMs: atMs + 1, bid: price, ask: price };
    // A print that took its time.
    yield { kind: 'TICK', atMs: atMs - 15_000, price: bar.open };
  }

  *#barNews(index: number): Generator<StreamNews> {
    const candle = this.#market.bars[index];
    const what = this.#script.bar(index);
    if (candle === undefined || what === 'NEVER') return;
    if (what === 'GAP') yield { kind: 'GAP', because: 'a number is missing' };
    else yield { kind: 'BAR', candle };
    if (what === 'TWICE') yield { kind: 'BAR', candle };
  }

  #fail(what: 'CANDLES' | 'STREAM'): void {
    const nowMs = this.#outside.now();
    const trouble = this.#script.troubles.find(
      (one) => nowMs >= one.fromMs && nowMs < one.toMs && [what, 'BOTH'].includes(one.what),
    );
    if (trouble === undefined) return;
    const options = trouble.kind === 'RATE_LIMITED' ? { retryAfterMs: 3_000 } : {};
    throw new ProviderFault(this.name, trouble.kind, `out of order (${what})`, options);
  }
}
