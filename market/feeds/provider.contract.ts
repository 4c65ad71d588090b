/** What every provider owes the feed; each adapter's integration test calls this with its own server. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Candle, candleFault, TIMEFRAME_MS } from '../../domain/candle.ts';
import {
  type CandleRequest,
  type MarketProvider,
  ProviderFault,
  type ProviderFaultKind,
  type StreamNews,
  type Subscription,
} from './provider.ts';

/** A provider in front of a server that the test owns. */
export interface ProviderBench {
  readonly provider: MarketProvider;
  readonly subscription: Subscription;
  /**
   * The server's closed bars, oldest first, without a hole, and more of them than one answer takes. The
   * provider's clock stands inside the bar after the last, and the server answers with that one too.
   */
  readonly closed: readonly Candle[];
  /** Each makes the server's next answer to a request for candles one that means this. */
  readonly faults: Readonly<Partial<Record<ProviderFaultKind, () => void>>>;
  /**
   * The server takes the next request for candles and never answers it. The request is given up once the
   * promise resolves, which says that it was taken, or at once where a bench cannot tell.
   */
  stall(): Promise<void> | void;
  /** Resolves when somebody is subscribed to the prints of the subscription's instrument. */
  subscribed(): Promise<void>;
  /** Something is traded, and the server tells who is subscribed. */
  print(atMs: number, price: number): void;
  /** The server cuts the line of everybody who is subscribed. */
  dropStream(): void;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;

export function providerContract(
  name: string,
  open: () => Promise<ProviderBench>,
  /** The faults that the bench can play. */
  kinds: readonly ProviderFaultKind[],
): void {
  describe(`${name} keeps the provider contract`, () => {
    let bench: ProviderBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    const spanMs = (): number => TIMEFRAME_MS[bench.subscription.timeframe];
    const request = (fromMs: number, toMs: number): CandleRequest => ({
      ...bench.subscription,
      fromMs,
      toMs,
    });
    const ask = (fromMs: number, toMs: number, signal = NEVER): Promise<readonly Candle[]> =>
      bench.provider.candles(request(fromMs, toMs), signal);
    const openAt = (index: number): number => bench.closed.at(index)!.openTimeMs;

    describe('candles', () => {
      test('are the closed bars that open in the span, oldest first', async () => {
        const candles = await ask(openAt(3), openAt(8));
        expect(candles).toEqual(bench.closed.slice(3, 8));
        expect(candles.map(candleFault).filter((fault) => fault !== undefined)).toEqual([]);
      });

      test('never include the bar that is forming', async () => {
        const farAhead = openAt(-1) + 50 * spanMs();
        expect(await ask(openAt(-3), farAhead)).toEqual(bench.closed.slice(-3));
      });

      test('are the oldest of the span when there are more than fit an answer', async () => {
        const { closed, provider } = bench;
        expect(closed.length).toBeGreaterThan(provider.candlesPerRequestMax);
        const gathered: Candle[] = [];
        for (let fromMs = openAt(0); ; fromMs = gathered.at(-1)!.openTimeMs + spanMs()) {
          const page = await ask(fromMs, openAt(-1) + spanMs());
          expect(page.length).toBeLessThanOrEqual(provider.candlesPerRequestMax);
          if (page.length === 0) break;
          gathered.push(...page);
        }
        expect(gathered).toEqual(closed);
      });

      test('are none where the span holds none', async () => {
        expect(await ask(openAt(0) - 10 * spanMs(), openAt(0))).toEqual([]);
        expect(await ask(openAt(-1) + spanMs(), openAt(-1) + 9 * spanMs())).toEqual([]);
      });

      test.each(kinds)('fail as %s, and can be asked for again', async (kind) => {
        bench.faults[kind]!();
        const fault = await ask(openAt(0), openAt(2)).catch((error: unknown) => error);
        expect(fault).toBeInstanceOf(ProviderFault);
        expect(fault).toMatchObject({ kind, provider: bench.provider.name });
        expect(await ask(openAt(0), openAt(2))).toEqual(bench.closed.slice(0, 2));
      });

      test('that nobody waits for any more are given up', async () => {
        const taken = bench.stall();
        const abort = new AbortController();
        const asked = ask(openAt(0), openAt(2), abort.signal);
        await taken;
        abort.abort();
        await expect(asked).rejects.toBeInstanceOf(Error);
        expect(await ask(openAt(0), openAt(2))).toEqual(bench.closed.slice(0, 2));
      });
    });

    describe('the stream', () => {
      const nowMs = (): number => openAt(-1) + spanMs();

      test('tells every print with its time and price, in the order of the server', async () => {
        const abort = new AbortController();
        const listener = new Listener(bench, abort.signal);
        await bench.subscribed();
        for (let i = 1; i <= 5; i++) bench.print(nowMs() + i, 100 + i);
        expect(await listener.ticks(5)).toEqual(
          [1, 2, 3, 4, 5].map((i) => ({ kind: 'TICK', atMs: nowMs() + i, price: 100 + i })),
        );
        abort.abort();
        await expect(listener.ended).resolves.toBeUndefined();
      });

      test('that is cut throws LOST, and another can be opened', async () => {
        const cut = new Listener(bench, NEVER);
        await bench.subscribed();
        bench.dropStream();
        expect(await cut.ended).toMatchObject({ name: 'ProviderFault', kind: 'LOST' });
        const abort = new AbortController();
        const next = new Listener(bench, abort.signal);
        await bench.subscribed();
        bench.print(nowMs() + 7, 107);
        expect(await next.ticks(1)).toEqual([{ kind: 'TICK', atMs: nowMs() + 7, price: 107 }]);
        abort.abort();
        await expect(next.ended).resolves.toBeUndefined();
      });

      test('that nobody wants before it is open is never opened', async () => {
        const { ended } = new Listener(bench, AbortSignal.abort());
        await expect(ended).resolves.toBeUndefined();
      });
    });
  });
}

/** Somebody who reads a stream and keeps what was said. */
class Listener {
  readonly #heard: StreamNews[] = [];
  #tell: () => void = () => undefined;
  /** Resolves with what the stream threw, or with nothing when it returned. */
  readonly ended: Promise<unknown>;

  constructor({ provider, subscription }: ProviderBench, signal: AbortSignal) {
    this.ended = this.#read(provider.stream(subscription, signal)).catch((error: unknown) => error);
  }

  /** The first prints, once there are so many. */
  async ticks(count: number): Promise<readonly StreamNews[]> {
    for (;;) {
      const ticks = this.#heard.filter(({ kind }) => kind === 'TICK');
      if (ticks.length >= count) return ticks.slice(0, count);
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }

  async #read(stream: AsyncIterable<StreamNews>): Promise<undefined> {
    for await (const news of stream) {
      this.#heard.push(news);
      this.#tell();
    }
    return undefined;
  }
}
