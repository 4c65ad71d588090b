/**
 * One rehearsal of the kill switch, in this process and on real stopwatches: a position is open, an entry
 * is at the venue, and the switch is pulled the moment a further proposal is approved.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { rulesReasoner } from '../../../agents/rules-reasoner.ts';
import { HOUR_MS, ManualClock } from '../../../domain/clock.ts';
import type { Actor } from '../../../domain/event.ts';
import { type StrategyId, strategyId } from '../../../domain/ids.ts';
import { money } from '../../../domain/units.ts';
import { Snapshots } from '../../../ledger/snapshots/snapshots.ts';
import { syntheticFeed } from '../../../market/feeds/synthetic-feed.ts';
import { STANDARD } from '../../../risk-kernel/limits-in-force.ts';
import type { FaultProfileName } from '../../../simulation/fault-profiles.ts';
import type { HaltResult, HaltStepView } from '../../api/views.ts';
import { openRuntime, type Runtime } from '../../runtime/runtime.ts';
import { killDeskOf } from '../../server/halt/kill-desk.ts';
import { openMemory } from '../../storage.ts';
import { VERSION } from '../../version.ts';
import { DrillMarket, drillStrategy } from './drill-market.ts';

/** Milliseconds from the pull of the switch; null for a step that was not reached. */
export interface DrillRun {
  readonly noNewOrdersMs: number | null;
  readonly canceledMs: number | null;
  readonly flatMs: number | null;
  /** Entries that were at the venue when the switch was pulled, or came in while it was. */
  readonly canceled: number;
  /** Entries sent after the first step: there may be none, although one was approved right then. */
  readonly sentAfter: number;
}

const [HELD, RESTING, IN_FLIGHT] = ['held', 'resting', 'in-flight'].map(strategyId) as [
  StrategyId,
  StrategyId,
  StrategyId,
];
const SCRIPT: Actor = { kind: 'SCRIPT', name: 'drill' };
const BARS_MAX = 40;
/** On a bad day a market may leave nothing to stop: then another is taken. */
const MARKETS_MAX = 8;
/** The market goes on while everything is stopped, as it would. */
const TICK_EVERY_MS = 10;

/** Markets are counted from the seed on, until one leaves something to stop. */
export async function drill(seed: number, rehearse: FaultProfileName): Promise<DrillRun> {
  for (let tried = 1; tried <= MARKETS_MAX; tried++) {
    const run = await drillIn(seed * MARKETS_MAX + tried, rehearse);
    if (run !== undefined) return run;
  }
  throw new Error(
    `${MARKETS_MAX} markets left nothing to stop on such a day; rehearse a milder one`,
  );
}

async function drillIn(seed: number, rehearse: FaultProfileName): Promise<DrillRun | undefined> {
  const clock = new ManualClock(0);
  const storage = openMemory(clock);
  const feed = syntheticFeed({ seed });
  let wanted: StrategyId | undefined;
  const strategies = [HELD, RESTING, IN_FLIGHT].map((id) =>
    drillStrategy(id, (asked) => asked === wanted),
  );
  const runtime = await openRuntime({
    version: VERSION,
    feed,
    strategies,
    cash: money('10000'),
    seed,
    decisionMode: 'GUIDE',
    limits: STANDARD,
    venueMode: 'SIMULATION',
    rehearse,
    pause: (ms) => sleep(ms),
    reasoner: rulesReasoner,
    ledger: storage.ledger,
    checkpointer: storage.checkpointer,
    snapshots: Snapshots.none(),
    clock,
    approvalMs: HOUR_MS,
  });
  const market = new DrillMarket(runtime, feed);
  wanted = HELD;
  if (!(await prepare(market, runtime, () => isGuarded(runtime)))) return undefined;
  wanted = RESTING;
  if (!(await prepare(market, runtime, () => entriesLive(runtime) > 0))) return undefined;
  wanted = IN_FLIGHT;
  await market.skipToBar();
  return pullIn(runtime, market);
}

