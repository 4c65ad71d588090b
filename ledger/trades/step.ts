import type { Fill } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import {
  absolute,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  type Quantity,
  smaller,
  subtract,
} from '../../domain/units.ts';
import type { Execution } from './trade.ts';

/** What a fill did to a position. */
export interface Step {
  readonly closed: Quantity;
  readonly opened: Quantity;
  readonly held: Quantity;
  readonly net: Money;
  readonly fee: Money;
}

/** A fill that turns a position around is paid for by the trade it ends, as the book has it. */
export const NOTHING_PAID = { net: NO_MONEY, fee: NO_MONEY } as const;

export function stepOf(before: Position, after: Position, fill: Fill): Step {
  const opposes = before.quantity !== NO_QUANTITY && before.quantity > 0n !== (fill.side === 'BUY');
  const closed = opposes ? smaller(absolute(before.quantity), fill.quantity) : NO_QUANTITY;
  return {
    closed,
    opened: subtract(fill.quantity, closed),
    held: absolute(after.quantity),
    net: subtract(after.realised, before.realised),
    fee: fill.feeInBase === undefined ? fill.fee : notional(fill.price, fill.feeInBase),
  };
}

export const isTurned = (before: Position, after: Position): boolean =>
  before.quantity > 0n !== after.quantity > 0n;

export const execution = (
  { id: fillId, orderId, atMs, price }: Fill,
  quantity: Quantity,
  fee: Money,
  expected: Price | null,
): Execution => ({ fillId, orderId, atMs, quantity, price, fee, expected });
