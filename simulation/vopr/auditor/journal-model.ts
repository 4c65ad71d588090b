/** The journal as the auditor reads it: a plain fold of the stored rows. */
import { decimal, times } from './decimal.ts';
import type { EventWords, FillWords, OrderWords, RowWords } from './testimony.ts';

export type Whereabouts = 'ON_ITS_WAY' | 'AT_VENUE' | 'OVER';

export interface BookedOrder {
  readonly order: OrderWords;
  readonly intentId: string | null;
  readonly seq: number;
  readonly atMs: number;
  filled: bigint;
  where: Whereabouts;
  /** Nobody answered whether it arrived, and nothing was heard of it since. */
  lost: boolean;
  suspect: boolean;
  /** The venue has said that it has it. */
  acknowledged: boolean;
  cancelWanted: boolean;
}

export const positionKey = (instrumentId: string, strategyId: string): string =>
  `${instrumentId}:${strategyId}`;

export class JournalModel {
  seq = 0;
  hash = '0'.repeat(64);
  cash = 0n;
  trading = 'ACTIVE';
  /** Ledger and venue were compared since the start. */
  reconciled = false;
  /** By position key, signed. */
  readonly positions = new Map<string, bigint>();
  readonly orders = new Map<string, BookedOrder>();
  readonly fills = new Map<string, FillWords>();
  /** When the kernel last cleared an order for sending; absent when it never did. */
  readonly clearedAtMs = new Map<string, number>();
  readonly halted = new Set<string>();
  /** Positions, by key, that are to be closed whatever it takes. */
  readonly closing = new Set<string>();
  /** The rows with which trading was let go on. */
  readonly resumes: number[] = [];
  /** Everything that was cleared to open something, in order. */
  readonly entries: BookedOrder[] = [];
  /** Executions that were booked a second time. */
  readonly twice: string[] = [];

  begin(cash: bigint): void {
    this.cash = cash;
  }

  /** Returns the order whose write-ahead record the row is. */
  read(row: RowWords, event: EventWords): BookedOrder | undefined {
    this.seq = row.seq;
    this.hash = row.hash;
    const { body } = event;
    switch (event.type) {
      case 'order.submitting':
        return this.#submit(event);
      case 'order.filled':
        this.#fill(event);
        return undefined;
      case 'kernel.reviewed':
        if (body['stage'] === 'SEND' && (body['verdict'] as { cleared?: unknown }).cleared === true)
          this.clearedAtMs.set(String(body['subject']), event.atMs);
        return undefined;
      case 'trading.state-changed':
        this.trading = String(body['to']);
        if (this.trading === 'ACTIVE') this.resumes.push(event.seq);
        return undefined;
      case 'system.started':
        this.reconciled = false;
        return undefined;
      case 'reconciliation.completed':
        this.reconciled = true;
        return undefined;
      case 'position.close-requested':
        this.closing.add(positionKey(String(body['instrumentId']), String(body['strategyId'])));
        return undefined;
      case 'instrument.halted':
        this.halted.add(String(body['instrumentId']));
        return undefined;
      case 'instrument.resumed':
        this.halted.delete(String(body['instrumentId']));
        return undefined;
      default:
        this.#step(event);
        return undefined;
    }
  }

  #submit({ seq, atMs, body }: EventWords): BookedOrder {
    const order = body['order'] as OrderWords;
    const intentId = body['intentId'] as string | null;
    const booked: BookedOrder = {
      order,
      intentId,
      seq,
      atMs,
      filled: 0n,
      where: 'ON_ITS_WAY',
      lost: false,
      suspect: false,
      acknowledged: false,
      cancelWanted: false,
    };
    this.orders.set(order.id, booked);
    if (order.role === 'ENTRY') this.entries.push(booked);
    return booked;
  }

  #fill({ body }: EventWords): void {
    const fill = body as unknown as FillWords & { readonly strategyId: string };
    if (this.fills.has(fill.fillId)) this.twice.push(fill.fillId);
    this.fills.set(fill.fillId, fill);
    const quantity = decimal(fill.quantity);
    const key = positionKey(fill.instrumentId, fill.strategyId);
    const signed = fill.side === 'BUY' ? quantity : -quantity;
    const held = (this.positions.get(key) ?? 0n) + signed;
    this.positions.set(key, held);
    if (held === 0n) this.closing.delete(key);
    const value = times(decimal(fill.price), quantity);
    this.cash += (fill.side === 'BUY' ? -value : value) - decimal(fill.fee);
    const booked = this.orders.get(fill.orderId);
    if (booked === undefined) return;
    booked.filled += quantity;
    booked.acknowledged = true;
    booked.lost = false;
    if (booked.filled >= decimal(booked.order.quantity)) booked.where = 'OVER';
    else if (booked.where === 'ON_ITS_WAY') booked.where = 'AT_VENUE';
  }

  #step({ type, body }: EventWords): void {
    const booked = this.orders.get(String(body['orderId']));
    if (booked === undefined) return;
    switch (type) {
      case 'order.accepted':
        booked.suspect = false;
        booked.lost = false;
        booked.acknowledged = true;
        if (booked.where === 'ON_ITS_WAY') booked.where = 'AT_VENUE';
        return;
      case 'order.resurfaced':
        booked.where = 'AT_VENUE';
        booked.acknowledged = true;
        return;
      case 'order.unknown':
        booked.lost = true;
        return;
      case 'order.suspected':
        booked.suspect = true;
        return;
      case 'order.cancel-requested':
        booked.cancelWanted = true;
        return;
      case 'order.cancel-refused':
        booked.cancelWanted = false;
        return;
      case 'order.rejected':
      case 'order.canceled':
      case 'order.expired':
        booked.where = 'OVER';
        return;
      default:
    }
  }
}
