import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { BTC_USD } from '../instruments/instruments.ts';
import { download, type Trouble as Delay } from './download.ts';
import { BAR_MS, ScriptedProvider, TrueMarket, type Trouble } from './testing/scripted-provider.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const START = Date.UTC(2026, 0, 5);
const BARS = 60;
const NOW = START + BARS * BAR_MS + 20_000;

/** A store in memory, and downloads into it. */
class Shelf {
  readonly time = new VirtualTime(NOW);
  readonly market: TrueMarket;
  readonly stored = new Map<number, Candle>();
  readonly delays: Delay[] = [];

  constructor(isAbsent: (index: number) => boolean = () => false) {
    this.market = new TrueMarket(START, BARS + 30, 3, isAbsent);
  }

  get times(): readonly number[] {
    return [...this.stored.keys()].sort((a, b) => a - b);
  }

  /** Fetches bars `from` to `to`, and is stopped once so many answers were kept. */
  async fetch(
    from: number,
    to: number,
    stopAfter = Infinity,
    troubles: readonly Trouble[] = [],
  ): Promise<void> {
    const abort = new AbortController();
    const [firstMs, lastMs] = [this.times[0], this.times.at(-1)];
    const script = { name: 'far', troubles, lagMs: () => 0, bar: () => 'NEVER' as const };
    let kept = 0;
    const state = { ended: false };
    const fetching = download({
      provider: new ScriptedProvider(this.market, script, this.time),
      wanted: {
        instrument: BTC_USD,
        timeframe: '1m',
        fromMs: START + from * BAR_MS,
        toMs: START + to * BAR_MS,
      },
      stored: firstMs === undefined ? undefined : { firstMs, lastMs: lastMs! },
      outside: this.time,
      keep: (candles) => {
        for (const candle of candles) {
          if (this.stored.has(candle.openTimeMs)) throw new Error('a bar was fetched twice');
          this.stored.set(candle.openTimeMs, candle);
        }
        kept += 1;
        if (kept >= stopAfter) abort.abort();
      },
      onTrouble: (delay) => this.delays.push(delay),
      signal: abort.signal,
    }).finally(() => {
      state.ended = true;
    });
    const passing = (async () => {
      while (!state.ended) await this.time.advanceTo(this.time.now() + 1_000);
    })();
    await Promise.all([fetching, passing]);
  }

  /** The true bars that open in a span and had closed before the first download. */
  truth(fromMs: number, toMs: number): readonly number[] {
    return this.market
      .closedBy(NOW)
      .map(({ openTimeMs }) => openTimeMs)
      .filter((openTimeMs) => openTimeMs >= fromMs && openTimeMs < toMs);
  }
}

const at = (index: number): number => START + index * BAR_MS;

describe('a download', () => {
  test('fetches all closed bars of the span and no other', async () => {
    const shelf = new Shelf();
    await shelf.fetch(7, 33);
    expect(shelf.times).toEqual(shelf.truth(at(7), at(33)));
  });

  test('goes on behind what is stored, and fetches nothing twice', async () => {
    const shelf = new Shelf();
    await shelf.fetch(0, 40, 3);
    expect(shelf.times).toHaveLength(15);
    await shelf.fetch(0, 40);
    expect(shelf.times).toEqual(shelf.truth(at(0), at(40)));
  });

  test('fills what is older from the stored beginning backward', async () => {
    const shelf = new Shelf();
    await shelf.fetch(30, 40);
    await shelf.fetch(3, 40, 2);
    expect(shelf.times).toEqual(shelf.truth(at(20), at(40)));
    await shelf.fetch(3, 40);
    expect(shelf.times).toEqual(shelf.truth(at(3), at(40)));
  });

  test('does not look for bars before the first there ever was', async () => {
    const shelf = new Shelf((index) => index < 20);
    await shelf.fetch(30, 40);
    const before = shelf.time.now();
    await shelf.fetch(-5_000, 40);
    expect(shelf.times).toEqual(shelf.truth(at(20), at(40)));
    // One question for the oldest, and two for the bars: thousands of empty spans would take longer.
    expect(shelf.time.now() - before).toBeLessThan(5_000);
  });

  test('waits out what passes, as long as the provider asks for, and tells it', async () => {
    const shelf = new Shelf();
    const limited = { what: 'BOTH', fromMs: NOW, toMs: NOW + 2_500, kind: 'RATE_LIMITED' } as const;
    await shelf.fetch(0, 20, Infinity, [limited]);
    expect(shelf.times).toHaveLength(20);
    expect(shelf.delays.map(({ fault }) => fault.kind)).toEqual(['RATE_LIMITED']);
    expect(shelf.delays[0]!.waitMs).toBeGreaterThanOrEqual(3_000);
  });

  test.each([
    ['REFUSED', 0],
    ['NOT_OFFERED', 0],
    ['LOST', 7],
  ] as const)('gives up on %s after %d more tries', async (kind, tries) => {
    const shelf = new Shelf();
    const trouble = { what: 'BOTH', fromMs: 0, toMs: Infinity, kind } as const;
    await expect(shelf.fetch(0, 20, Infinity, [trouble])).rejects.toMatchObject({ kind });
    expect(shelf.delays).toHaveLength(tries);
  });
});

test('wherever it is stopped, what is stored is one piece, and in the end everything that was wanted', async () => {
  const run = fc.record({
    from: fc.integer({ min: -10, max: 50 }),
    length: fc.integer({ min: 1, max: 50 }),
    stopAfter: fc.integer({ min: 1, max: 6 }),
  });
  const absent = fc.array(fc.integer({ min: 0, max: BARS }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), run, absent, async (runs, last, missing) => {
      const shelf = new Shelf((index) => missing.includes(index));
      for (const { from, length, stopAfter } of runs) {
        await shelf.fetch(from, from + length, stopAfter);
        const { times } = shelf;
        if (times.length > 0)
          expect(times.filter((time) => time < at(BARS))).toEqual(
            shelf.truth(times[0]!, times.at(-1)! + 1),
          );
      }
      await shelf.fetch(last.from, last.from + last.length);
      const wanted = shelf.truth(at(last.from), at(last.from + last.length));
      expect(shelf.times).toEqual(expect.arrayContaining([...wanted]));
    }),
    { numRuns: 60 },
  );
});
