/** The journal of trades over what the whole orchestrator really writes. */
import { MemorySaver } from '@langchain/langgraph';
import { beforeAll, describe, expect, test } from 'vitest';
import { simulate } from '../../apps/simulate/simulation.ts';
import { ManualClock } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { add, type Money, money, NO_MONEY, text } from '../../domain/units.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { BTC_USD } from '../../market/instruments/instruments.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import type { FaultProfileName } from '../../simulation/fault-profiles.ts';
import { DEFAULT_STRATEGIES } from '../../strategies/registry.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { Book, fillFromEvent } from '../projections/book.ts';
import { Snapshots } from '../snapshots/snapshots.ts';
import { CostBasis } from './cost-basis.ts';
import { figuresOf } from './figures.ts';
import { isClosed, type Trade } from './trade.ts';
import { Trades } from './trades.ts';

const BARS = 250;

function recording(): Feed {
  const feed = syntheticFeed();
  return { ...feed, detail: 'BARS', length: BARS, events: (afterMs) => bars(feed, afterMs) };
}

async function* bars(feed: Feed, afterMs: number): AsyncGenerator<MarketEvent> {
  let count = 0;
  for await (const event of feed.events(afterMs)) {
    if (event.kind !== 'BAR') continue;
    yield event;
    if (++count === BARS) return;
  }
}

async function played(rehearse: FaultProfileName): Promise<readonly DomainEvent[]> {
  const clock = new ManualClock(0);
  const ledger = memoryLedger({ clock });
  await simulate({
    rehearse,
    version: '0',
    feed: recording(),
    strategies: DEFAULT_STRATEGIES,
    approver: 'all',
    seed: 1,
    cash: money('10000'),
    ledger,
    checkpointer: async () => new MemorySaver(),
    clock,
    limits: STANDARD,
    snapshots: Snapshots.none(),
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return (await ledger.read(0, ledger.head.seq)).map(({ event }) => event);
}

const INSTRUMENTS = new Map([[BTC_USD.id, BTC_USD]]);

const PROFILES: readonly FaultProfileName[] = ['calm', 'scrambled-fills'];

describe.each(PROFILES)('a %s simulation', (profile) => {
  const book = new Book(INSTRUMENTS);
  const trades = new Trades(INSTRUMENTS);
  let events: readonly DomainEvent[];
  let all: readonly Trade[];

  beforeAll(async () => {
    events = await played(profile);
    for (const event of events) {
      book.apply(event);
      trades.apply(event);
    }
    all = trades.all();
  });

  test('makes trades, and their results are what the book realised', () => {
    expect(all.filter(isClosed).length).toBeGreaterThan(1);
    const net = all.reduce<Money>((total, trade) => add(total, trade.net), NO_MONEY);
    expect(text(net)).toBe(text(book.portfolio.realised));
  });

  test('every trade has its plan, who approved it, and where its stop was', () => {
    for (const trade of all) {
      expect(trade.plan?.approval?.by).toEqual({ kind: 'SCRIPT', name: 'approver-all' });
      expect(trade.id).toBe(trade.plan?.proposalId);
      expect(trade.plannedStop).toBe(trade.plan?.stop);
      expect(trade.context?.evidence.length).toBeGreaterThan(0);
      expect(trade.timeframe).toBe('5m');
    }
  });

  test('every exit has a recorded reason, and what was planned to be lost was not more than agreed', () => {
    for (const trade of all) {
      const { exitParts, plannedLoss, adverse, favourable, entrySlippage } = figuresOf(trade);
      for (const { reason } of exitParts) expect(reason.kind).not.toBe('NOT_RECORDED');
      expect(plannedLoss).not.toBeNull();
      expect((plannedLoss ?? 0n) <= (trade.plan?.lossAtStop ?? 0n)).toBe(true);
      expect(adverse.r).toBeLessThanOrEqual(0);
      expect(favourable.r).toBeGreaterThanOrEqual(0);
      expect(entrySlippage).not.toBeNull();
    }
  });

  test.each(['FIFO', 'AVERAGE'] as const)('%s disposes of exactly what was closed', (method) => {
    const basis = new CostBasis(method);
    const disposals = events.flatMap((event) =>
      event.type === 'order.filled' ? basis.book(fillFromEvent(event)) : [],
    );
    const gains = disposals.reduce<Money>((total, { gain }) => add(total, gain), NO_MONEY);
    const paid = basis.openLots().reduce<Money>((total, { fees }) => add(total, fees), NO_MONEY);
    // The book counts the fees of what is open at once, the accountant once it is closed.
    expect(text((gains - paid) as Money)).toBe(text(book.portfolio.realised));
  });
});
