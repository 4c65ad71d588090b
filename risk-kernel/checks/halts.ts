/** Check 1: the emergency flag and the trading state. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import type { RiskSnapshot } from '../snapshot.ts';

export function checkHalts(_: Command, snapshot: RiskSnapshot, findings: Findings): boolean {
  const state = snapshot.tradingState;
  return (
    findings.holds(
      'EMERGENCY_ACTIVE',
      snapshot.emergency === false,
      snapshot.emergency ? 'set' : 'clear',
      'clear',
    ) &&
    findings.holds('TRADING_REDUCING', state !== 'REDUCING', state, 'not REDUCING') &&
    findings.holds('TRADING_HALTED', state === 'ACTIVE', state, 'ACTIVE')
  );
}
