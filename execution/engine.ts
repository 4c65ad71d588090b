/**
 * The execution engine: the only hand that trades.
 *
 * Whatever is sent, an approved intent, a protective stop or a close, takes one path: the kernel
 * reviews it on a fresh picture, the write-ahead record becomes durable, its clearance is redeemed,
 * and only then does the venue hear of it. What the venue answers is journaled before anything follows,
 * and what it does not answer is found out by asking, never by sending again.
 */
import type { Clock } from '../domain/clock.ts';
import { entryOrder } from '../domain/entry-order.ts';
import { draft } from '../domain/draft.ts';
import type { Actor, DomainEvent, EventDraft } from '../domain/event.ts';
import type { ClientOrderId, InstrumentId, IntentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { isLive, type OrderRecord } from '../domain/order-record.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { REASONS } from '../domain/reason-code.ts';
import type { VerdictRecord } from '../domain/verdict.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import type { BreakerCode } from '../risk-kernel/breakers.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { toRecord } from '../risk-kernel/record.ts';
import { type ClearedOrder, preview, redeem } from '../risk-kernel/review.ts';
import type { RiskSnapshot } from '../risk-kernel/snapshot.ts';
import { ENGINE } from './actor.ts';
import { consumeApproval, denyIntent } from './intents.ts';
import type { Marks } from './marks.ts';
import { OrderNews } from './order-news.ts';
import { Reconciler } from './reconciler.ts';
import { Resolver } from './resolver.ts';
import { type SnapshotSubject, takeSnapshot } from './risk-snapshot.ts';
import { Safety } from './safety.ts';
import { venueActor } from './settlement.ts';
import type { SubmitOutcome, Venue } from './venue.ts';
import { VenueLink } from './venue-link.ts';
import { type Origin, type Reviewed, reviewAndRecord } from './write-ahead.ts';

export interface EngineParts {
  readonly ledger: Ledger;
  readonly book: ReadonlyBook;
  readonly venue: Venue;
  readonly marks: Marks;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly clock: Clock;
  readonly limits: LimitsInForce;
}

export type SendResult =
  | { readonly kind: 'SENT' }
  | { readonly kind: 'DENIED'; readonly code: ReasonCode; readonly sentence: string }
  | Exclude<SubmitOutcome, { readonly kind: 'ACCEPTED' }>;

type ClearedReview = Extract<Reviewed, { kind: 'CLEARED' }>;

export class ExecutionEngine {
  readonly #parts: EngineParts;
  readonly #link: VenueLink;
  readonly #safety: Safety;
  readonly #news: OrderNews;
  readonly #reconciler: Reconciler;
  readonly #resolver: Resolver;
  readonly #inFlight = new Set<ClientOrderId>();
  /** Raised by the kill switch: an entry cleared before it is not sent after it. */
  #fence = 0;
  #tending: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    const { ledger, book, clock } = parts;
    this.#parts = parts;
    this.#link = new VenueLink(parts.venue, clock);
    this.#safety = new Safety(ledger, book);
    const shared = { ledger, book, clock, link: this.#link, safety: this.#safety };
    this.#news = new OrderNews(shared);
    this.#reconciler = new Reconciler({ ...shared, news: this.#news });
    const inFlight = this.#inFlight;
    this.#resolver = new Resolver({ ...shared, news: this.#news, inFlight });
  }

  get reconciled(): boolean {
    return this.#reconciler.done;
  }

  /** What the kernel would say of an order now, without permission to send it. */
  preview(order: Order): VerdictRecord {
    const { limits } = this.#parts;
    return toRecord(order, preview(this.#command(order), this.snapshot(order), limits));
  }

  /**
   * Claims an intent and sends it. Claiming works once, ever: a second call, from a retry, a restart
   * or another caller, returns undefined and sends nothing.
   */
  async execute(id: IntentId): Promise<SendResult | undefined> {
    const { ledger } = this.#parts;
    const fence = this.#fence;
    const reviewed = await ledger.transact(async (tx): Promise<Reviewed | undefined> => {
      const intent = await tx.claimIntent(id);
      if (intent === undefined) return undefined;
      const proposal = await consumeApproval(tx, intent);
      if (proposal === undefined) return denyIntent(tx, intent);
      return this.#review(tx, entryOrder(proposal), {
        correlationId: proposal.cycleId,
        causationSeq: null,
        intentId: id,
        proposalId: proposal.id,
      });
    });
    return reviewed?.kind === 'CLEARED' ? this.#release(reviewed, fence) : reviewed;
  }

  /** Sends an order of the engine's own making: a stop, a target, a close. */
  async send(order: Order, origin: Origin): Promise<SendResult> {
    const fence = this.#fence;
    const reviewed = await this.#parts.ledger.transact(async (tx) =>
      this.#review(tx, order, origin),
    );
    return reviewed.kind === 'CLEARED' ? this.#release(reviewed, fence) : reviewed;
  }

  /**
   * Asks for a cancel, once: of an order that nobody knows the whereabouts of too. The answer comes as
   * news; a cancel that was lost is asked for again when the order is found.
   */
  async cancel(id: ClientOrderId, because: string): Promise<void> {
    const { ledger, book } = this.#parts;
    const record = book.order(id);
    if (record === undefined || !isLive(record) || record.cancelWanted) return;
    const asked = await this.#news.note(
      draft('order.cancel-requested', ENGINE, record.correlationId, null, { orderId: id, because }),
    );
    // It ended meanwhile, or somebody else asked first.
    if (asked.length === 0) return;
    await ledger.flush();
    await this.#askToCancel(record);
  }

  /** Journals what the venue reported since the last call; returns the events it made. */
  collect(): Promise<readonly DomainEvent[]> {
    return this.#news.collect();
  }

  /**
   * Compares ledger and venue before the first order after a start. Orders that were on their way when
   * the process ended are asked for. False when the venue did not answer: nothing new is opened until
   * `tend` has succeeded in it.
   */
  async reconcile(): Promise<boolean> {
    const compared = await this.#reconciler.run();
    await this.#resolver.begin();
    return compared;
  }

  /**
   * What time alone brings: questions that are due, and comparisons. To be called again and again; who
   * calls while it is under way waits for that one, because two looks at one moment are not two looks.
   */
  tend(): Promise<void> {
    this.#tending ??= this.#tendOnce().finally(() => {
      this.#tending = undefined;
    });
    return this.#tending;
  }

  /** From here on nothing that was cleared before opens anything new, even if it is on its way already. */
  raiseFence(): void {
    this.#fence += 1;
  }

  /** Pulls a breaker. The way back is a person's act and not offered here. */
  pull(code: BreakerCode, because: string, by: Actor = ENGINE): Promise<boolean> {
    return this.#safety.pull(code, because, by);
  }

  haltInstrument(id: InstrumentId, code: ReasonCode, because: string): Promise<boolean> {
    return this.#safety.haltInstrument(id, code, because);
  }

  alarm(code: ReasonCode, subject: string, because: string): Promise<boolean> {
    return this.#safety.alarm(code, subject, because);
  }

  /**
   * Our orders that rest at the venue by its own word, asked for now; undefined when it does not answer.
   */
  async restingAtVenue(): Promise<readonly ClientOrderId[] | undefined> {
    const { book } = this.#parts;
    const answer = await this.#link.openOrders();
    if (!answer.answered) return undefined;
    return answer.value
      .map(({ clientId }) => clientId as ClientOrderId)
      .filter((id) => book.order(id) !== undefined);
  }

  /**
   * Cancels without a record of it, for the kill switch when the ledger cannot be written, or not in time:
   * only there, and only toward safety, is an effect without its journal better than none.
   */
  async cancelUnrecorded(id: ClientOrderId): Promise<void> {
    await this.#link.cancel(id);
  }

  /** The account as the kernel would be shown it now, for judging one order. */
  snapshot(order: SnapshotSubject): RiskSnapshot {
    const { ledger, book, marks, instruments, clock } = this.#parts;
    const auditIntact = ledger.intact;
    const sources = { book, marks, instruments, auditIntact, reconciled: this.reconciled };
    return takeSnapshot(sources, order, clock.now());
  }

  async #tendOnce(): Promise<void> {
    await this.#link.tendClock();
    await this.#resolver.tend();
    await this.#reconciler.tend();
  }

  #command(order: Order): { order: Order; instrument: Instrument; nowMs: number } {
    const instrument = this.#parts.instruments.get(order.instrumentId);
    if (instrument === undefined)
      throw new Error(`order ${order.id} is of unknown ${order.instrumentId}`);
    return { order, instrument, nowMs: this.#parts.clock.now() };
  }

  #review(tx: LedgerTransaction, order: Order, origin: Origin): Reviewed {
    const { limits } = this.#parts;
    return reviewAndRecord(tx, this.#command(order), this.snapshot(order), limits, origin);
  }

  async #release(reviewed: ClearedReview, fence: number): Promise<SendResult> {
    const { order, submitting } = reviewed;
    this.#inFlight.add(order.id);
    try {
      const cleared = this.#redeem(reviewed, fence);
      if (typeof cleared === 'string') return await this.#withhold(reviewed, cleared);
      const outcome = await this.#link.submit(cleared, submitting.atMs);
      if (outcome.kind === 'WITHHELD') return await this.#withhold(reviewed, outcome.because);
      return await this.#answer(reviewed, outcome);
    } finally {
      this.#inFlight.delete(order.id);
    }
  }

  /** The order as the venue takes it, or why it stays here. */
  #redeem({ order, clearance, snapshotSeq }: ClearedReview, fence: number): ClearedOrder | string {
    const { clock, limits } = this.#parts;
    if (order.role === 'ENTRY' && fence !== this.#fence)
      return 'everything was stopped before it was sent';
    const now = { nowMs: clock.now(), snapshotSeq, limitsHash: limits.hash };
    return redeem(clearance, order, now) ?? REASONS.CLEARANCE_INVALID;
  }

  async #withhold({ order, submitting }: ClearedReview, because: string): Promise<SendResult> {
    const { correlationId, seq } = submitting;
    const body = { orderId: order.id, because };
    await this.#news.note(draft('order.rejected', ENGINE, correlationId, seq, body));
    return { kind: 'REJECTED', because };
  }

  async #answer({ order, submitting }: ClearedReview, outcome: SubmitOutcome): Promise<SendResult> {
    await this.#news.note(outcomeDraft(order.id, submitting, outcome, this.#link.name));
    // Asked for while it was on its way: the venue did not know it then.
    const record = this.#parts.book.order(order.id);
    if (record?.cancelWanted === true && isLive(record)) await this.#askToCancel(record);
    return outcome.kind === 'ACCEPTED' ? { kind: 'SENT' } : outcome;
  }

  async #askToCancel({ order, correlationId }: OrderRecord): Promise<void> {
    const outcome = await this.#link.cancel(order.id);
    // Not found and not answered mean the same: whoever asks for the order will learn what became of it.
    if (outcome.kind !== 'REFUSED') return;
    const { because } = outcome;
    const actor = venueActor(this.#link.name);
    const body = { orderId: order.id, because };
    await this.#news.note(draft('order.cancel-refused', actor, correlationId, null, body));
  }
}

function outcomeDraft(
  orderId: ClientOrderId,
  { correlationId, seq }: DomainEvent,
  outcome: SubmitOutcome,
  venue: string,
): EventDraft {
  switch (outcome.kind) {
    case 'ACCEPTED': {
      const { venueOrderId } = outcome;
      return draft('order.accepted', venueActor(venue), correlationId, seq, {
        orderId,
        venueOrderId,
      });
    }
    case 'REJECTED': {
      const { because } = outcome;
      return draft('order.rejected', venueActor(venue), correlationId, seq, { orderId, because });
    }
    case 'UNKNOWN': {
      const { because } = outcome;
      return draft('order.unknown', ENGINE, correlationId, seq, { orderId, because });
    }
  }
}
