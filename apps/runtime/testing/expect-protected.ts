import { expect } from 'vitest';

import { UNRESOLVED_STATES, unfilled } from '../../../domain/order-record.ts';
import { absolute } from '../../../domain/units.ts';
import type { Runtime } from '../runtime.ts';

/**
 * Every open position has exactly one stop at the venue, for all of it, and nothing guards what is not
 * there. Right after a start a stop may still be asked for that was on its way when the process ended.
 */
export async function expectProtected(
  { parts }: Runtime,
  point: string,
  asked: 'MAY_BE_ASKED_FOR' | 'RESTS' = 'RESTS',
): Promise<void> {
  const { book, venue } = parts;
  const atVenue = new Set((await venue.openOrders()).map(({ clientId }) => clientId));
  const stops = book.liveOrders().filter(({ order }) => order.role === 'STOP');
  const guarded = stops.map(({ order, ...record }) => {
    const unresolved = UNRESOLVED_STATES.has(record.state) && asked === 'MAY_BE_ASKED_FOR';
    expect(unresolved || atVenue.has(order.id), `${point}: ${order.id} rests at the venue`).toBe(
      true,
    );
    return [order.instrumentId, order.strategyId, unfilled({ order, ...record })];
  });
  const held = [...book.portfolio.positions.values()].map((position) => [
    position.instrumentId,
    position.strategyId,
    absolute(position.quantity),
  ]);
  // One that was to take another's place, and is still asked for, stands beside it in its group.
  const groups =
    asked === 'RESTS' ? guarded : [...new Map(guarded.map((one) => [String(one), one])).values()];
  expect(groups, `${point}: stops for positions`).toEqual(held);
}
