/** A small market and everything that outlives a process, so that a test can end one and begin another. */
import { MemorySaver } from '@langchain/langgraph';
import type { Reasoner } from '../../agents/reasoner.ts';
import { approvalIdOf, type DecisionOutcome, proposalHash } from '../../coordination/approvals.ts';
import { openRuntime, type Runtime } from '../../apps/runtime/runtime.ts';
import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import { ManualClock } from '../../domain/clock.ts';
import type { DomainEvent, EventOf, EventType } from '../../domain/event.ts';
import { strategyId } from '../../domain/ids.ts';
import type { ExitSignal, Signal } from '../../domain/signal.ts';
import { BTC } from '../../domain/testing/samples.ts';
import { money } from '../../domain/units.ts';
import { GENESIS } from '../../ledger/hash-chain.ts';
import { chainedEvent } from '../../ledger/journal-row.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { MemoryStore } from '../../ledger/memory-store.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { type Verification, verifyJournal } from '../../ledger/verify.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { defineStrategy, type Strategy } from '../../strategies/strategy.ts';
import { yes } from './graph.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';

export const TRADER = strategyId('trader');
export const SCRIPT = { kind: 'SCRIPT', name: 'approver' } as const;
const SPAN_MS = TIMEFRAME_MS['5m'];
const OPENS_AT_MS = Date.UTC(2026, 0, 5);

/** A bar from where the last one closed; without extremes it went straight from open to close. */
export type BarShape = readonly [close: number, low?: number, high?: number];

export function candles(from: number, shapes: readonly BarShape[]): readonly Candle[] {
  let open = from;
  return shapes.map(([close, low = Infinity, high = 0], index) => {
    const openTimeMs = OPENS_AT_MS + index * SPAN_MS;
    const ends = [open, close];
    const [least, most] = [Math.min(...ends, low), Math.max(...ends, high)];
    const candle = { openTimeMs, open, high: most, low: least, close, volume: 1 };
    open = close;
    return candle;
  });
}

export function feedOf(bars: readonly Candle[], detail: Feed['detail'] = 'BARS'): Feed {
  return {
    instrument: BTC,
    timeframe: '5m',
    source: 'a test',
    synthetic: true,
    live: false,
    detail,
    history: [],
    startsAtMs: OPENS_AT_MS,
    length: bars.length,
    events: (afterMs) => play(bars, detail, afterMs),
  };
}

async function* play(
  bars: readonly Candle[],
  detail: Feed['detail'],
  afterMs: number,
): AsyncGenerator<MarketEvent> {
  for (const candle of bars) {
    const { openTimeMs, open, low, high, close } = candle;
    const ticks = detail === 'TICKS' ? [open, low, high, close] : [];
    for (const [index, price] of ticks.entries()) {
      const atMs = openTimeMs + (index + 1) * 60_000;
      if (atMs > afterMs) yield { kind: 'TICK', atMs, price };
    }
    const closedAtMs = openTimeMs + SPAN_MS;
    if (closedAtMs > afterMs) yield { kind: 'BAR', closedAtMs, candle };
  }
}

/** What the strategy says of a bar, by its number from 0 and its close; undefined for nothing. */
export type Plan = (
  bar: number,
  close: number,
) => Partial<Signal> | Pick<ExitSignal, 'kind' | 'direction'> | undefined;

