import { expect, test } from 'vitest';

import type { Candle } from '../../domain/candle.ts';
import { HigherBars } from './higher-bars.ts';

const MINUTE_MS = 60_000;
const bars: readonly Candle[] = Array.from({ length: 10 }, (_, i) => ({
  openTimeMs: i * MINUTE_MS,
  open: i + 1,
  high: i + 2,
  low: i + 0.5,
  close: i + 1.5,
  volume: 1,
}));

test('a higher bar comes when it has closed', () => {
  const higher = new HigherBars(MINUTE_MS, 5 * MINUTE_MS);
  const closed = bars.map((bar) => higher.push(bar).map(({ close }) => close));
  expect(closed).toEqual([[], [], [], [], [5.5], [], [], [], [], [10.5]]);
});

test.each([1, 0.2])('a chart that is high enough keeps its own bars', (share) => {
  const higher = new HigherBars(MINUTE_MS, share * MINUTE_MS);
  for (const bar of bars) expect(higher.push(bar)).toEqual([bar]);
  expect(higher.save()).toBeNull();
});

test.each([5, 1])('saved in the middle it goes on, on %i times the chart', (times) => {
  const original = new HigherBars(MINUTE_MS, times * MINUTE_MS);
  for (const bar of bars.slice(0, 3)) original.push(bar);
  const again = new HigherBars(MINUTE_MS, times * MINUTE_MS);
  again.load(structuredClone(original.save()));
  for (const bar of bars.slice(3)) expect(again.push(bar)).toEqual(original.push(bar));
});
