/** What a test of the guard looks at: a position, and what rests at the venue around it. */
import { orderIdFor } from '../../domain/entry-order.ts';
import { type ClientOrderId, proposalId } from '../../domain/ids.ts';
import type { OrderRole } from '../../domain/order.ts';
import { orderToText } from '../../domain/order-record.ts';
import { positionKey } from '../../domain/portfolio.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import { BTC, MOMENTUM } from '../../domain/testing/samples.ts';
import { type DecimalText, NO_QUANTITY, text } from '../../domain/units.ts';
import { type Desk, openDesk } from '../../tests/support/desk.ts';

export const KEY = positionKey(BTC.id, MOMENTUM);

export const id = (role: OrderRole, count = 1, name = 'P1'): ClientOrderId =>
  orderIdFor(proposalId(name), role, count);

export const held = (desk: Desk): DecimalText =>
  text(desk.book.portfolio.positions.get(KEY)?.quantity ?? NO_QUANTITY);

/** What rests at the venue: role, size, and level. */
export const resting = (desk: Desk, ...roles: readonly OrderRole[]): readonly string[] =>
  [...desk.venue.resting.values()]
    .filter(({ role }) => roles.length === 0 || roles.includes(role))
    .map(orderToText)
    .map((order) => {
      const level = order.stopPrice ?? order.limitPrice ?? 'the market';
      return `${order.role} ${order.quantity} at ${level}`;
    });

/** An entry at the venue, not filled yet. */
export async function entered(change: Partial<TradeProposal> = {}): Promise<Desk> {
  const desk = await openDesk();
  await desk.engine.execute(await desk.intend('P1', change));
  return desk;
}

/** A position of 0.01 from 50,000 with its exits at the venue. */
export async function opened(change: Partial<TradeProposal> = {}): Promise<Desk> {
  const desk = await openDesk();
  await desk.enter('P1', '50000', change);
  return desk;
}

/** The same ledger and venue under a new process. */
export async function restarted({ clock, ledger, venue }: Desk): Promise<Desk> {
  const desk = await openDesk({ clock, ledger, venue });
  await desk.guard.protectAll();
  return desk;
}
