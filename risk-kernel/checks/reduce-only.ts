/**
 * The lane of exits. No loss, count, budget, halt or stale mark blocks an order here; it must only be
 * shown to make the position strictly smaller and never to turn it around.
 */
import { add, larger, NO_QUANTITY, type Quantity } from '../../domain/units.ts';
import type { Side } from '../../domain/order.ts';
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import type { OpenPosition, RestingExit, RiskSnapshot } from '../snapshot.ts';
import { isExit, isHeld } from './exposure-shapes.ts';

export function checkReduceOnly(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const found = snapshot.positions.filter((one) => isOf(command, one));
  const [position] = found;
  if (position === undefined)
    return findings.holds('REDUCE_WITHOUT_POSITION', false, 'flat', 'held');
  const reducingSide = position.direction === 'LONG' ? 'SELL' : 'BUY';
  const rivals = rivalExits(command, snapshot, reducingSide);
  // Twice the same position is no picture of how much there is.
  const known = found.length === 1 && isHeld(position) && rivals.every(isExit);
  const { order, instrument } = command;
  return (
    findings.holds('REDUCE_WITHOUT_POSITION', true, 'held', 'held') &&
    findings.holds(
      'SNAPSHOT_INCONSISTENT',
      known,
      known ? 'consistent' : 'unclear',
      'consistent',
    ) &&
    findings.holds('REDUCE_WRONG_SIDE', order.side === reducingSide, order.side, reducingSide) &&
    checkSteps(command, findings) &&
    findings.atMost(
      'REDUCE_EXCEEDS_POSITION',
      add(order.quantity, mayFill(rivals)),
      position.quantity,
      instrument.base,
    )
  );
}

function checkSteps({ order, instrument }: Command, findings: Findings): boolean {
  const { quantity, limitPrice, stopPrice } = order;
  const { tick, lot } = instrument;
  const offTick = [limitPrice, stopPrice].some((p) => p !== undefined && p % tick !== 0n);
  return (
    findings.holds('QUANTITY_NOT_ON_LOT', quantity % lot === 0n, quantity, lot) &&
    findings.holds('PRICE_NOT_ON_TICK', !offTick, offTick ? 'off tick' : 'on tick', tick)
  );
}

/** Garbage beside the position or exit in question must not keep it from being found. */
const isOf = ({ order }: Command, one: OpenPosition | RestingExit | null | undefined): boolean =>
  one?.instrumentId === order.instrumentId && one.strategyId === order.strategyId;

/** Every exit that could fill beside this order; of one OCO group only one can ever fill. */
const rivalExits = (
  command: Command,
  snapshot: RiskSnapshot,
  reducingSide: Side,
): readonly RestingExit[] =>
  snapshot.exits.filter(
    (exit) =>
      isOf(command, exit) &&
      exit.side === reducingSide &&
      (command.order.ocoGroupId === undefined || exit.ocoGroupId !== command.order.ocoGroupId),
  );

/** The most that the exits can take together: of each OCO group its largest, of the rest all. */
function mayFill(exits: readonly RestingExit[]): Quantity {
  const most = new Map<string, Quantity>();
  for (const { orderId, ocoGroupId, quantity } of exits) {
    const key = ocoGroupId === null ? `order ${orderId}` : `group ${ocoGroupId}`;
    most.set(key, larger(quantity, most.get(key) ?? NO_QUANTITY));
  }
  return [...most.values()].reduce((sum, quantity) => add(sum, quantity), NO_QUANTITY);
}
