import { expect, test } from 'vitest';

import type { Candle } from '../domain/candle.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { unpackLike } from '../ledger/snapshots/shape.ts';
import { pack, type Saved } from '../ledger/snapshots/state-text.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { nbb } from '../strategies/nbb.ts';
import { STRATEGIES } from '../strategies/registry.ts';
import { LOOK_BACK_BARS_MAX } from '../strategies/strategy.ts';
import { StrategyDesk } from './strategy-desk.ts';

const bars = syntheticFeed().history;

test('every strategy has one opinion of every bar, in the order they were given', () => {
  const desk = new StrategyDesk(STRATEGIES, '5m');
  for (const bar of bars) {
    const { opinions } = desk.onBar(bar);
    expect(opinions.map(({ strategyId }) => strategyId)).toEqual(STRATEGIES.map(({ id }) => id));
  }
  expect(desk.bars.length).toBe(bars.length);
});

test('the forecasters say nothing until they are warm, and speak of the bar at hand from then on', () => {
  const desk = new StrategyDesk(STRATEGIES, '5m');
  const readings = bars.map((bar) => desk.onBar(bar).evidence);
  expect(readings[0]).toEqual([]);
  const warm = readings.findIndex((evidence) => evidence.length > 0);
  expect(warm).toBeGreaterThan(0);
  readings.slice(warm).forEach((evidence, index) => {
    for (const item of evidence) expect(item.barTimeMs).toBe(bars[warm + index]?.openTimeMs);
  });
});

test('two desks over the same bars say the same, and neither knows of the other', () => {
  const [one, two] = [new StrategyDesk(STRATEGIES, '5m'), new StrategyDesk(STRATEGIES, '5m')];
  const first = bars.map((bar) => one.onBar(bar));
  expect(bars.map((bar) => two.onBar(bar))).toEqual(first);
});

const fresh = (): StrategyDesk => new StrategyDesk(STRATEGIES, '5m');
const textOf = (desk: StrategyDesk): string => canonicalJson(pack(desk.save()));
/** As a snapshot does it: through text, held against a fresh desk. */
function takenUp(text: string, desk = fresh()): StrategyDesk {
  desk.load(unpackLike(JSON.parse(text) as Saved, desk.save()));
  return desk;
}

/** The history again and again, as one market that goes on. */
function* manyBars(count: number): Generator<Candle> {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return;
  const spanMs = last.openTimeMs - first.openTimeMs + 300_000;
  for (let index = 0; index < count; index++) {
    const bar = bars[index % bars.length] ?? first;
    yield { ...bar, openTimeMs: bar.openTimeMs + Math.floor(index / bars.length) * spanMs };
  }
}

test('a desk saved after any bar and taken up again reads every later bar the same', () => {
  const desk = fresh();
  const seconds: StrategyDesk[] = [];
  for (const [index, bar] of [...manyBars(400)].entries()) {
    if (index % 60 === 0) seconds.push(takenUp(textOf(desk)));
    const reading = desk.onBar(bar);
    for (const second of seconds) expect(second.onBar(bar)).toEqual(reading);
  }
  for (const second of seconds) expect(textOf(second)).toBe(textOf(desk));
});

test('a desk keeps as many bars as strategies may look back, and no endless past', () => {
  const desk = fresh();
  let again: StrategyDesk | undefined;
  for (const [index, bar] of [...manyBars(3 * LOOK_BACK_BARS_MAX + 9)].entries()) {
    const reading = desk.onBar(bar);
    expect(desk.bars.length).toBeLessThan(2 * LOOK_BACK_BARS_MAX);
    expect(desk.bars.length).toBeGreaterThanOrEqual(Math.min(index + 1, LOOK_BACK_BARS_MAX));
    expect(desk.bars.candle(desk.bars.length - 1)).toEqual(bar);
    if (again !== undefined) expect(again.onBar(bar)).toEqual(reading);
    // Taken up before bars are forgotten, it forgets the same ones.
    if (index === 2 * LOOK_BACK_BARS_MAX - 9) again = takenUp(textOf(desk));
  }
  expect(again && textOf(again)).toBe(textOf(desk));
});

test('what was saved is not touched by what the desk does afterwards', () => {
  const desk = fresh();
  for (const bar of bars.slice(0, 200)) desk.onBar(bar);
  const saved = desk.save();
  const before = canonicalJson(pack(saved));
  const again = fresh();
  again.load(saved);
  for (const bar of bars.slice(200)) expect(again.onBar(bar)).toEqual(desk.onBar(bar));
  expect(canonicalJson(pack(saved))).toBe(before);
  expect(textOf(again)).toBe(textOf(desk));
});

test('a desk of other strategies cannot be taken up', () => {
  const text = textOf(fresh());
  expect(() => takenUp(text, new StrategyDesk([nbb], '5m'))).toThrow('$.runs.');
  const few = textOf(new StrategyDesk([nbb], '5m'));
  expect(() => takenUp(few)).toThrow('$.runs.jadecap should be Object, and is Undefined');
});
