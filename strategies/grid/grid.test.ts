import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import { seededRandom } from '../../domain/random.ts';
import type { Direction, Opinion, Signal } from '../../domain/signal.ts';
import { readCandles } from '../../market/candles/csv-candles.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import { resample } from '../../market/candles/resample.ts';
import { LIMITS } from '../../risk-kernel/limits.ts';
import { describeWithData } from '../../tests/support/data.ts';
import { checkSignals } from '../authoring/check-signals.ts';
import { countSides, opinionsOn, signalsAmong, strategyContract } from '../strategy.contract.ts';
import { signOf } from '../trade-plan.ts';
import { DirectionalGate } from './directional-gate.ts';
import { grid } from './grid.ts';

strategyContract(grid);

const BAR_MS = TIMEFRAME_MS['15m'];
/** A shorter gate, so that the markets made by hand need not be so long. */
const quick = grid.with({ adxBars: 5 });

function barsOf(changes: readonly number[]): readonly Candle[] {
  let close = 100;
  return changes.map((change, i) => {
    const open = close;
    close *= 1 + change;
    return {
      openTimeMs: i * BAR_MS,
      open,
      high: Math.max(open, close) * 1.0001,
      low: Math.min(open, close) * 0.9999,
      close,
      volume: 1,
    };
  });
}

const times = (count: number, ...changes: readonly number[]): readonly number[] =>
  Array.from({ length: count }, () => changes).flat();
const mirrored = (changes: readonly number[]): readonly number[] =>
  changes.map((change) => -change);
const opinionsAfter = (strategy: typeof grid, changes: readonly number[]): readonly Opinion[] =>
  opinionsOn(strategy, GrowableSeries.of(barsOf(changes)), '15m');

/** Quiet about a price of 100 until a generation has just begun: nine days of bars and ten more. */
const CALM = times(437, 0.0005, -0.0005);
const LEVEL_GAP = 0.006;

describe.each<[Direction, (changes: readonly number[]) => readonly number[]]>([
  ['LONG', (changes) => changes],
  ['SHORT', mirrored],
])('a %s', (direction, onSide) => {
  const sign = signOf(direction);
  const after = (...changes: readonly number[]): readonly Opinion[] =>
    opinionsAfter(quick, [...CALM, ...onSide(changes)]);
  const last = (opinions: readonly Opinion[]): Opinion => opinions.at(-1)!;
  const lastSignal = (opinions: readonly Opinion[]): Signal => {
    const opinion = last(opinions);
    if (opinion.kind !== 'SIGNAL') throw new Error(`no signal but ${opinion.because}`);
    return opinion;
  };

  test('comes with the close that crosses the first level away from the centre', () => {
    const before = after(-0.004);
    expect(last(before)).toMatchObject({ because: 'no level was crossed away from the centre' });
    const signal = lastSignal(after(-0.004, -0.004));
    const centre = signal.evidence.find(({ id }) => id === 'grid.centre')!.value;
    expect(centre).toBeCloseTo(100, 0);
    expect(signal.direction).toBe(direction);
    // Level −1, and the target two levels back from it.
    expect(signal.target).toBeCloseTo(centre * (1 + LEVEL_GAP) ** sign, 9);
    expect((signal.target - signal.entry) / (signal.entry - signal.stop)).toBeCloseTo(2, 9);
    expect(signal.management).toMatchObject({ closeOnSignal: true });
  });

  test('adds at the next level where that leaves room to the entry and to the stop', () => {
    const near = lastSignal(after(-0.0063));
    expect(near.management?.adds).toBeUndefined();
    const deep = lastSignal(after(-0.0085));
    expect(deep.management?.adds).toHaveLength(1);
    const [add] = deep.management!.adds!;
    const centre = deep.evidence.find(({ id }) => id === 'grid.centre')!.value;
    expect(add!.price).toBeCloseTo(centre * (1 + LEVEL_GAP) ** (-2 * sign), 9);
    expect(add!.ratio).toBe(1);
    const none = opinionsAfter(quick.with({ addsMax: 0 }), [...CALM, ...onSide([-0.0085])]);
    expect(lastSignal(none).management?.adds).toBeUndefined();
  });

  test('is not repeated by a price that hovers about its level', () => {
    const opinions = after(-0.0075, 0.003, -0.003, 0.003, -0.003);
    expect(signalsAmong(opinions)).toHaveLength(1);
    expect(last(opinions)).toMatchObject({
      because: 'this level has signalled and price has not left it since',
    });
  });

  test('comes again, under another name, once price has left its level by a level', () => {
    const opinions = after(-0.0075, 0.009, -0.009);
    const names = signalsAmong(opinions).map(({ setupId }) => setupId);
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/:0$/);
    expect(names[1]).toBe(names[0]!.replace(/:0$/, ':1'));
  });

  test('belongs to a generation of levels, and a new one begins when its time has come', () => {
    const opinions = after(-0.0075, ...times(60, 0.0005, -0.0005), -0.0075);
    const generations = signalsAmong(opinions).map(({ setupId }) => Number(setupId.split(':')[2]));
    expect(generations).toHaveLength(2);
    expect(Math.floor(generations[1]! / (96 * BAR_MS))).toBe(
      Math.floor(generations[0]! / (96 * BAR_MS)) + 1,
    );
  });

  test('is given only where its side is wanted', () => {
    const wanted = quick.with({ direction: direction.toLowerCase() });
    const other = quick.with({ direction: direction === 'LONG' ? 'short' : 'long' });
    const changes = [...CALM, ...onSide([-0.0075])];
    expect(countSides(opinionsAfter(wanted, changes))).toEqual(countSides(after(-0.0075)));
    expect(last(opinionsAfter(other, changes))).toMatchObject({
      because: 'this side is switched off',
    });
  });

  test('is not given on the way back to the centre', () => {
    const opinions = after(-0.0075, ...times(4, 0.003));
    expect(signalsAmong(opinions)).toHaveLength(1);
  });
});

