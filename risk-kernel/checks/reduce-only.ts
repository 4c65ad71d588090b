/**
 * The lane of exits. No loss, count, budget, halt or stale mark blocks an order here; it must only be
 * shown to make the position strictly smaller and never to turn it around.
 */
import { add, type Quantity } from '../../domain/units.ts';
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import type { RestingExit, RiskSnapshot } from '../snapshot.ts';
import { isExit, isHeld } from './snapshot-shape.ts';

export function checkReduceOnly(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const { order, instrument } = command;
  const position = snapshot.positions.find(
    (p) => p.instrumentId === order.instrumentId && p.strategyId === order.strategyId,
  );
  if (
    !findings.holds(
      'REDUCE_WITHOUT_POSITION',
      position !== undefined,
      position === undefined ? 'flat' : 'held',
      'held',
    )
  )
    return false;
  if (position === undefined) return false;
  const rivals = rivalExits(command, snapshot);
  const known = isHeld(position) && rivals.every(isExit);
  if (!findings.holds('SNAPSHOT_INCONSISTENT', known, snapshot.seq, 'consistent')) return false;
  const reducingSide = position.direction === 'LONG' ? 'SELL' : 'BUY';
  const offTick = [order.limitPrice, order.stopPrice].some(
    (p) => p !== undefined && p % instrument.tick !== 0n,
  );
  return (
    findings.holds('REDUCE_WRONG_SIDE', order.side === reducingSide, order.side, reducingSide) &&
    findings.holds(
      'QUANTITY_NOT_ON_LOT',
      order.quantity % instrument.lot === 0n,
      order.quantity,
      instrument.lot,
    ) &&
    findings.holds(
      'PRICE_NOT_ON_TICK',
      !offTick,
      offTick ? 'off tick' : 'on tick',
      instrument.tick,
    ) &&
    findings.atMost(
      'REDUCE_EXCEEDS_POSITION',
      rivals.reduce<Quantity>((sum, exit) => add(sum, exit.quantity), order.quantity),
      position.quantity,
      instrument.base,
    )
  );
}

/** Every exit that could fill beside this order; of one OCO group only one can ever fill. */
const rivalExits = ({ order }: Command, snapshot: RiskSnapshot): readonly RestingExit[] =>
  snapshot.exits.filter(
    (exit) =>
      exit.instrumentId === order.instrumentId &&
      exit.strategyId === order.strategyId &&
      (order.ocoGroupId === undefined || exit.ocoGroupId !== order.ocoGroupId),
  );
