import { expect, test } from 'vitest';
import { draft } from '../../../domain/draft.ts';
import type { EventBodies, EventType } from '../../../domain/event.ts';
import { strategyId } from '../../../domain/ids.ts';
import { orderToText } from '../../../domain/order-record.ts';
import { sampleOrder, sampleProposal } from '../../../domain/testing/samples.ts';
import { price, quantity } from '../../../domain/units.ts';
import { syntheticFeed } from '../../../market/feeds/synthetic-feed.ts';
import { PROFILES, STANDARD, tighten } from '../../../risk-kernel/limits-in-force.ts';
import type { LimitView } from '../../api/views.ts';
import { openTestRuntime } from '../testing/small-house.ts';
import { ladderView, tightenedView } from './ladder-view.ts';
import { limitViews } from './limit-views.ts';
import { strategyViews } from './strategy-views.ts';

const TEST = { kind: 'SYSTEM', name: 'test' } as const;

const limitOf = (views: readonly LimitView[], id: string): string | undefined =>
  views.find((view) => view.id === id)?.limit;

test('an untouched account uses nothing but the distance to the smallest equity', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const used = limitViews(runtime).filter((view) => view.used > 0);
  expect(used).toMatchObject([{ id: 'accountBalance', value: '10000', used: 0.1 }]);
});

test('every gauge stands once, with the limit of the kernel', async () => {
  const views = limitViews(await openTestRuntime(syntheticFeed()));
  const limits = Object.fromEntries(views.map(({ id, limit, unit }) => [id, `${limit} ${unit}`]));
  expect(Object.keys(limits)).toHaveLength(views.length);
  expect(limits).toMatchObject({
    drawdown: '1500 bps',
    dailyLoss: '500 bps',
    openPositions: '10 positions',
    grossExposure: '8000 bps',
    assetClassExposure: '5000 bps',
    positionSize: '1000 bps',
    strategyRisk: '500 bps',
    entriesToday: '20 entries',
    entriesThisHour: '5 entries',
    turnoverThisHour: '4000 bps',
    messagesThisMinute: '60 messages',
    openOrders: '50 orders',
    'lossStreak.nbb': '5 losses',
  });
});

test('on a rung of the drawdown ladder the gauges show what that rung leaves', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const fall = { from: 0, to: 1, drawdownBps: 510 } as const;
  await runtime.options.ledger.append(draft('drawdown.rung-changed', TEST, 'ladder', null, fall));
  const views = limitViews(runtime);
  expect(limitOf(views, 'positionSize')).toBe('500');
  expect(limitOf(views, 'entriesThisHour')).toBe('3');
  expect(limitOf(views, 'drawdown')).toBe('1500');
});

test('an entry and the adds that are planned with it are one position and every order of them', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const adds = [{ price: price('49600'), quantity: quantity('0.001') }];
  const order = sampleOrder({ instrumentId: runtime.options.feed.instrument.id });
  const append = <T extends EventType>(type: T, body: EventBodies[T]): Promise<unknown> =>
    runtime.options.ledger.append(draft(type, TEST, 'c1', null, body));
  const proposal = sampleProposal({ instrumentId: order.instrumentId });
  const { cycleId, instrumentId } = proposal;
  await append('cycle.opened', { cycleId, instrumentId, barTimeMs: 0 });
  await append('proposal.made', { proposal });
  await append('order.submitting', {
    order: orderToText({ ...order, management: { adds } }),
    intentId: null,
    proposalId: proposal.id,
    hold: { notional: '500', risk: '10' },
    orderHash: '',
  });
  const views = new Map(limitViews(runtime).map(({ id, value }) => [id, value]));
  expect(views.get('openPositions')).toBe('1');
  expect(views.get('openOrders')).toBe('2');
});

test('the ladder names where each rung begins and what it asks for', () => {
  expect(ladderView(STANDARD.limits).map(({ startBps, words }) => [startBps, words])).toEqual([
    [0, 'full size'],
    [500, 'half size'],
    [800, 'quarter size'],
    [1_200, 'exits only'],
    [1_500, 'emergency'],
  ]);
});

test('only what is tighter than the constants is listed', () => {
  expect(tightenedView(STANDARD)).toEqual([]);
  expect(tightenedView(tighten(PROFILES.careful))).toContainEqual({
    name: 'positionsOpenMax',
    value: 5,
    standard: 10,
  });
});

test('a strategy that was switched off says why', async () => {
  const runtime = await openTestRuntime(syntheticFeed());
  const off = { strategyId: strategyId('nbb'), because: '5 losses in a row' };
  await runtime.options.ledger.append(draft('strategy.disabled', TEST, 'strategies', null, off));
  const views = new Map(strategyViews(runtime).map((view) => [view.id, view]));
  expect(views.get('nbb')).toMatchObject({ enabled: false, because: '5 losses in a row' });
  expect(views.get('jadecap')).toEqual({
    id: 'jadecap',
    enabled: true,
    lossStreak: 0,
    lossStreakMax: 5,
    dayResult: '0',
    because: null,
  });
});
