/** The parts of an account picture, each as it must be to be counted. */
import type { AssetClass } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import type { Direction } from '../../domain/signal.ts';
import type {
  Exposure,
  OpenPosition,
  RecentEntry,
  RestingExit,
  StrategyStanding,
} from '../snapshot.ts';
import { isAmount, isCount, isInstant, isPositive, isWord, wordsOf } from './shapes.ts';

const ASSET_CLASSES = wordsOf<AssetClass>({ CRYPTO: true, FX: true, METAL: true, EQUITY: true });
const DIRECTIONS = wordsOf<Direction>({ LONG: true, SHORT: true });
const SIDES = wordsOf<Side>({ BUY: true, SELL: true });

export const isExposure = (exposure: Exposure): boolean =>
  isWord(exposure.instrumentId) &&
  isWord(exposure.strategyId) &&
  ASSET_CLASSES.has(exposure.assetClass) &&
  DIRECTIONS.has(exposure.direction) &&
  isAmount(exposure.notional) &&
  isAmount(exposure.risk) &&
  (exposure.correlation === null || isCorrelation(exposure.correlation));

const isCorrelation = (value: unknown): boolean =>
  typeof value === 'number' && value >= -1 && value <= 1;

/** What the reduce-only lane needs to know of a position: how much there is, and on which side. */
export const isHeld = (position: OpenPosition): boolean =>
  isPositive(position.quantity) && DIRECTIONS.has(position.direction);

export const isExit = (exit: RestingExit): boolean =>
  isWord(exit.orderId) &&
  isWord(exit.instrumentId) &&
  isWord(exit.strategyId) &&
  (exit.ocoGroupId === null || isWord(exit.ocoGroupId)) &&
  SIDES.has(exit.side) &&
  isAmount(exit.quantity) &&
  (exit.limitPrice === null || isPositive(exit.limitPrice));

/** What was sent after the picture was taken cannot be on it. */
export const isRecent = (entry: RecentEntry, asOfMs: number): boolean =>
  isWord(entry.instrumentId) &&
  SIDES.has(entry.side) &&
  isPositive(entry.quantity) &&
  isAmount(entry.notional) &&
  isInstant(entry.atMs) &&
  entry.atMs <= asOfMs;

export const isStanding = (standing: StrategyStanding): boolean =>
  isWord(standing.id) &&
  typeof standing.enabled === 'boolean' &&
  isCount(standing.lossStreak) &&
  typeof standing.dayResult === 'bigint';
