/** Check 1: the emergency flag and the trading state. */
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

export function checkHalts({ snapshot }: Question, findings: Findings): boolean {
  const { tradingState, emergency } = snapshot;
  return (
    findings.holds('EMERGENCY_ACTIVE', emergency === false, emergency ? 'set' : 'clear', 'clear') &&
    findings.holds('TRADING_REDUCING', tradingState !== 'REDUCING', tradingState, 'not REDUCING') &&
    findings.holds('TRADING_HALTED', tradingState === 'ACTIVE', tradingState, 'ACTIVE')
  );
}
