import { clientOrderId, ocoGroupId } from './ids.ts';
import type { ClientOrderId, OcoGroupId, ProposalId } from './ids.ts';
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

/** Every exit of one proposal belongs to one group: whichever fills first cancels the rest. */
export const exitGroupFor = (proposal: ProposalId): OcoGroupId => ocoGroupId(`exits:${proposal}`);

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
    ...(proposal.trailBps === undefined ? {} : { trailBps: proposal.trailBps }),
  };
}
