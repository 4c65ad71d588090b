/** An add is allowed only as the very step that was reviewed, approved and reserved with its entry. */
import type { Order } from '../../domain/order.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import type { Exposure, Ladder, PlannedAdd } from '../snapshot.ts';

export function checkPlanned({ order, snapshot }: Question, findings: Findings): boolean {
  const isPlanned = snapshot.ladders.some(
    (ladder) => isOf(ladder, order) && ladder.adds.some((add) => isExactly(add, order)),
  );
  const hasBase =
    snapshot.positions.some((position) => isBase(position, order)) ||
    snapshot.holds.some((hold) => hold.addTo === null && isBase(hold, order));
  return (
    findings.holds(
      'ADD_NOT_PLANNED',
      isPlanned,
      isPlanned ? 'planned' : 'not planned',
      'planned',
    ) && findings.holds('ADD_NOT_PLANNED', hasBase, hasBase ? 'held' : 'flat', 'held')
  );
}

const isOf = (ladder: Ladder, order: Order): boolean =>
  ladder.entryId === order.addTo &&
  ladder.instrumentId === order.instrumentId &&
  ladder.strategyId === order.strategyId &&
  ladder.side === order.side &&
  ladder.protectiveStop === order.protectiveStop;

const isExactly = ({ orderId, price, quantity }: PlannedAdd, order: Order): boolean =>
  order.type === 'LIMIT' &&
  orderId === order.id &&
  price === order.limitPrice &&
  quantity === order.quantity;

const isBase = (exposure: Exposure, order: Order): boolean =>
  exposure.instrumentId === order.instrumentId && exposure.strategyId === order.strategyId;
