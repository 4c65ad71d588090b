/** Ledger and venue side by side: a pure comparison of what both say of the same account. */
import type { ClientOrderId, InstrumentId, VenueOrderId } from '../domain/ids.ts';
import { isLive, type OrderRecord, UNRESOLVED_STATES } from '../domain/order-record.ts';
import { add, NO_QUANTITY, type Quantity, text } from '../domain/units.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { isSame } from './settlement.ts';
import type { VenueBalances, VenueFill, VenueOrder } from './venue.ts';
import type { VenuePicture } from './venue-link.ts';

/** One of our orders and what the venue's lists say of it. */
export interface Told {
  readonly record: OrderRecord;
  readonly found: VenueOrder;
}

export interface Comparison {
  readonly told: readonly Told[];
  /** Executions of orders that no list speaks of. */
  readonly lateFills: readonly { readonly record: OrderRecord; readonly fill: VenueFill }[];
  /** The lists contradict us about these, or leave them out: they are asked for one by one. */
  readonly doubtful: readonly OrderRecord[];
  /** At the venue, but not ours. They are named, never cancelled by guess. */
  readonly foreign: readonly VenueOrder[];
  readonly foreignGone: readonly VenueOrderId[];
}

/** Lists lag: an order younger than this may be missing from them without being gone. */
export const LIST_LAG_MS = 5_000;

export function compare(
  book: ReadonlyBook,
  picture: VenuePicture,
  nowMs: number,
  clockOffsetMs: number,
): Comparison {
  const ours = ({ clientId }: { clientId: string }): OrderRecord | undefined =>
    book.order(clientId as ClientOrderId);
  const told: Told[] = [];
  const doubtful = new Set<OrderRecord>();
  const foreign: VenueOrder[] = [];
  for (const found of [...picture.open, ...picture.ended]) {
    const record = ours(found);
    if (record === undefined || !isSame(record, found, clockOffsetMs)) {
      if (found.status === 'OPEN') foreign.push(found);
    } else if (isLive(record)) told.push({ record, found });
    else if (found.status === 'OPEN' && record.state !== 'FILLED') doubtful.add(record);
  }
  const mentioned = new Set(told.map(({ record }) => record));
  for (const record of book.liveOrders())
    if (!mentioned.has(record) && isExpectedInLists(record, nowMs)) doubtful.add(record);
  const lateFills = picture.fills.flatMap((fill) => {
    const record = ours(fill);
    const late = record !== undefined && !mentioned.has(record) && !book.hasFill(fill.fillId);
    return late ? [{ record, fill }] : [];
  });
  const atVenue = new Set(picture.open.map(({ venueOrderId }) => venueOrderId));
  return {
    told,
    lateFills,
    doubtful: [...doubtful],
    foreign: foreign.filter(({ venueOrderId }) => !book.external.has(venueOrderId)),
    foreignGone: [...book.external.keys()].filter((id) => !atVenue.has(id)),
  };
}

/** What nobody knows the whereabouts of is resolved by asking for it, order by order. */
const isExpectedInLists = (record: OrderRecord, nowMs: number): boolean =>
  !UNRESOLVED_STATES.has(record.state) && nowMs - record.submittedAtMs >= LIST_LAG_MS;

/** Where the account at the venue is not the sum of our fills, in words; empty when it is. */
export function mismatches(book: ReadonlyBook, balances: VenueBalances): readonly string[] {
  const held = new Map<InstrumentId, Quantity>();
  for (const { instrumentId, quantity } of book.portfolio.positions.values())
    held.set(instrumentId, add(held.get(instrumentId) ?? NO_QUANTITY, quantity));
  const found: string[] = [];
  for (const id of new Set([...held.keys(), ...balances.positions.keys()])) {
    const here = held.get(id) ?? NO_QUANTITY;
    const there = balances.positions.get(id) ?? NO_QUANTITY;
    if (here !== there)
      found.push(`the venue holds ${text(there)} ${id}, our fills add up to ${text(here)}`);
  }
  const { cash, currency } = book.portfolio;
  if (balances.currency === currency && balances.cash !== cash)
    found.push(`the venue has ${text(balances.cash)} ${currency}, our fills leave ${text(cash)}`);
  return found;
}
