import { clientOrderId, ocoGroupId } from './ids.ts';
import type { ClientOrderId, OcoGroupId, ProposalId } from './ids.ts';
import { managementFromText } from './management.ts';
import type { Order, OrderRole, Side } from './order.ts';
import type { TradeProposal } from './proposal.ts';
import type { Direction } from './signal.ts';
import { price, quantity } from './units.ts';

const ROLE_LETTERS: Readonly<Record<OrderRole, string>> = {
  ENTRY: 'E',
  STOP: 'S',
  TARGET: 'T',
  EXIT: 'X',
};

/**
 * The id of a proposal's order, the same however often it is derived: the role, the proposal's own
 * letters and digits, and a count for roles that may be replaced.
 */
export function orderIdFor(proposal: ProposalId, role: OrderRole, count = 1): ClientOrderId {
  return clientOrderId(`${ROLE_LETTERS[role]}${count}${proposal.replace(/[^A-Za-z0-9]/g, '')}`);
}

/**
 * A position is left in slices, one for each target; the exits of one slice belong to one group, of
 * which whichever fills first cancels the rest. Slices are counted from 0, nearest target first.
 */
export const exitGroupFor = (proposal: ProposalId, slice: number): OcoGroupId =>
  ocoGroupId(`exits:${proposal}:${slice}`);

export const entrySide = (direction: Direction): Side => (direction === 'LONG' ? 'BUY' : 'SELL');

/** The one order a proposal stands for; who approves the proposal approves exactly this. */
export function entryOrder(proposal: TradeProposal): Order {
  return {
    id: orderIdFor(proposal.id, 'ENTRY'),
    instrumentId: proposal.instrumentId,
    strategyId: proposal.strategyId,
    role: 'ENTRY',
    side: entrySide(proposal.direction),
    type: 'MARKET',
    quantity: quantity(proposal.quantity),
    timeInForce: 'GTC',
    reduceOnly: false,
    protectiveStop: price(proposal.stop),
    target: price(proposal.target),
    ...(proposal.management === undefined
      ? {}
      : { management: managementFromText(proposal.management) }),
  };
}

/** How many adds were planned with an entry. */
export const addsPlanned = (entry: Order): number => entry.management?.adds?.length ?? 0;

/**
 * The order of one planned add, counted from 0. It follows from the entry alone, so that the kernel can
 * tell it from one that nobody planned.
 */
export function addOrder(entry: Order, proposal: ProposalId, index: number): Order {
  const level = entry.management?.adds?.[index];
  if (level === undefined) throw new Error(`entry ${entry.id} has no add ${index}`);
  return {
    id: orderIdFor(proposal, 'ENTRY', index + 2),
    instrumentId: entry.instrumentId,
    strategyId: entry.strategyId,
    role: 'ENTRY',
    side: entry.side,
    type: 'LIMIT',
    quantity: level.quantity,
    limitPrice: level.price,
    timeInForce: 'GTC',
    reduceOnly: false,
    addTo: entry.id,
    ...(entry.protectiveStop === undefined ? {} : { protectiveStop: entry.protectiveStop }),
    ...(entry.target === undefined ? {} : { target: entry.target }),
  };
}
