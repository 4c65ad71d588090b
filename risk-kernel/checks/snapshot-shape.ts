/** Whether the account picture has every number it should, and none that contradicts another. */
import type { RiskSnapshot } from '../snapshot.ts';
import {
  isExit,
  isExposure,
  isLadder,
  isLock,
  isPosition,
  isRecent,
  isStanding,
} from './exposure-shapes.ts';
import { everyOne, isCount, isInstant, isPositive, isWord } from './shapes.ts';

export function isConsistent(snapshot: RiskSnapshot): boolean {
  return (
    isCount(snapshot.seq) &&
    isInstant(snapshot.asOfMs) &&
    isWord(snapshot.currency) &&
    typeof snapshot.equity === 'bigint' &&
    isPositive(snapshot.peakEquity) &&
    isPositive(snapshot.dayOpenEquity) &&
    snapshot.peakEquity >= snapshot.equity &&
    isCount(snapshot.rung) &&
    snapshot.rung <= 4 &&
    isCount(snapshot.messagesLastMinute) &&
    everyOne(snapshot.permitted, isWord) &&
    everyOne(snapshot.positions, isPosition) &&
    everyOne(snapshot.holds, isExposure) &&
    everyOne(snapshot.ladders, isLadder) &&
    everyOne(snapshot.locks, isLock) &&
    everyOne(snapshot.exits, isExit) &&
    everyOne(snapshot.recentEntries, (entry) => isRecent(entry, snapshot.asOfMs)) &&
    everyOne(snapshot.strategies, isStanding) &&
    areDistinct(snapshot)
  );
}

/** One position per instrument and strategy, one standing per strategy, one ladder per entry: twice the same is no picture. */
const areDistinct = ({ positions, strategies, ladders }: RiskSnapshot): boolean =>
  noTwo(positions, (a, b) => a.strategyId === b.strategyId && a.instrumentId === b.instrumentId) &&
  noTwo(strategies, (a, b) => a.id === b.id) &&
  noTwo(ladders, (a, b) => a.entryId === b.entryId);

const noTwo = <T>(list: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  list.length < 2 ||
  list.every((one, index) => list.findIndex((other) => same(one, other)) === index);
