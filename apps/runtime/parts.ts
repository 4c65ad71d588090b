/** Who is made of what: every part of the orchestrator, each handed only what it may use. */
import type { GraphParts } from '../../agents/graph.ts';
import { ExecutionAgent } from '../../agents/execution-agent.ts';
import { RiskAgent } from '../../agents/risk-agent.ts';
import { StrategyAgent } from '../../agents/strategy-agent.ts';
import type { BarReading } from '../../agents/strategy-desk.ts';
import { Supervisor } from '../../agents/supervisor.ts';
import { type RecordStep, stepRecorder } from '../../agents/trace.ts';
import { Approvals } from '../../coordination/approvals.ts';
import { answerTo } from '../../coordination/ask.ts';
import type { Bus } from '../../coordination/bus.ts';
import { acknowledgeHalts } from '../../coordination/halt.ts';
import { InProcessBus } from '../../coordination/in-process-bus.ts';
import type { Message } from '../../coordination/message.ts';
import { phaseMover } from '../../coordination/phases.ts';
import type { Journal, RiskDesk } from '../../coordination/ports.ts';
import { SharedState } from '../../coordination/shared-state.ts';
import { draft } from '../../domain/draft.ts';
import type { AgentName } from '../../domain/event.ts';
import type { CycleId, InstrumentId } from '../../domain/ids.ts';
import { ExecutionEngine } from '../../execution/engine.ts';
import { KillSwitch } from '../../execution/kill-switch.ts';
import { Loosening } from '../../execution/loosening.ts';
import { Marks } from '../../execution/marks.ts';
import { PositionGuard } from '../../execution/position-guard.ts';
import { entryRoom } from '../../execution/risk-desk.ts';
import { RiskWatch } from '../../execution/risk-watch.ts';
import type { Accounts } from '../../ledger/accounts/accounts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { Decisions } from '../../ledger/projections/decisions.ts';
import { review } from '../../risk-kernel/review.ts';
import { FAULT_PROFILES } from '../../simulation/fault-profiles.ts';
import { LIVE_MODELS, PLAIN_MODELS } from '../../simulation/models.ts';
import { PaperVenue } from '../../simulation/paper-venue.ts';
import { SimulatedVenue } from '../../simulation/simulated-venue.ts';
import { type DeliberationWhenNeeded, whenNeeded } from './deliberation-when-needed.ts';
import type { Folds } from './folds.ts';
import type { RuntimeOptions } from './runtime.ts';

export interface Parts {
  readonly book: ReadonlyBook;
  readonly decisions: Decisions;
  /** The same money as the book's, in double entry. */
  readonly accounts: Accounts;
  readonly marks: Marks;
  readonly shared: SharedState;
  readonly bus: Bus;
  readonly venue: SimulatedVenue;
  readonly engine: ExecutionEngine;
  readonly guard: PositionGuard;
  readonly killSwitch: KillSwitch;
  readonly watch: RiskWatch;
  readonly loosening: Loosening;
  readonly approvals: Approvals;
  readonly supervisor: Supervisor;
  readonly deliberation: DeliberationWhenNeeded;
  /** Why nothing new may begin, or undefined while it may. */
  readonly halted: () => string | undefined;
}

/** The body of the Supervisor's request to look at a bar. */
export interface AnalysisRequest {
  readonly cycleId: CycleId;
  readonly instrumentId: InstrumentId;
  readonly reading: BarReading;
}

