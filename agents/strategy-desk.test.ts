import { expect, test } from 'vitest';

import { syntheticFeed } from '../market/synthetic-feed.ts';
import { STRATEGIES } from '../strategies/registry.ts';
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
