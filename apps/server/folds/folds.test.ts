import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../domain/clock.ts';
import type { DomainEvent, EventOf, TradingState } from '../../../domain/event.ts';
import { cycleId, fillId, instrumentId, strategyId } from '../../../domain/ids.ts';
import { orderIdFor } from '../../../domain/entry-order.ts';
import { proposalId } from '../../../domain/ids.ts';
import { text } from '../../../domain/units.ts';
import { memoryLedger } from '../../../ledger/memory-ledger.ts';
import { barClosed } from '../../../ledger/testing/samples.ts';
import { BTC_USD } from '../../../market/instruments/instruments.ts';
import { syntheticFeed } from '../../../market/feeds/synthetic-feed.ts';
import { CandleWindow, CANDLES_KEPT } from './candle-window.ts';
import { EQUITY_POINTS_MAX, EquitySeries } from './equity-series.ts';
import { follow } from './follow.ts';
import { Projection } from './projection.ts';
import { TradeResults } from './trade-results.ts';

const BTC = instrumentId('BTC/USD');
const NBB = strategyId('nbb');
const MINUTE = 60_000;

const stamp = { actor: { kind: 'SYSTEM', name: 'test' }, causationSeq: null, seq: 1 } as const;

const bar = (index: number, close: string): EventOf<'market.bar-closed'> => ({
  ...stamp,
  type: 'market.bar-closed',
  correlationId: 'c',
  atMs: (index + 1) * MINUTE,
  body: {
    instrumentId: BTC,
    timeframe: '1m',
    bar: { openTimeMs: index * MINUTE, open: close, high: close, low: close, close, volume: '1' },
  },
});

const start: EventOf<'system.started'> = {
  ...stamp,
  type: 'system.started',
  correlationId: 'system',
  atMs: 0,
  body: {
    version: '0',
    decisionMode: 'GUIDE',
    venueMode: 'SIMULATION',
    limitsHash: '',
    tightened: {},
    currency: 'USD',
    cash: '1000',
    strategies: [NBB],
    rules: {},
    entryRules: [],
    instruments: [BTC],
    market: 'm',
    synthetic: true,
    seed: 1,
    resumed: false,
  },
};

const fill = (
  cycle: string,
  side: 'BUY' | 'SELL',
  quantity: string,
  price: string,
): EventOf<'order.filled'> => ({
  ...stamp,
  type: 'order.filled',
  correlationId: cycle,
  atMs: 0,
  body: {
    fillId: fillId('f'),
    orderId: orderIdFor(proposalId('P1'), 'ENTRY'),
    instrumentId: BTC,
    strategyId: NBB,
    side,
    quantity,
    price,
    fee: '1',
  },
});

describe('the candle window', () => {
  test('keeps the newest bars', () => {
    const window = new CandleWindow('1m');
    for (let i = 0; i < CANDLES_KEPT + 5; i++) window.close(bar(i, '10').body.bar);
    expect(window.closed).toHaveLength(CANDLES_KEPT);
    expect(window.closed[0]?.time).toBe(300);
  });

  test('forms a bar from ticks until that bar closes', () => {
    const window = new CandleWindow('1m');
    window.close(bar(0, '10').body.bar);
    expect(window.forming).toBeNull();
    for (const [price, atMs] of [
      [11, 61_000],
      [13, 70_000],
      [9, 80_000],
      [12, 119_000],
    ] as const)
      window.tick(price, atMs);
    expect(window.forming).toEqual({ time: 60, open: 11, high: 13, low: 9, close: 12 });
    window.close(bar(1, '12').body.bar);
    expect(window.forming).toBeNull();
    window.tick(12, 119_500);
    expect(window.forming).toBeNull();
  });
});

describe('the equity series', () => {
  const instruments = new Map([[BTC, BTC_USD]]);

  test('is cash and positions at the close, at every bar', () => {
    const series = new EquitySeries(instruments);
    const events: DomainEvent[] = [
      start,
      bar(0, '100'),
      fill('c1', 'BUY', '2', '100'),
      bar(1, '110'),
    ];
    for (const event of events) series.apply(event);
    expect(series.points.map(({ timeMs, equity }) => [timeMs, text(equity)])).toEqual([
      [MINUTE, '1000'],
      [2 * MINUTE, '1019'],
    ]);
  });

  test('tells the newest point once, whether it is kept or not, also when it was saved', () => {
    const series = new EquitySeries(instruments);
    series.apply(start);
    for (let i = 0; i < 2 * EQUITY_POINTS_MAX + 7; i++) {
      series.apply(bar(i, '100'));
      expect(series.points.at(-1)?.timeMs).toBe((i + 1) * MINUTE);
      if (i % 97 !== 0 && Math.abs(i - EQUITY_POINTS_MAX) > 2) continue;
      const again = new EquitySeries(instruments);
      again.load(series.save());
      expect(again.points).toEqual(series.points);
      expect(new Set(again.points.map(({ timeMs }) => timeMs)).size).toBe(again.points.length);
    }
  });

  test('never holds more than its most points, begins at the first and ends at the newest', () => {
    const series = new EquitySeries(instruments);
    series.apply(start);
    for (let i = 0; i < 7_777; i++) {
      series.apply(bar(i, '100'));
      expect(series.points.length).toBeLessThanOrEqual(EQUITY_POINTS_MAX);
    }
    const times = series.points.map(({ timeMs }) => timeMs);
    expect(times[0]).toBe(MINUTE);
    expect(times.at(-1)).toBe(7_777 * MINUTE);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(EQUITY_POINTS_MAX / 3);
  });
});

