/** Check 1: the emergency flag, the trading state, and what is locked for entries of this side. */
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import { checkLocks } from './locks.ts';

export function checkHalts(question: Question, findings: Findings): boolean {
  const { tradingState, emergency } = question.snapshot;
  return (
    findings.holds('EMERGENCY_ACTIVE', emergency === false, emergency ? 'set' : 'clear', 'clear') &&
    findings.holds('TRADING_REDUCING', tradingState !== 'REDUCING', tradingState, 'not REDUCING') &&
    findings.holds('TRADING_HALTED', tradingState === 'ACTIVE', tradingState, 'ACTIVE') &&
    checkLocks(question, findings)
  );
}
