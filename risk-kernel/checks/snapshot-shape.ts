/** Whether the account picture has every number it should, and none that contradicts another. */
import type { RiskSnapshot } from '../snapshot.ts';
import { isExit, isExposure, isHeld, isRecent, isStanding } from './exposure-shapes.ts';
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
    everyOne(snapshot.positions, (position) => isExposure(position) && isHeld(position)) &&
    everyOne(snapshot.holds, isExposure) &&
    everyOne(snapshot.exits, isExit) &&
    everyOne(snapshot.recentEntries, (entry) => isRecent(entry, snapshot.asOfMs)) &&
    everyOne(snapshot.strategies, isStanding) &&
    areDistinct(snapshot)
  );
}

/** One position per instrument and strategy, one standing per strategy: twice the same is no picture. */
function areDistinct({ positions, strategies }: RiskSnapshot): boolean {
  for (let i = 0; i < positions.length; i += 1)
    for (let j = 0; j < i; j += 1)
      if (
        positions[i]?.strategyId === positions[j]?.strategyId &&
        positions[i]?.instrumentId === positions[j]?.instrumentId
      )
        return false;
  for (let i = 0; i < strategies.length; i += 1)
    for (let j = 0; j < i; j += 1) if (strategies[i]?.id === strategies[j]?.id) return false;
  return true;
}
