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
    canonical(order.management),
    order.addTo ?? '',
    order.postOnly ?? '',
  ].join('|');
}

/** Whatever it holds, in one text that does not depend on the order in which its fields were set. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, inner]) => `${name}:${canonical(inner)}`).join(',')}}`;
}

/** The fingerprint's SHA-256, as records and screens carry it. */
export const orderHash = (order: Order): string =>
  createHash('sha256').update(orderFingerprint(order)).digest('hex');
