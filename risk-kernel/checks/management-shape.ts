/** How a position may be looked after: what is well formed, before anybody knows a price. */
import type { Level, Management, Trail } from '../../domain/management.ts';
import type { Order } from '../../domain/order.ts';
import { add, NO_QUANTITY } from '../../domain/units.ts';
import { everyOne, isCount, isPositive } from './shapes.ts';

export const ADDS_MAX = 10;
export const PARTIAL_TARGETS_MAX = 5;
/** So many bars are remembered; a trail over more would never follow anything. */
export const ATR_BARS_MAX = 60;

const FIELDS: ReadonlySet<string> = new Set<keyof Management>([
  'partialTargets',
  'trail',
  'breakEven',
  'closeAfterMs',
  'closeAtMs',
  'closeOnSignal',
  'adds',
]);

/** Only an entry is managed, and not one that adds to another, whose management stands already. */
export function isManageable(order: Order): boolean {
  const { management } = order;
  if (management === undefined) return true;
  if (order.role !== 'ENTRY' || order.addTo !== undefined) return false;
  if (typeof management !== 'object' || management === null || Array.isArray(management))
    return false;
  const { trail, breakEven, closeAfterMs, closeAtMs, closeOnSignal } = management;
  return (
    // What the kernel does not know it cannot have judged.
    Object.keys(management).every((field) => FIELDS.has(field)) &&
    (trail === undefined || isTrail(trail)) &&
    (breakEven === undefined || typeof breakEven === 'boolean') &&
    (closeAfterMs === undefined || isPositiveCount(closeAfterMs)) &&
    (closeAtMs === undefined || isPositiveCount(closeAtMs)) &&
    (closeOnSignal === undefined || typeof closeOnSignal === 'boolean') &&
    areAdds(order, management.adds) &&
    arePartialTargets(order, management.partialTargets)
  );
}

const isPositiveCount = (value: unknown): boolean => isCount(value) && value !== 0;

const isTrail = ({ distance, armed }: Trail): boolean =>
  isDistance(distance) && (armed === 'AT_ENTRY' || isArming(armed));

const isDistance = (distance: Trail['distance']): boolean =>
  isOneOf(distance, ['bps'], ['atrTenths', 'atrBars']) &&
  (!('atrBars' in distance) || distance.atrBars <= ATR_BARS_MAX);

const isArming = (armed: Exclude<Trail['armed'], string>): boolean =>
  isOneOf(armed, ['gainBps'], ['targetsFilled']);

/** Exactly the fields of one of these, each a count above nought. */
function isOneOf(value: object, ...kinds: readonly (readonly string[])[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return kinds.some(
    (kind) =>
      entries.length === kind.length &&
      entries.every(([name, count]) => kind.includes(name) && isPositiveCount(count)),
  );
}

const isLevel = ({ price, quantity }: Level): boolean => isPositive(price) && isPositive(quantity);

/** Nearest first, each a worse price for the market and none at the stop or beyond. */
function areAdds({ side, protectiveStop }: Order, adds: Management['adds']): boolean {
  if (adds === undefined) return true;
  if (!everyOne(adds, isLevel) || adds.length > ADDS_MAX) return false;
  const prices = adds.map(({ price }) => price);
  return isOrdered(
    protectiveStop === undefined ? prices : [...prices, protectiveStop],
    side === 'SELL',
  );
}

/** Nearest first and nearer than the target, which takes what they leave. */
function arePartialTargets(
  { side, target, quantity }: Order,
  parts: Management['partialTargets'],
): boolean {
  if (parts === undefined) return true;
  if (!everyOne(parts, isLevel) || parts.length > PARTIAL_TARGETS_MAX) return false;
  if (parts.length > 0 && target === undefined) return false;
  const taken = parts.reduce((sum, part) => add(sum, part.quantity), NO_QUANTITY);
  const prices = [...parts.map(({ price }) => price), ...(target === undefined ? [] : [target])];
  return taken < quantity && isOrdered(prices, side === 'BUY');
}

const isOrdered = (prices: readonly bigint[], rising: boolean): boolean =>
  prices.every((price, index) => {
    const before = prices[index - 1];
    return before === undefined || (rising ? price > before : price < before);
  });
