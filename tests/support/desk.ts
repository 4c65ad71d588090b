/** Engine, guard, approvals and their folds on one ledger, as the runtime puts them together. */
import { foldJournal } from '../../apps/runtime/folds.ts';
import { approvalIdOf, Approvals, proposalHash } from '../../coordination/approvals.ts';
import type { DecisionInput, DecisionOutcome } from '../../coordination/approvals.ts';
import { type PhaseMover, phaseMover } from '../../coordination/phases.ts';
import type { RiskDesk } from '../../coordination/ports.ts';
import { ManualClock } from '../../domain/clock.ts';
import { draft } from '../../domain/draft.ts';
import { entryOrder, orderIdFor } from '../../domain/entry-order.ts';
import type { DomainEvent, EventOf, EventType } from '../../domain/event.ts';
import { cycleId, type IntentId, intentId, proposalId } from '../../domain/ids.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import {
  BTC,
  ETH,
  MOMENTUM,
  REVERSION,
  sampleProposal,
  START_MS,
} from '../../domain/testing/samples.ts';
import { type DecimalText, price } from '../../domain/units.ts';
import { ExecutionEngine } from '../../execution/engine.ts';
import { Marks } from '../../execution/marks.ts';
import { PositionGuard } from '../../execution/position-guard.ts';
import { Loosening } from '../../execution/loosening.ts';
import { entryRoom } from '../../execution/risk-desk.ts';
import { RiskWatch } from '../../execution/risk-watch.ts';
import { LyingVenue } from '../../execution/testing/lying-venue.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import { type LimitsInForce, STANDARD } from '../../risk-kernel/limits-in-force.ts';
import { review } from '../../risk-kernel/review.ts';
import type { Book } from '../../ledger/projections/book.ts';
import type { Decisions } from '../../ledger/projections/decisions.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';

export const PERSON = { kind: 'PERSON', name: 'local' } as const;
const INSTRUMENTS = new Map([BTC, ETH].map((instrument) => [instrument.id, instrument]));
const TEST = { kind: 'SYSTEM', name: 'test' } as const;

export interface DeskOptions {
  readonly clock?: ManualClock;
  readonly ledger?: Ledger;
  readonly venue?: LyingVenue;
  readonly limits?: LimitsInForce;
  /** A kernel that has failed, in the live one's place. */
  readonly review?: typeof review;
}

/** A desk that has started and compared itself with its venue; the mark is 50,000. */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const clock = options.clock ?? new ManualClock(START_MS);
  const ledger = options.ledger ?? memoryLedger({ clock });
  const { book, decisions } = await foldJournal(ledger, Snapshots.none(), INSTRUMENTS);
  const desk = new Desk(clock, ledger, options.venue ?? new LyingVenue(), book, decisions, options);
  await desk.start();
  return desk;
}

export class Desk {
  readonly instruments = INSTRUMENTS;
  readonly marks = new Marks();
  readonly engine: ExecutionEngine;
  readonly guard: PositionGuard;
  readonly watch: RiskWatch;
  readonly loosening: Loosening;
  readonly risk: RiskDesk;
  readonly approvals: Approvals;
  readonly phases: PhaseMover;
  readonly clock: ManualClock;
  readonly ledger: Ledger;
  readonly venue: LyingVenue;
  readonly book: Book;
  readonly decisions: Decisions;

  constructor(
    clock: ManualClock,
    ledger: Ledger,
    venue: LyingVenue,
    book: Book,
    decisions: Decisions,
    options: DeskOptions,
  ) {
    this.clock = clock;
    this.ledger = ledger;
    this.venue = venue;
    venue.bind(clock);
    this.book = book;
    this.decisions = decisions;
    const { marks, instruments } = this;
    const limits = options.limits ?? STANDARD;
    this.engine = new ExecutionEngine({ ledger, book, venue, marks, instruments, clock, limits });
    this.guard = new PositionGuard({
      engine: this.engine,
      ledger,
      book,
      instruments,
      clock,
      limits,
    });
    const sources = { engine: this.engine, ledger, book, marks, clock, limits };
    this.watch = new RiskWatch({ ...sources, instruments, review: options.review ?? review });
    this.loosening = new Loosening({ ...sources, watch: this.watch });
    this.risk = {
      mark: (id) => marks.get(id) ?? book.mark(id),
      room: (id, direction) =>
        entryRoom({ book, marks, instruments, limits, clock }, id, direction),
      preview: (order) => this.engine.preview(order),
    };
    this.approvals = new Approvals(ledger, decisions, this.risk, clock);
    this.phases = phaseMover(ledger, (id) => decisions.phaseOf(id));
  }

