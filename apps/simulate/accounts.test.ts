import { MemorySaver } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';

import { ManualClock } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { larger, money, NO_MONEY, text } from '../../domain/units.ts';
import { Accounts } from '../../ledger/accounts/accounts.ts';
import { disagreement, equityOf } from '../../ledger/accounts/agreement.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import { Book } from '../../ledger/projections/book.ts';
import type { Saved } from '../../ledger/snapshots/state-text.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { syntheticFeed } from '../../market/feeds/synthetic-feed.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import type { FaultProfileName } from '../../simulation/fault-profiles.ts';
import { DEFAULT_STRATEGIES } from '../../strategies/registry.ts';
import { simulate } from './simulation.ts';

const BARS = 300;
const FEED = syntheticFeed();
const INSTRUMENTS = new Map([[FEED.instrument.id, FEED.instrument]]);

/** The first bars of the synthetic market, as a recording that ends. */
async function* bars(afterMs: number): AsyncGenerator<MarketEvent> {
  let count = 0;
  for await (const event of FEED.events(afterMs)) {
    if (event.kind !== 'BAR') continue;
    yield event;
    if (++count === BARS) return;
  }
}

async function played(rehearse: FaultProfileName) {
  const clock = new ManualClock(0);
  const ledger = memoryLedger({ clock });
  const feed: Feed = { ...FEED, detail: 'BARS', length: BARS, events: bars };
  const result = await simulate({
    rehearse,
    version: '0',
    feed,
    strategies: DEFAULT_STRATEGIES,
    approver: 'all',
    seed: 1,
    cash: money('10000'),
    ledger,
    checkpointer: async () => new MemorySaver(),
    snapshots: Snapshots.none(),
    clock,
    limits: STANDARD,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  const events = (await ledger.read(0, ledger.head.seq)).map(({ event }) => event);
  return { result, events };
}

const canceled = (events: readonly DomainEvent[]): number =>
  events.filter(({ type }) => type === 'order.canceled').length;

describe.each(['calm', 'storm'] as const)('the journal of a simulated day, %s', (rehearse) => {
  test('balances, and agrees with the book, after every event', async () => {
    const { result, events } = await played(rehearse);
    expect(result.fills).toBeGreaterThan(4);
    expect(canceled(events)).toBeGreaterThan(0);
    const accounts = new Accounts(INSTRUMENTS);
    const book = new Book(INSTRUMENTS);
    let mostHeld = NO_MONEY;
    for (const event of events) {
      accounts.apply(event);
      book.apply(event);
      expect(disagreement(accounts, book)).toBeUndefined();
      mostHeld = larger(mostHeld, accounts.balance('USD', 'HELD'));
    }
    // Something was really held on the way.
    expect(mostHeld).toBeGreaterThan(NO_MONEY);
    expect(text(equityOf(accounts, 'USD', (id) => book.mark(id)?.price))).toBe(result.finalEquity);
    const again = new Accounts(INSTRUMENTS);
    again.load(JSON.parse(JSON.stringify(accounts.save())) as Saved);
    expect(disagreement(again, book)).toBeUndefined();
  });
});
