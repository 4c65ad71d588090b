/**
 * The queue that a resting limit joins. It ignores those ahead who give up, and forgets at a restart how
 * much of it was traded already: the wait is as long as it can be.
 */
import type { AssetClass } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { namedRandom } from '../domain/random.ts';
import { money, type Money, NO_MONEY } from '../domain/units.ts';
import { share } from './liquidity.ts';

/** The most that rests ahead at one price, in quote currency. */
export type Queue = Readonly<Record<AssetClass, Money>>;

export const NO_QUEUE: Queue = {
  CRYPTO: NO_MONEY,
  FX: NO_MONEY,
  METAL: NO_MONEY,
  EQUITY: NO_MONEY,
};

export const BUSY_QUEUE: Queue = {
  CRYPTO: money('500000'),
  FX: money('5000000'),
  METAL: money('500000'),
  EQUITY: money('500000'),
};

export function queueAhead(seed: number, order: Order, most: Money): Money {
  if (most === NO_MONEY || order.limitPrice === undefined) return NO_MONEY;
  return share(most, namedRandom(seed, `${order.id} queue`).next());
}