/** Plays and approves until it holds; false when it never did. */
async function prepare(
  market: DrillMarket,
  runtime: Runtime,
  holds: () => boolean,
): Promise<boolean> {
  for (let bars = 0; bars < BARS_MAX && !holds(); bars++) {
    await market.until(() => holds() || isAsking(runtime), 1);
    if (!holds()) await approveAll(runtime);
  }
  return holds();
}

/** Pulls the switch in the middle of what follows from an approval, and looks what was sent after it. */
async function pullIn(runtime: Runtime, market: DrillMarket): Promise<DrillRun> {
  const { ledger } = runtime.options;
  const pulled = pullAtApproval(runtime);
  const inFlight = approveAll(runtime);
  const { result, headAtFirstStep } = await whileTheMarketGoesOn(market, pulled);
  await inFlight;
  // And one more set-up, now that everything has stood still for a while.
  await market.skipToBar();
  await approveAll(runtime);
  const after = await ledger.read(headAtFirstStep, ledger.head.seq);
  const sentAfter = after.filter(
    ({ event }) => event.type === 'order.submitting' && event.body.order.role === 'ENTRY',
  ).length;
  const msOf = (name: HaltStepView['step']): number | null =>
    result.steps.find(({ step }) => step === name)?.ms ?? null;
  return {
    noNewOrdersMs: msOf('NO_NEW_ORDERS'),
    canceledMs: msOf('CANCELED'),
    flatMs: msOf('FLAT'),
    canceled: result.report.canceled.length,
    sentAfter,
  };
}

interface Pulled {
  readonly result: HaltResult;
  /** What is journaled later came after the first step. */
  readonly headAtFirstStep: number;
}

/** Waits for a decision; where the bad day left nothing to decide, a moment is enough. */
function pullAtApproval(runtime: Runtime): Promise<Pulled> {
  const { ledger } = runtime.options;
  return new Promise((resolve, reject) => {
    let begun = false;
    const pull = (): void => {
      if (begun) return;
      begun = true;
      unsubscribe();
      clearTimeout(late);
      pullNow(runtime).then(resolve, reject);
    };
    const unsubscribe = ledger.subscribe(({ event }) => {
      if (event.type === 'approval.decided') pull();
    });
    const late = setTimeout(pull, 100);
  });
}

async function pullNow(runtime: Runtime): Promise<Pulled> {
  const { ledger } = runtime.options;
  let headAtFirstStep = 0;
  const order = { flatten: true, because: 'a drill', by: SCRIPT };
  const result = await killDeskOf(runtime).pull(order, (step) => {
    if (step === 'NO_NEW_ORDERS') headAtFirstStep = ledger.head.seq;
  });
  return { result, headAtFirstStep };
}

async function whileTheMarketGoesOn<T>(market: DrillMarket, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const noted = work.finally(() => over.abort());
  // It is heard of below; until then it must not count as nobody's.
  noted.catch(() => undefined);
  while (!over.signal.aborted) {
    await sleep(TICK_EVERY_MS);
    if (!over.signal.aborted) await market.step();
  }
  return noted;
}

const isAsking = ({ options, parts }: Runtime): boolean =>
  parts.approvals.isWaiting(options.feed.instrument.id);

const entriesLive = ({ parts }: Runtime): number =>
  parts.book.liveOrders().filter(({ order }) => order.role === 'ENTRY').length;

function isGuarded({ parts: { book } }: Runtime): boolean {
  const held = [...book.portfolio.positions.keys()];
  return held.length > 0 && held.every((key) => book.unprotectedSince(key) === undefined);
}

async function approveAll(runtime: Runtime): Promise<void> {
  for (const row of await runtime.parts.approvals.pending()) {
    const { id, version, proposalHash: seenHash } = row;
    const reason = 'approved by the drill';
    await runtime.decide({ id, version, seenHash, decision: 'APPROVE', reason, decider: SCRIPT });
  }
}
