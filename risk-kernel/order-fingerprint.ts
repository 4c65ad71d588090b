import { createHash } from 'node:crypto';
import type { Order } from '../domain/order.ts';

/**
 * Every field of an order in one text: two orders have the same fingerprint only if they are the same
 * in everything a venue is told.
 */
export function orderFingerprint(order: Order): string {
  return [
    order.id,
    order.instrumentId,
    order.strategyId,
    order.role,
    order.side,
    order.type,
    order.quantity,
    order.limitPrice ?? '',
    order.stopPrice ?? '',
    order.timeInForce,
    order.reduceOnly,
    order.ocoGroupId ?? '',
    order.protectiveStop ?? '',
    order.target ?? '',
    order.trailBps ?? '',
  ].join('|');
}

/** The fingerprint's SHA-256, as records and screens carry it. */
export const orderHash = (order: Order): string =>
  createHash('sha256').update(orderFingerprint(order)).digest('hex');
