/** What the account already carries, and what it did lately, each summed in one pass for the checks. */
import { HOUR_MS, utcDay } from '../domain/clock.ts';
import { type Money, NO_MONEY } from '../domain/units.ts';
import { bounded } from '../domain/decimal.ts';
import type { Command } from './command.ts';
import type { Limits } from './limits.ts';
import type { Exposure, RiskSnapshot } from './snapshot.ts';

/** Positions, and holds for entries on their way or planned: a review always counts both. */
export interface Load {
  /** How many there are. */
  count: number;
  /** How many move together with the order. */
  together: number;
  /** The order's strategy is already in the order's instrument. */
  own: boolean;
  /** Somebody is in the order's instrument on the other side. */
  opposed: boolean;
  gross: Money;
  inInstrument: Money;
  inAssetClass: Money;
  /** At the stops of the order's strategy. */
  strategyRisk: Money;
}

export function loadOf(command: Command, snapshot: RiskSnapshot, limits: Limits): Load {
  const load: Load = {
    count: 0,
    together: 0,
    own: false,
    opposed: false,
    gross: NO_MONEY,
    inInstrument: NO_MONEY,
    inAssetClass: NO_MONEY,
    strategyRisk: NO_MONEY,
  };
  for (const position of snapshot.positions) {
    weigh(load, position, command);
    tally(load, position, command, limits);
  }
  for (const hold of snapshot.holds) {
    weigh(load, hold, command);
    if (!isStep(hold, snapshot)) tally(load, hold, command, limits);
  }
  // The sums of parts are no larger than these, so that bounding these bounds them all.
  bounded(load.gross);
  bounded(load.strategyRisk);
  return load;
}

/** A step whose ladder is not on the picture has nothing to belong to, and is a position of its own. */
export const isStep = ({ addTo }: Exposure, { ladders }: RiskSnapshot): boolean =>
  addTo !== null && ladders.some(({ entryId }) => entryId === addTo);

/** One position more, or one more on its way. */
function tally(load: Load, exposure: Exposure, command: Command, limits: Limits): void {
  load.count += 1;
  if (movesWith(exposure, command, limits)) load.together += 1;
}

function weigh(load: Load, exposure: Exposure, command: Command): void {
  const { order } = command;
  load.gross = (load.gross + exposure.notional) as Money;
  if (isAlike(exposure, command))
    load.inAssetClass = (load.inAssetClass + exposure.notional) as Money;
  if (exposure.strategyId === order.strategyId)
    load.strategyRisk = (load.strategyRisk + exposure.risk) as Money;
  if (exposure.instrumentId === order.instrumentId) {
    load.inInstrument = (load.inInstrument + exposure.notional) as Money;
    if (exposure.strategyId === order.strategyId) load.own = true;
    if (!isSameSide(exposure, command)) load.opposed = true;
  }
}

/** Of the order's own instrument, or at least of its kind. */
const isAlike = (exposure: Exposure, { order, instrument }: Command): boolean =>
  exposure.instrumentId === order.instrumentId || exposure.assetClass === instrument.assetClass;

const isSameSide = (exposure: Exposure, { order }: Command): boolean =>
  (exposure.direction === 'LONG') === (order.side === 'BUY');

/**
 * Effective correlation is the returns' correlation, turned around when the two lie on opposite
 * sides. An instrument moves with itself; where too few returns are known, with its asset class.
 */
function movesWith(exposure: Exposure, command: Command, limits: Limits): boolean {
  if (exposure.instrumentId === command.order.instrumentId) return true;
  if (exposure.correlation === null) return isAlike(exposure, command);
  const effective = isSameSide(exposure, command) ? exposure.correlation : -exposure.correlation;
  // Written so that NaN counts as moving together.
  return !(effective < limits.independentCorrelationMax);
}

/** Entries that were cleared lately. */
export interface Traffic {
  /** Since midnight UTC. */
  today: number;
  /** In the last sixty minutes. */
  lastHour: number;
  /**
   * In the last sixty minutes, of the order's instrument, side and quantity. A step of a ladder repeats
   * nobody: it was planned with its entry, and is cleared as that very step alone.
   */
  identical: number;
  /** Worth of those in the last sixty minutes. */
  turnover: Money;
}

export function trafficOf({ order, nowMs }: Command, snapshot: RiskSnapshot): Traffic {
  const traffic: Traffic = { today: 0, lastHour: 0, identical: 0, turnover: NO_MONEY };
  const today = utcDay(nowMs);
  for (const entry of snapshot.recentEntries) {
    if (utcDay(entry.atMs) === today) traffic.today += 1;
    if (entry.atMs <= nowMs - HOUR_MS) continue;
    traffic.lastHour += 1;
    traffic.turnover = (traffic.turnover + entry.notional) as Money;
    if (
      order.addTo === undefined &&
      entry.instrumentId === order.instrumentId &&
      entry.side === order.side &&
      entry.quantity === order.quantity
    )
      traffic.identical += 1;
  }
  bounded(traffic.turnover);
  return traffic;
}
