/**
 * How long an order travels. It ignores load, routes and the hour of the day: the time is drawn uniformly
 * for each order. Cancels and answers take none.
 */
import type { ClientOrderId } from '../domain/ids.ts';
import { namedRandom } from '../domain/random.ts';

export function travelMs(seed: number, id: ClientOrderId, latencyMsMax: number): number {
  if (latencyMsMax === 0) return 0;
  return Math.ceil(namedRandom(seed, `${id} latency`).next() * latencyMsMax);
}