export function buildParts(options: RuntimeOptions, { book, decisions, accounts }: Folds): Parts {
  const { ledger, clock, feed, limits } = options;
  const instruments = new Map([[feed.instrument.id, feed.instrument]]);
  const marks = new Marks(options.behindMs);
  const shared = new SharedState();
  const bus = new InProcessBus(clock, (message) => recordMessage(ledger, message));
  const venue = venueOf(options);
  const engine = new ExecutionEngine({
    ledger,
    book,
    venue,
    marks,
    instruments,
    clock,
    limits,
  });
  const guard = new PositionGuard({ engine, ledger, book, instruments, clock, limits });
  const { pause } = options;
  const killSwitch = new KillSwitch({ engine, guard, ledger, book, pause });
  const sources = { engine, ledger, book, marks, clock, limits };
  const watch = new RiskWatch({ ...sources, instruments, review });
  const loosening = new Loosening({ ...sources, watch });
  const risk: RiskDesk = {
    mark: (id) => marks.get(id) ?? book.mark(id),
    room: (id, direction) => entryRoom({ book, marks, instruments, limits, clock }, id, direction),
    preview: (order) => engine.preview(order),
  };
  const approvals = new Approvals(ledger, decisions, risk, clock);
  const halted = (): string | undefined => ledger.broken ?? standstillOf(book);
  const journal: Journal = (...drafts) => ledger.append(...drafts);
  const phases = phaseMover(ledger, (id) => decisions.phaseOf(id));
  const supervisor = new Supervisor({
    phases,
    bus,
    journal,
    halted,
    approvalOf: (cycle) => {
      const decision = decisions.get(cycle);
      return decision && { status: decision.approvalStatus, because: decision.because };
    },
  });
  const recorder = (agent: AgentName): RecordStep => stepRecorder(journal, agent);
  const strategy = new StrategyAgent({
    reasoner: options.reasoner,
    isWaiting: (id) => approvals.isWaiting(id),
    record: recorder('strategy'),
  });
  answerAnalyses(bus, strategy);
  acknowledgeHalts(bus, shared);
  const graphParts: GraphParts = {
    supervisor,
    strategy,
    risk: new RiskAgent({ risk, instruments, record: recorder('risk') }),
    execution: new ExecutionAgent({ intents: approvals, record: recorder('execution') }),
    approvals,
    approvalMs: options.approvalMs,
    flush: () => ledger.flush(),
  };
  const graph = whenNeeded(async () => {
    const { deliberation } = await import('../../agents/graph.ts');
    return deliberation(graphParts, await options.checkpointer());
  });
  return {
    book,
    decisions,
    accounts,
    marks,
    shared,
    bus,
    venue,
    engine,
    guard,
    killSwitch,
    watch,
    loosening,
    approvals,
    supervisor,
    deliberation: graph,
    halted,
  };
}

/** Prices that come as they are made say more about a fill than a bar does. */
function venueOf(options: RuntimeOptions): SimulatedVenue {
  const { feed, cash, clock, seed, rehearse } = options;
  if (options.venueMode === 'PAPER') return new PaperVenue({ feed, cash, clock, seed });
  return new SimulatedVenue({
    instruments: new Map([[feed.instrument.id, feed.instrument]]),
    currency: feed.instrument.quote,
    cash,
    clock,
    seed,
    models: feed.detail === 'TICKS' ? LIVE_MODELS : PLAIN_MODELS,
    profile: FAULT_PROFILES[rehearse],
  });
}

/** A breaker's own reason; a step back by a person is no reason, only what is left of one. */
function standstillOf(book: ReadonlyBook): string | undefined {
  const { tradingState, tradingStateBecause, tradingStateCode } = book;
  if (tradingState === 'ACTIVE') return undefined;
  return tradingStateCode === null || tradingStateBecause === null
    ? `trading is ${tradingState} until a person resumes it`
    : tradingStateBecause;
}

/** Every delivered message is part of the trace; delivery waits for the journal to take it. */
async function recordMessage(ledger: Ledger, message: Message): Promise<void> {
  const { id, lane, kind, from, to, topic, summary, correlationId } = message;
  const actor = { kind: 'AGENT', name: from } as const;
  const body = { messageId: id, lane, kind, from, to, topic, summary };
  await ledger.append(draft('message.sent', actor, correlationId, null, body));
}

function answerAnalyses(bus: Bus, strategy: StrategyAgent): void {
  bus.subscribe('strategy', async (message) => {
    if (message.topic !== 'bar.closed') return;
    const { cycleId, instrumentId, reading } = message.body as AnalysisRequest;
    const analysis = await strategy.analyse(cycleId, instrumentId, reading);
    const summary =
      analysis.kind === 'SIGNAL'
        ? `Strategy to supervisor: a ${analysis.signal.direction} set-up by ${analysis.signal.strategyId}.`
        : 'Strategy to supervisor: nothing to propose.';
    bus.publish(
      answerTo(message, { from: 'strategy', topic: 'bar.analysed', summary, body: analysis }),
    );
  });
}