  async start(): Promise<void> {
    await this.ledger.append(
      draft('system.started', TEST, 'system', null, {
        version: '0',
        decisionMode: 'GUIDE',
        venueMode: 'SIMULATION',
        limitsHash: '',
        tightened: {},
        currency: 'USD',
        cash: '10000',
        strategies: [MOMENTUM, REVERSION],
        rules: {},
        entryRules: [],
        instruments: [...INSTRUMENTS.keys()],
        market: 'test',
        synthetic: true,
        seed: 1,
        resumed: this.book.started,
      }),
    );
    this.mark('50000');
    await this.engine.reconcile();
  }

  mark(at: DecimalText, { id } = BTC): void {
    this.marks.set(id, price(at), this.clock.now());
  }

  /** A bar of five minutes that closes now; unless said otherwise it only ever traded at its close. */
  async bar(close: DecimalText, high = close, low = close, instrument = BTC): Promise<void> {
    const openTimeMs = this.clock.now();
    this.clock.advanceTo(openTimeMs + 300_000);
    this.mark(close, instrument);
    const bar = { openTimeMs, open: close, high, low, close, volume: '1' };
    await this.ledger.append(
      draft('market.bar-closed', TEST, 'market', null, {
        instrumentId: instrument.id,
        timeframe: '5m',
        bar,
      }),
    );
    await this.engine.tend();
    await this.guard.onBar(instrument.id);
    await this.guard.tend();
    await this.watch.look();
  }

  /** Time passes without a price, and what it brings is done. */
  async wait(ms: number): Promise<void> {
    this.clock.advanceTo(this.clock.now() + ms);
    await this.engine.tend();
    await this.guard.settle();
    await this.guard.tend();
    await this.watch.look();
  }

  /** A proposal at the mark, of a cycle of its own. */
  proposal(name: string, change: Partial<TradeProposal> = {}): TradeProposal {
    const now = this.clock.now();
    return sampleProposal({
      id: proposalId(name),
      cycleId: cycleId(`cycle-${name}`),
      createdAtMs: now,
      expiresAtMs: now + 3_600_000,
      ...change,
    });
  }

  /** Opens the proposal's cycle and asks for its approval. */
  async request(proposal: TradeProposal): Promise<TradeProposal> {
    if (this.phases.phaseOf(proposal.cycleId) === 'IDLE')
      await this.phases.open(proposal.cycleId, proposal.instrumentId, proposal.createdAtMs);
    const verdict = this.engine.preview(entryOrder(proposal));
    await this.approvals.request(proposal, verdict, proposal.cycleId);
    return proposal;
  }

  decide(proposal: TradeProposal, change: Partial<DecisionInput> = {}): Promise<DecisionOutcome> {
    return this.approvals.decide({
      id: approvalIdOf(proposal.id),
      decision: 'APPROVE',
      version: 1,
      seenHash: proposalHash(proposal),
      reason: '',
      decider: PERSON,
      ...change,
    });
  }

  /** Asks, approves and records the intent: what the engine is then told to execute. */
  async intend(name: string, change: Partial<TradeProposal> = {}): Promise<IntentId> {
    const proposal = await this.request(this.proposal(name, change));
    const outcome = await this.decide(proposal);
    if (outcome.kind !== 'DECIDED' || outcome.status !== 'APPROVED')
      throw new Error(`${name} was not approved: ${JSON.stringify(outcome)}`);
    await this.approvals.record(proposal.id);
    return intentId(orderIdFor(proposal.id, 'ENTRY'));
  }

  /** A protected position: approved, sent, filled at the price, its stop and target placed. */
  async enter(name: string, at: DecimalText, change: Partial<TradeProposal> = {}): Promise<void> {
    const intent = await this.intend(name, change);
    await this.engine.execute(intent);
    this.venue.fill(orderIdFor(proposalId(name), 'ENTRY'), at);
    await this.guard.settle();
  }

  async events(): Promise<readonly DomainEvent[]> {
    return (await this.ledger.read(0, this.ledger.head.seq)).map(({ event }) => event);
  }

  async eventsOf<T extends EventType>(type: T): Promise<readonly EventOf<T>[]> {
    return (await this.events()).filter((event): event is EventOf<T> => event.type === type);
  }
}