/** Signals when its plan says so: a long unless told otherwise, two percent to the stop, six to win. */
export const planned = (plan: Plan): Strategy =>
  defineStrategy({
    id: TRADER,
    name: 'Trader',
    rule: 'It does what the test says.',
    timeframes: ['5m'],
    parameters: {},
    warmupBars: () => 0,
    start:
      () =>
      ({ openTimeMs, close }) => {
        const change = plan((openTimeMs - OPENS_AT_MS) / SPAN_MS, close);
        if (change === undefined)
          return { kind: 'NO_SETUP', strategyId: TRADER, because: 'not in the plan' };
        if (change.kind === 'EXIT')
          return { ...change, strategyId: TRADER, because: 'The plan is over.', evidence: [] };
        const up = change.direction === 'SHORT' ? -1 : 1;
        const id = `bar-${openTimeMs}`;
        return {
          kind: 'SIGNAL',
          strategyId: TRADER,
          direction: 'LONG',
          entry: close,
          stop: close * (1 - 0.02 * up),
          target: close * (1 + 0.06 * up),
          confidence: 0.7,
          riskBps: 50,
          expiresAfterMs: 3_600_000,
          setupId: id,
          because: 'It is in the plan.',
          invalidation: 'The plan changes.',
          evidence: [{ id, label: 'Close', value: close, unit: 'price', barTimeMs: openTimeMs }],
          ...change,
        };
      },
  });

export interface WorldOptions {
  readonly feed: Feed;
  readonly plan: Plan;
  readonly reasoner?: Reasoner;
  readonly approvalMs?: number;
  readonly seed?: number;
}

/** Stands between a process and its storage; tests end processes with it. */
export type Between = <T extends object>(storage: T) => T;

export class World {
  readonly store = new MemoryStore();
  readonly #saver = new MemorySaver();
  readonly #options: WorldOptions;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** A new process on what is stored: what was accepted but never made durable is gone. */
  async open(between: Between = (storage) => storage): Promise<Runtime> {
    const { feed, plan, reasoner = yes, approvalMs = 3_600_000, seed = 1 } = this.#options;
    const clock = new ManualClock(0);
    const ledger: Ledger = await openLedger(this.store, clock, 'world');
    return openRuntime({
      version: '0',
      feed,
      strategies: [planned(plan)],
      cash: money('10000'),
      seed,
      decisionMode: 'GUIDE',
      reasoner,
      ledger: between(ledger),
      checkpointer: async () => between(this.#saver),
      snapshots: Snapshots.none(),
      clock,
      approvalMs,
      limits: STANDARD,
      venueMode: 'SIMULATION',
      rehearse: 'calm',
      pause: async () => {},
    });
  }

  /** Events as they are stored; flush the runtime's ledger to see the newest. */
  events(): readonly DomainEvent[] {
    return this.store.journal.map((row) => chainedEvent(row).event);
  }

  eventsOf<T extends EventType>(type: T): readonly EventOf<T>[] {
    return this.events().filter((event): event is EventOf<T> => event.type === type);
  }

  verify(): Promise<Verification> {
    return verifyJournal([{ rows: this.store.journal, head: this.#head() }]);
  }

  #head() {
    const last = this.store.journal.at(-1);
    return last === undefined ? GENESIS : { seq: last.seq, hash: last.hash };
  }
}

/** Decides every proposal that waits, as the script says. */
export async function decideAll(
  runtime: Runtime,
  decision: 'APPROVE' | 'DECLINE' = 'APPROVE',
): Promise<readonly DecisionOutcome[]> {
  const outcomes: DecisionOutcome[] = [];
  for (const { proposal, approvalStatus } of runtime.parts.decisions.open()) {
    if (proposal === null || approvalStatus !== 'PENDING') continue;
    const outcome = await runtime.decide({
      id: approvalIdOf(proposal.id),
      decision,
      version: 1,
      seenHash: proposalHash(proposal),
      reason: '',
      decider: SCRIPT,
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Plays what is left of the market, deciding after each bar; stops after `bars` of them. */
export async function playOn(
  runtime: Runtime,
  decision: 'APPROVE' | 'DECLINE' | 'WAIT' = 'APPROVE',
  bars = Infinity,
): Promise<void> {
  let played = 0;
  for await (const event of runtime.options.feed.events(runtime.playedUntilMs)) {
    if (played >= bars) return;
    await runtime.play(event);
    if (event.kind !== 'BAR') continue;
    played += 1;
    if (decision !== 'WAIT') await decideAll(runtime, decision);
  }
  await runtime.stop();
}
