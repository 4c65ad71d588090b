/**
 * The execution engine: the only hand that trades.
 *
 * Whatever is sent, an approved intent, a protective stop or a close, takes one path: the kernel
 * reviews it on a fresh picture, the write-ahead record becomes durable, its clearance is redeemed,
 * and only then does the venue hear of it. What the venue answers is journaled before anything follows.
 */
import type { Clock } from '../domain/clock.ts';
import { entryOrder } from '../domain/entry-order.ts';
import { draft } from '../domain/draft.ts';
import type { DomainEvent, EventBodies, EventDraft, TradingState } from '../domain/event.ts';
import type { ClientOrderId, InstrumentId, IntentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { REASONS } from '../domain/reason-code.ts';
import type { VerdictRecord } from '../domain/verdict.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/book.ts';
import { type BreakerCode, BREAKERS } from '../risk-kernel/breakers.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { toRecord } from '../risk-kernel/record.ts';
import { type ClearedOrder, preview, redeem } from '../risk-kernel/review.ts';
import { ENGINE } from './actor.ts';
import { consumeApproval, denyIntent } from './intents.ts';
import type { Marks } from './marks.ts';
import { reconcile, reconciliationDrafts } from './reconciliation.ts';
import type { RiskSnapshot } from '../risk-kernel/snapshot.ts';
import { type SnapshotSubject, takeSnapshot } from './risk-snapshot.ts';
import { isNews, reportDraft, venueActor } from './venue-reports.ts';
import type { SubmitOutcome, Venue } from './venue.ts';
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
  | { readonly kind: 'REJECTED'; readonly because: string }
  | { readonly kind: 'UNKNOWN'; readonly because: string };

export class ExecutionEngine {
  readonly #parts: EngineParts;
  #reconciled = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  get reconciled(): boolean {
    return this.#reconciled;
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
    return reviewed?.kind === 'CLEARED' ? this.#release(reviewed) : reviewed;
  }

  /** Sends an order of the engine's own making: a stop, a target, a close. */
  async send(order: Order, origin: Origin): Promise<SendResult> {
    const reviewed = await this.#parts.ledger.transact(async (tx) =>
      this.#review(tx, order, origin),
    );
    return reviewed.kind === 'CLEARED' ? this.#release(reviewed) : reviewed;
  }

  async cancel(id: ClientOrderId, because: string): Promise<void> {
    const { ledger, book, venue } = this.#parts;
    const record = book.order(id);
    if (record === undefined || !['OPEN', 'PARTIALLY_FILLED'].includes(record.state)) return;
    await ledger.append(
      draft('order.cancel-requested', ENGINE, record.correlationId, null, { orderId: id, because }),
    );
    await ledger.flush();
    await venue.cancel(id);
  }

  /** Journals what the venue reported since the last call; returns the events it made. */
  async collect(): Promise<readonly DomainEvent[]> {
    const { ledger, book, venue } = this.#parts;
    const events: DomainEvent[] = [];
    for (const report of venue.takeReports()) {
      const record = book.order(report.orderId);
      if (record === undefined) {
        const because = `${venue.name} reports on ${report.orderId}, which we never sent`;
        await this.pull('VENUE_MISMATCH', because);
      } else if (isNews(report, record, book)) {
        events.push(...(await ledger.append(reportDraft(report, record, venue.name))));
      }
    }
    return events;
  }

  /**
   * Compares ledger and venue before the first order after a start. Orders that were on their way when
   * the process ended are resolved by asking the venue, never by sending again.
   */
  async reconcile(): Promise<void> {
    const { ledger, book, venue } = this.#parts;
    const resting = await venue.openOrders();
    // An order that is over rests nowhere: without its report it would look as if it had never landed.
    await this.collect();
    const live = book.liveOrders();
    const found = reconcile(live, resting);
    await ledger.append(...reconciliationDrafts(found, book, venue.name));
    if (found.missing.length + found.foreign.length > 0) {
      await this.pull('VENUE_MISMATCH', 'venue and ledger disagree about open orders');
    }
    await ledger.flush();
    // A cancel that was asked for before the process ended is asked for again; it cannot do harm twice.
    for (const { order, state } of live)
      if (state === 'PENDING_CANCEL') await venue.cancel(order.id);
    this.#reconciled = true;
  }

  /**
   * Pulls a breaker: the trading state moves toward safety as its table says, and an emergency it
   * raises, or that is raised already, stays raised. Returns whether anything moved. The other
   * direction is a person's act and not offered here.
   */
  async pull(code: BreakerCode, because: string): Promise<boolean> {
    if (this.#moveBy(code) === undefined) return false;
    return this.#parts.ledger.transact(async (tx) => {
      // Looked at again in its turn: of two that are pulled at once, the lesser must not win.
      const move = this.#moveBy(code);
      if (move === undefined) return false;
      const body = { ...move, because, code };
      tx.append(draft('trading.state-changed', ENGINE, 'trading-state', null, body));
      return true;
    });
  }

  /** The account as the kernel would be shown it now, for judging one order. */
  snapshot(order: SnapshotSubject): RiskSnapshot {
    const { ledger, book, marks, instruments, clock } = this.#parts;
    const auditIntact = ledger.broken === undefined;
    const sources = { book, marks, instruments, auditIntact, reconciled: this.#reconciled };
    return takeSnapshot(sources, order, clock.now());
  }

  /** What a breaker changes; undefined when everything is as grave already. */
  #moveBy(
    code: BreakerCode,
  ): Pick<EventBodies['trading.state-changed'], 'from' | 'to' | 'emergency'> | undefined {
    const { tradingState: from, emergency: before } = this.#parts.book;
    const to = graver(from, BREAKERS[code].to);
    const emergency = BREAKERS[code].emergency || before;
    return to === from && emergency === before ? undefined : { from, to, emergency };
  }

  #command(order: Order): { order: Order; instrument: Instrument; nowMs: number } {
    const instrument = this.#parts.instruments.get(order.instrumentId);
    if (instrument === undefined)
      throw new Error(`order ${order.id} is of unknown ${order.instrumentId}`);
    return { order, instrument, nowMs: this.#parts.clock.now() };
  }

  #review(tx: LedgerTransaction, order: Order, origin: Origin): Reviewed {
    return reviewAndRecord(
      tx,
      this.#command(order),
      this.snapshot(order),
      this.#parts.limits,
      origin,
    );
  }

  async #release({
    order,
    clearance,
    snapshotSeq,
    submitting,
  }: Extract<Reviewed, { kind: 'CLEARED' }>): Promise<SendResult> {
    const { ledger, venue, clock, limits } = this.#parts;
    const record = async (next: EventDraft): Promise<void> => void (await ledger.append(next));
    const { correlationId, seq } = submitting;
    const orderId = order.id;
    const cleared = redeem(clearance, order, {
      nowMs: clock.now(),
      snapshotSeq,
      limitsHash: limits.hash,
    });
    if (cleared === undefined) {
      const because = REASONS.CLEARANCE_INVALID;
      await record(draft('order.rejected', ENGINE, correlationId, seq, { orderId, because }));
      return { kind: 'REJECTED', because };
    }
    const outcome = await submitTo(venue, cleared);
    switch (outcome.kind) {
      case 'ACCEPTED': {
        await record(
          draft('order.accepted', venueActor(venue.name), correlationId, seq, {
            orderId,
            venueOrderId: outcome.venueOrderId,
          }),
        );
        return { kind: 'SENT' };
      }
      case 'REJECTED':
        await record(
          draft('order.rejected', venueActor(venue.name), correlationId, seq, {
            orderId,
            because: outcome.because,
          }),
        );
        return outcome;
      case 'UNKNOWN':
        await record(
          draft('order.unknown', ENGINE, correlationId, seq, { orderId, because: outcome.because }),
        );
        await this.pull('ORDER_UNRESOLVED', `nobody knows whether ${orderId} reached the venue`);
        return outcome;
    }
  }
}

const RANK: Readonly<Record<TradingState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

const graver = (a: TradingState, b: TradingState): TradingState => (RANK[a] >= RANK[b] ? a : b);

/** A venue that fails in any way has not refused: nobody knows what it did with the order. */
async function submitTo(venue: Venue, order: ClearedOrder): Promise<SubmitOutcome> {
  try {
    return await venue.submit(order);
  } catch (error) {
    return { kind: 'UNKNOWN', because: `the venue did not answer: ${String(error)}` };
  }
}
