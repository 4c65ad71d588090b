/** How a position is shared out over its targets, nearest first; what no target takes belongs to the last. */
import { add, NO_QUANTITY, type Quantity, smaller, subtract, toLot } from '../../domain/units.ts';

/**
 * What is left in each slice. `planned` are the quantities of the partial targets, `closed` is what the
 * exits of each slice took off so far, the last one's included, and `held` is on the lot.
 *
 * What was ever entered is what is held and what was closed: that counts adds, a fill in parts and fees
 * paid in base rightly without asking for any of them. The nearest targets are served first from it; a
 * position that is smaller than its slices say, because too much was filled somewhere, is missing at the
 * far end. The slices always add up to what is held.
 */
export function slicesOf(
  planned: readonly Quantity[],
  closed: readonly Quantity[],
  held: Quantity,
  lot: Quantity,
): readonly Quantity[] {
  let unshared = closed.reduce((sum, part) => add(sum, part), held);
  let rest = held;
  const slices: Quantity[] = [];
  planned.forEach((wanted, index) => {
    const share = smaller(wanted, unshared);
    const taken = smaller(share, closed[index] ?? NO_QUANTITY);
    // Less than a lot can rest nowhere by itself.
    const left = smaller(toLot(subtract(share, taken), lot, 'down'), rest);
    unshared = subtract(unshared, share);
    rest = subtract(rest, left);
    slices.push(left);
  });
  return [...slices, rest];
}
