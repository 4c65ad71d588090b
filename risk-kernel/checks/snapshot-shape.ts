/** Whether the account picture has every number it should, and none that contradicts another. */
import type { AssetClass } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import type { Direction } from '../../domain/signal.ts';
import type {
  Exposure,
  OpenPosition,
  RestingExit,
  RiskSnapshot,
  StrategyStanding,
} from '../snapshot.ts';
import { isAmount, isCount, isName, isPositive, wordsOf } from './shapes.ts';

const ASSET_CLASSES = wordsOf<AssetClass>({ CRYPTO: true, FX: true, METAL: true, EQUITY: true });
const DIRECTIONS = wordsOf<Direction>({ LONG: true, SHORT: true });
const SIDES = wordsOf<Side>({ BUY: true, SELL: true });

export function isConsistent(snapshot: RiskSnapshot): boolean {
  return (
    isCount(snapshot.seq) &&
    Number.isSafeInteger(snapshot.asOfMs) &&
    typeof snapshot.equity === 'bigint' &&
    isPositive(snapshot.peakEquity) &&
    isPositive(snapshot.dayOpenEquity) &&
    snapshot.peakEquity >= snapshot.equity &&
    isCount(snapshot.entriesToday) &&
    isCount(snapshot.entriesLastHour) &&
    Array.isArray(snapshot.permitted) &&
    everyOne(snapshot.positions, (position) => isExposure(position) && isHeld(position)) &&
    everyOne(snapshot.holds, isExposure) &&
    everyOne(snapshot.exits, isExit) &&
    everyOne(snapshot.strategies, isStanding)
  );
}

/** What the reduce-only lane needs to know of a position: how much there is, and on which side. */
export const isHeld = (position: OpenPosition): boolean =>
  isPositive(position.quantity) && DIRECTIONS.has(position.direction);

export const isExit = (exit: RestingExit): boolean =>
  isName(exit.orderId) &&
  isName(exit.instrumentId) &&
  isName(exit.strategyId) &&
  (exit.ocoGroupId === null || isName(exit.ocoGroupId)) &&
  SIDES.has(exit.side) &&
  isAmount(exit.quantity);

const isExposure = (exposure: Exposure): boolean =>
  isName(exposure.instrumentId) &&
  isName(exposure.strategyId) &&
  ASSET_CLASSES.has(exposure.assetClass) &&
  DIRECTIONS.has(exposure.direction) &&
  isAmount(exposure.notional) &&
  isAmount(exposure.risk) &&
  (exposure.correlation === null || Number.isFinite(exposure.correlation));

const isStanding = (standing: StrategyStanding): boolean =>
  isName(standing.id) && typeof standing.enabled === 'boolean' && isCount(standing.lossStreak);

/** Only a real list counts, and its gaps with it: other things that can be walked may look empty. */
function everyOne<T>(list: readonly T[], holds: (item: T) => boolean): boolean {
  if (!Array.isArray(list)) return false;
  for (const item of list) if (!holds(item)) return false;
  return true;
}
