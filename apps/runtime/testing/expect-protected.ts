import { expect } from 'vitest';

import { unfilled } from '../../../domain/order-record.ts';
import { absolute } from '../../../domain/units.ts';
import type { Runtime } from '../runtime.ts';

/** Every open position has exactly one stop at the venue, for all of it, and nothing guards what is not there. */
export async function expectProtected({ parts }: Runtime, point: string): Promise<void> {
  const { book, venue } = parts;
  const atVenue = new Set(await venue.openOrders());
  const stops = book.liveOrders().filter(({ order }) => order.role === 'STOP');
  const guarded = stops.map(({ order, ...record }) => {
    expect(atVenue.has(order.id), `${point}: ${order.id} rests at the venue`).toBe(true);
    return [order.instrumentId, order.strategyId, unfilled({ order, ...record })];
  });
  const held = [...book.portfolio.positions.values()].map((position) => [
    position.instrumentId,
    position.strategyId,
    absolute(position.quantity),
  ]);
  expect(guarded, `${point}: stops for positions`).toEqual(held);
}
