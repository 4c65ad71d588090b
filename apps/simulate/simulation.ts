/** The whole orchestrator over a file at full speed, with a scripted approver in the person's place. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { EntryGate } from '../../agents/entry-gate.ts';
import { rulesReasoner } from '../../agents/rules-reasoner.ts';
import type { Actor } from '../../domain/event.ts';
import type { ManualClock } from '../../domain/clock.ts';
import type { Money } from '../../domain/units.ts';
import { text } from '../../domain/units.ts';
import { TIMEFRAME_MS } from '../../domain/candle.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import type { LimitsInForce } from '../../risk-kernel/limits-in-force.ts';
import type { FaultProfileName } from '../../simulation/fault-profiles.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { openRuntime, type Runtime } from '../runtime/runtime.ts';

export type Approver = 'all' | 'none';

export interface SimulationOptions {
  readonly version: string;
  readonly feed: Feed;
  readonly strategies: readonly Strategy[];
  readonly gate?: EntryGate | undefined;
  readonly approver: Approver;
  readonly seed: number;
  readonly cash: Money;
  readonly ledger: Ledger;
  /** Opened when the first set-up is deliberated. */
  readonly checkpointer: () => Promise<BaseCheckpointSaver>;
  readonly snapshots: Snapshots;
  readonly clock: ManualClock;
  readonly limits: LimitsInForce;
  /** The bad day that the simulated venue plays. */
  readonly rehearse: FaultProfileName;
  /** Called after each bar with how many were played. */
  readonly onProgress: (bars: number) => void;
  /** Aborting stops after the bar at hand; what was done so far is kept and reported. */
  readonly signal: AbortSignal;
}

export interface SimulationResult {
  readonly cycles: number;
  readonly proposals: number;
  readonly denials: Readonly<Record<string, number>>;
  readonly approvals: number;
  readonly orders: number;
  readonly fills: number;
  /** The strategies that threw and were left out from there on, and what. */
  readonly failed: Readonly<Record<string, string>>;
  readonly finalEquity: string;
  readonly journalLength: number;
  readonly headHash: string;
  readonly interrupted: boolean;
}

/** In memory nothing ever waits, so the loop must let signals in by itself. */
const BARS_PER_BREATH = 100;
/** About once a second at full speed. */
const BARS_PER_CANARY = 1_000;

/** Written in the journal as what it is: never as a person. */
const SCRIPT: Actor = { kind: 'SCRIPT', name: 'approver-all' };

/** Nobody pulls the kill switch of a run that ends by itself; if it were pulled, bars are what it waits for. */
const nextBreath = async (): Promise<void> => void (await nextTurn());

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { feed, ledger, signal } = options;
  const runtime = await openRuntime({
    ...options,
    decisionMode: 'GUIDE',
    venueMode: 'SIMULATION',
    pause: nextBreath,
    reasoner: rulesReasoner,
    // A proposal nobody answers is gone with the next bar.
    approvalMs: TIMEFRAME_MS[feed.timeframe],
  });
  // A resumed run may find a proposal that was waiting when the process ended.
  if (options.approver === 'all') await approveAll(runtime);
  let bars = 0;
  for await (const event of feed.events(runtime.playedUntilMs)) {
    if (signal.aborted) break;
    await runtime.play(event);
    if (event.kind !== 'BAR') continue;
    if (options.approver === 'all') await approveAll(runtime);
    options.onProgress(++bars);
    if (bars % BARS_PER_BREATH === 0) await nextTurn();
    if (bars % BARS_PER_CANARY === 0) await runtime.tryCanaries();
  }
  await runtime.stop();
  const { book, decisions } = runtime.parts;
  return {
    ...decisions.counts(),
    failed: Object.fromEntries(runtime.desk.faults),
    finalEquity: text(book.equity()),
    journalLength: ledger.head.seq,
    headHash: ledger.head.hash,
    interrupted: signal.aborted,
  };
}

async function approveAll(runtime: Runtime): Promise<void> {
  if (!runtime.parts.approvals.isWaiting(runtime.options.feed.instrument.id)) return;
  for (const row of await runtime.parts.approvals.pending()) {
    await runtime.decide({
      id: row.id,
      decision: 'APPROVE',
      version: row.version,
      seenHash: row.proposalHash,
      reason: 'approved by the simulation script',
      decider: SCRIPT,
    });
  }
}
