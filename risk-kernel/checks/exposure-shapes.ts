/** The parts of an account picture, each as it must be to be counted. */
import type {
  Exposure,
  Ladder,
  Lock,
  OpenPosition,
  PlannedAdd,
  RecentEntry,
  RestingExit,
  StrategyStanding,
} from '../snapshot.ts';
import {
  isAmount,
  isAssetClass,
  everyOne,
  isCount,
  isDirection,
  isInstant,
  isPositive,
  isSide,
  isWord,
} from './shapes.ts';

export const isExposure = (exposure: Exposure): boolean =>
  isWord(exposure.instrumentId) &&
  isWord(exposure.strategyId) &&
  isAssetClass(exposure.assetClass) &&
  isDirection(exposure.direction) &&
  isAmount(exposure.notional) &&
  isAmount(exposure.risk) &&
  (exposure.correlation === null || isCorrelation(exposure.correlation)) &&
  (exposure.addTo === null || isWord(exposure.addTo));

const isCorrelation = (value: unknown): boolean =>
  typeof value === 'number' && value >= -1 && value <= 1;

/** What the reduce-only lane needs to know of a position: how much there is, and on which side. */
export const isHeld = (position: OpenPosition): boolean =>
  isPositive(position.quantity) && isDirection(position.direction);

/** What is held is a position, whatever it grew from, and always counts as one. */
export const isPosition = (position: OpenPosition): boolean =>
  isExposure(position) && isHeld(position) && position.addTo === null;

export const isLadder = (ladder: Ladder): boolean =>
  isWord(ladder.entryId) &&
  isWord(ladder.instrumentId) &&
  isWord(ladder.strategyId) &&
  isSide(ladder.side) &&
  isPositive(ladder.protectiveStop) &&
  everyOne(ladder.adds, isPlannedAdd);

const isPlannedAdd = (add: PlannedAdd): boolean =>
  isWord(add.orderId) && isPositive(add.price) && isPositive(add.quantity);

/** The rest of a lock may be anything: what is not understood locks more, not less. */
export const isLock = (lock: Lock): boolean => isWord(lock.instrumentId);

export const isExit = (exit: RestingExit): boolean =>
  isWord(exit.orderId) &&
  isWord(exit.instrumentId) &&
  isWord(exit.strategyId) &&
  (exit.ocoGroupId === null || isWord(exit.ocoGroupId)) &&
  isSide(exit.side) &&
  isAmount(exit.quantity) &&
  (exit.limitPrice === null || isPositive(exit.limitPrice));

/** What was sent after the picture was taken cannot be on it. */
export const isRecent = (entry: RecentEntry, asOfMs: number): boolean =>
  isWord(entry.instrumentId) &&
  isSide(entry.side) &&
  isPositive(entry.quantity) &&
  isAmount(entry.notional) &&
  isInstant(entry.atMs) &&
  entry.atMs <= asOfMs;

export const isStanding = (standing: StrategyStanding): boolean =>
  isWord(standing.id) &&
  typeof standing.enabled === 'boolean' &&
  isCount(standing.lossStreak) &&
  typeof standing.dayResult === 'bigint';
