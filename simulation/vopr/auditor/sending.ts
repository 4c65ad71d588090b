/** The rules of the moment at which something is recorded to be sent, and at which the venue hears of it. */
import type { Case } from './case.ts';
import { decimal, size, words } from './decimal.ts';
import { judgeExposure } from './exposure.ts';
import { type BookedOrder, positionKey } from './journal-model.ts';
import { CLEARANCE_MS, ENTRIES_PER_DAY, ENTRIES_PER_HOUR } from './lines.ts';
import type { OrderWords } from './testimony.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A write-ahead record became durable. */
export function judgeRecord(at: Case, booked: BookedOrder): void {
  const { journal } = at;
  const { id, role } = booked.order;
  const sharing = [...journal.orders.values()].filter(
    (other) => booked.intentId !== null && other.intentId === booked.intentId,
  );
  if (sharing.length > 1) {
    const ids = sharing.map(({ order }) => order.id);
    at.object('TWO_ORDERS_FOR_ONE_INTENT', `intent ${booked.intentId} has ${ids.join(', ')}`, ids);
  }
  if (role === 'ENTRY') judgeEntry(at, booked, id);
  else judgeExit(at, booked.order);
}

function judgeExit(
  { journal, object }: Case,
  { id, instrumentId, strategyId, side, quantity }: OrderWords,
): void {
  const key = positionKey(instrumentId, strategyId);
  const held = journal.positions.get(key) ?? 0n;
  if ((side === 'SELL') === held > 0n && decimal(quantity) <= size(held)) return;
  object('EXIT_OVERSIZED', `${id} is ${side} ${quantity}, and ${words(held)} ${key} is held`, [id]);
}

function judgeEntry(at: Case, booked: BookedOrder, id: string): void {
  const { journal } = at;
  const { instrumentId, side } = booked.order;
  if (!journal.reconciled) at.object('SENT_UNRECONCILED', 'nothing was compared yet', [id]);
  if (at.unapproved.has(booked.intentId ?? ''))
    at.object('SENT_UNAPPROVED', `nobody approved ${id}`, [id]);
  if (journal.trading !== 'ACTIVE')
    at.object('SENT_WHILE_STOPPED', `trading is ${journal.trading}`, [id]);
  if (journal.halted.has(instrumentId))
    at.object('SENT_WHILE_STOPPED', `${instrumentId} is halted`, [id]);
  for (const other of journal.orders.values()) {
    if (other === booked || other.order.instrumentId !== instrumentId || other.where === 'OVER')
      continue;
    const lost = other.lost && other.order.role === 'ENTRY' && other.order.side === side;
    if (lost || other.suspect)
      at.object('SENT_INTO_A_LOCK', `${other.order.id} is unaccounted for`, [id, other.order.id]);
  }
  const lately = journal.entries.filter(({ atMs }) => atMs > booked.atMs - HOUR_MS).length;
  const today = journal.entries.filter(({ atMs }) => dayOf(atMs) === dayOf(booked.atMs)).length;
  if (lately > ENTRIES_PER_HOUR) at.object('TOO_MANY_ENTRIES', `${lately} in an hour`, [id]);
  if (today > ENTRIES_PER_DAY) at.object('TOO_MANY_ENTRIES', `${today} in a day`, [id]);
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** The venue is about to hear of an order. */
export function judgeAsk(at: Case, order: OrderWords, broken: boolean, stopped: boolean): void {
  const { journal, venue } = at;
  const { id } = order;
  const booked = journal.orders.get(id);
  if (broken) at.object('SENT_BY_THE_BROKEN', `${id} was sent`, [id]);
  if (booked === undefined) {
    at.object('SENT_UNRECORDED', `nothing durable speaks of ${id}`, [id]);
  } else {
    const changed = differing(booked.order, order);
    if (changed !== undefined)
      at.object('SENT_UNRECORDED', `its ${changed} was recorded otherwise`, [id]);
  }
  const clearedAtMs = journal.clearedAtMs.get(id);
  if (clearedAtMs === undefined) at.object('SENT_UNCLEARED', `${id} was never cleared`, [id]);
  else if (at.atMs - clearedAtMs > CLEARANCE_MS)
    at.object('SENT_UNCLEARED', `${id} was cleared ${at.atMs - clearedAtMs} ms ago`, [id]);
  if (venue.orders.has(id)) at.object('SENT_TWICE', `${id} was sent before`, [id]);
  if (stopped) at.object('SENT_WHILE_STOPPED', `${id} was sent after everything was stopped`, [id]);
}

const TERMS = [
  'instrumentId',
  'strategyId',
  'role',
  'side',
  'type',
  'quantity',
  'limitPrice',
  'stopPrice',
  'timeInForce',
  'reduceOnly',
  'ocoGroupId',
  'protectiveStop',
] as const;

const differing = (recorded: OrderWords, sent: OrderWords): string | undefined =>
  TERMS.find((term) => recorded[term] !== sent[term]);

/** The venue is about to hear of a cancel. */
export function judgeCancel(at: Case, orderId: string, excused: boolean): void {
  const { journal, venue } = at;
  const booked = journal.orders.get(orderId);
  if (booked === undefined) {
    at.object('FOREIGN_ORDER_TOUCHED', `${orderId} is not ours`, [orderId]);
    return;
  }
  if (!booked.cancelWanted && !excused)
    at.object('CANCEL_UNRECORDED', `nothing durable speaks of cancelling ${orderId}`, [orderId]);
  const target = venue.orders.get(orderId);
  if (target !== undefined) target.cancelAsked = true;
  if (target === undefined || !target.rests || target.order.role !== 'STOP') return;
  const key = positionKey(target.order.instrumentId, target.order.strategyId);
  // A close takes its place, and needs the room that a left-over stop takes up.
  if (journal.closing.has(key)) return;
  const before = venue.bare(key);
  venue.resting.delete(target);
  const after = venue.bare(key);
  venue.resting.add(target);
  if (after > before)
    at.object('STOP_TAKEN_AWAY', `${orderId} is cancelled, and ${key} needs it`, [orderId, key]);
}

/** An order rests at the venue now. */
export function judgePlaced(at: Case, order: OrderWords): void {
  const { id, role } = order;
  if (at.journal.orders.get(id)?.where === 'OVER')
    at.object('PLACED_THOUGH_OVER', `${id} was called over before it arrived`, [id]);
  if (role === 'ENTRY') judgeExposure(at, order);
}
