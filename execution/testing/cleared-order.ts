import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { BTC, START_MS } from '../../domain/testing/samples.ts';
import { LIMITS_HASH } from '../../risk-kernel/limits-in-force.ts';
import { type ClearedOrder, redeem, review } from '../../risk-kernel/review.ts';
import { CALM, commandFor, held } from '../../risk-kernel/testing/base-case.ts';

/**
 * The order as the engine would hand it over: reviewed on a calm account and redeemed. An exit is
 * reviewed beside a position that is large enough for it.
 */
export function cleared(order: Order, instrument: Instrument = BTC): ClearedOrder {
  const direction = order.side === 'SELL' ? ('LONG' as const) : ('SHORT' as const);
  const positions = order.reduceOnly ? [{ ...held('10'), direction }] : [];
  const verdict = review(commandFor(order, { instrument }), { ...CALM, positions });
  if (!verdict.cleared) throw new Error(`${order.id} was denied: ${verdict.code}`);
  const redemption = { nowMs: START_MS, snapshotSeq: CALM.seq, limitsHash: LIMITS_HASH };
  const redeemed = redeem(verdict.clearance, order, redemption);
  if (redeemed === undefined) throw new Error(`the clearance of ${order.id} was not redeemed`);
  return redeemed;
}