describe('trade results', () => {
  test('come when the position is flat again, every fee included', () => {
    const results = new TradeResults();
    const cycle = cycleId('c1');
    expect(results.of(cycle)).toBeUndefined();
    results.apply(fill('c1', 'SELL', '2', '100'));
    expect(results.of(cycle)).toBeUndefined();
    results.apply(fill('c1', 'BUY', '1', '90'));
    expect(results.of(cycle)).toBeUndefined();
    results.apply(fill('c1', 'BUY', '1', '95'));
    expect(text(results.of(cycle) ?? (0n as never))).toBe('12');
  });
});

describe('the projection', () => {
  const moved = (from: TradingState, to: TradingState, atMs: number): DomainEvent => ({
    ...stamp,
    type: 'trading.state-changed',
    correlationId: 'trading-state',
    atMs,
    body: { from, to, emergency: true, because: 'a test', code: null },
  });

  test('knows since when the trading state is what it is; a graver cause does not count as a move', () => {
    const projection = new Projection(syntheticFeed());
    expect(projection.tradingStateSinceMs).toBeNull();
    projection.apply(moved('ACTIVE', 'HALTED', 7_000));
    projection.apply(moved('HALTED', 'HALTED', 9_000));
    expect(projection.tradingStateSinceMs).toBe(7_000);
  });

  test('knows whether anybody is registered', () => {
    const projection = new Projection(syntheticFeed());
    expect(projection.hasOperator).toBe(false);
    projection.apply({
      ...stamp,
      type: 'operator.added',
      correlationId: 'operators',
      atMs: 0,
      body: { name: 'mira' },
    });
    expect(projection.hasOperator).toBe(true);
  });
});

describe('following the journal', () => {
  test('misses nothing that is written while it is still reading', async () => {
    const ledger = memoryLedger({ clock: new ManualClock(0) });
    for (let i = 0; i < 4_500; i++) await ledger.append(barClosed(i));
    const seen: number[] = [];
    const fold = {
      seq: 0,
      apply(event: DomainEvent) {
        this.seq = event.seq;
        seen.push(event.seq);
      },
    };
    const following = follow(ledger, fold, () => undefined);
    for (let i = 0; i < 50; i++) await ledger.append(barClosed(5_000 + i));
    const stop = await following;
    await ledger.append(barClosed(6_000));
    stop();
    await ledger.append(barClosed(6_001));
    expect(seen).toEqual(Array.from({ length: 4_551 }, (_, index) => index + 1));
  });

  test('goes on from what the fold has already seen, and reads nothing before it', async () => {
    const ledger = memoryLedger({ clock: new ManualClock(0) });
    for (let i = 0; i < 10; i++) await ledger.append(barClosed(i));
    const read: number[] = [];
    const watched = {
      read: (after: number, limit: number) => {
        read.push(after);
        return ledger.read(after, limit);
      },
      subscribe: ledger.subscribe.bind(ledger),
    };
    const seen: number[] = [];
    const fold = {
      seq: 7,
      apply(event: DomainEvent) {
        this.seq = event.seq;
        seen.push(event.seq);
      },
    };
    await follow(watched, fold, () => undefined);
    await ledger.append(barClosed(11));
    expect(read[0]).toBe(7);
    expect(seen).toEqual([8, 9, 10, 11]);
  });

  test('a fold that fails on an event does not break the ledger', async () => {
    const ledger = memoryLedger({ clock: new ManualClock(0) });
    const faults: unknown[] = [];
    const fold = {
      seq: 0,
      apply(): void {
        throw new Error('no');
      },
    };
    await follow(ledger, fold, (error) => faults.push(error));
    await ledger.append(barClosed(1));
    expect(ledger.broken).toBeUndefined();
    expect(faults).toHaveLength(1);
  });
});