test('before the gate has settled it says that it is warming up', () => {
  const opinions = opinionsAfter(quick, [...CALM.slice(0, quick.warmupBars - 2), -0.0075, -0.0075]);
  expect(opinions.at(-2)).toMatchObject({ because: 'warming up' });
  expect(opinions.at(-1)).toMatchObject({ kind: 'SIGNAL' });
});

describe('the trend of four hours', () => {
  const random = seededRandom(3);
  const changes = Array.from(
    { length: 24_000 },
    (_, i) => 0.003 * (2 * random.next() - 1) + 0.0004 * Math.sin(i / 700),
  );
  const bars = barsOf(changes);
  const opinions = opinionsOn(grid, GrowableSeries.of(bars), '15m');
  const gate = new DirectionalGate(BAR_MS, { adxBars: 28, adxMin: 20 });
  const states = bars.map((bar) => gate.push(bar));
  const told = [...opinions.entries()].filter(([i]) => i + 1 >= grid.warmupBars);

  test('forbids what stands against its full force', () => {
    const inFavour = told.flatMap(([i, opinion]) =>
      opinion.kind === 'SIGNAL' ? states[i]! * signOf(opinion.direction) : [],
    );
    expect(inFavour.length).toBeGreaterThan(100);
    expect(Math.min(...inFavour)).toBe(-1);
    const unguarded = opinionsOn(grid.with({ trendClose: false }), GrowableSeries.of(bars), '15m');
    expect(unguarded).toContainEqual(
      expect.objectContaining({ because: 'the trend of four hours is strong against it' }),
    );
  });

  test('closes what stands against its full force, whenever nothing is entered', () => {
    for (const [i, opinion] of told) {
      if (opinion.kind === 'SIGNAL') continue;
      const closed = opinion.kind === 'EXIT' ? -2 * signOf(opinion.direction) : 'nothing';
      expect(closed).toBe(Math.abs(states[i]!) === 2 ? states[i] : 'nothing');
    }
    expect(told.filter(([, { kind }]) => kind === 'EXIT').length).toBeGreaterThan(100);
  });

  test('moves the target a level farther when it is strong in favour', () => {
    const levelsBack = told.flatMap(([i, opinion]) => {
      if (opinion.kind !== 'SIGNAL') return [];
      const value = (name: string): number =>
        opinion.evidence.find(({ id }) => id === `grid.${name}`)!.value;
      const step = Math.log(1 + value('gap') / 100);
      const back = Math.abs(Math.log(opinion.target / value('level'))) / step;
      return [{ isStrong: states[i] === 2 * signOf(opinion.direction), back: Math.round(back) }];
    });
    expect(levelsBack.filter(({ isStrong }) => isStrong).length).toBeGreaterThan(5);
    expect(levelsBack.every(({ isStrong, back }) => back === (isStrong ? 3 : 2))).toBe(true);
  });

  test('is not looked up in the bar of four hours that is still open', () => {
    for (const at of [20_005, 20_013]) {
      const end = 16 * Math.floor(at / 16) + 16;
      for (const shock of [-0.2, 0.3]) {
        const other = [...changes.slice(0, at + 1), shock, ...changes.slice(at + 2, end + 4)];
        expect(opinionsAfter(grid, other).slice(0, at + 1)).toEqual(opinions.slice(0, at + 1));
      }
    }
  });
});

test.each([
  [{ gapMinPct: 5, gapMaxPct: 2 }, 'gapMinPct 5 must not exceed gapMaxPct 2'],
  [{ exitLevels: 4 }, 'exitLevels 4 must not exceed exitLevelsStrong 3'],
  [{ gapMinPct: 0.2 }, 'puts the stop 0.20 % from the entry; it must be 0.25 % or more'],
])('%o is refused', (changes, sentence) => {
  expect(() => grid.with(changes)).toThrow(sentence);
});

describeWithData(
  'GRID on real markets',
  ['btcusd-bitfinex-1m-2019.csv.gz', 'eurusd-1h-2017-2018.csv'],
  (btc, eur) => {
    const quarters = resample(readCandles(btc!), '1m', '15m');
    const opinions = opinionsOn(grid, quarters, '15m');

    test('signals as often as it did when these counts were written down', () => {
      expect(countSides(opinions)).toEqual({ long: 765, short: 657 });
      expect(countSides(opinionsOn(grid, readCandles(eur!), '1h'))).toEqual({ long: 8, short: 4 });
    });

    test('asks for no more entries than the kernel lets through', () => {
      const counts = (spanMs: number): number => {
        const perSpan = new Map<number, number>();
        opinions.forEach(({ kind }, i) => {
          if (kind !== 'SIGNAL') return;
          const span = Math.floor(quarters.openTimeMs[i]! / spanMs);
          perSpan.set(span, (perSpan.get(span) ?? 0) + 1);
        });
        return Math.max(...perSpan.values());
      };
      expect(counts(TIMEFRAME_MS['1h'])).toBeLessThanOrEqual(LIMITS.entriesPerHourMax);
      expect(counts(TIMEFRAME_MS['1d'])).toBeLessThanOrEqual(LIMITS.entriesPerDayMax);
    });

    test('keeps its promises over restarts and changed futures', { timeout: 120_000 }, () => {
      const candles = Array.from({ length: 6_000 }, (_, i) => quarters.candle(i));
      const signals = checkSignals(grid, candles, '15m');
      expect(new Set(signals.map(({ direction }) => direction)).size).toBe(2);
    });
  },
);
