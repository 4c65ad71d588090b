/** The parts of an account picture, each as it must be to be counted. */
import type {
  Exposure,
  OpenPosition,
  RecentEntry,
  RestingExit,
  StrategyStanding,
} from '../snapshot.ts';
import {
  isAmount,
  isAssetClass,
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
  (exposure.correlation === null || isCorrelation(exposure.correlation));

const isCorrelation = (value: unknown): boolean =>
  typeof value === 'number' && value >= -1 && value <= 1;

/** What the reduce-only lane needs to know of a position: how much there is, and on which side. */
export const isHeld = (position: OpenPosition): boolean =>
  isPositive(position.quantity) && isDirection(position.direction);

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
