/** A price to judge by: without a fresh mark no entry can be sized, collared or compared. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { RiskSnapshot } from '../snapshot.ts';
import { isPositive } from './shapes.ts';

export function checkMarketData(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const mark = snapshot.mark;
  const ageMs = mark === null ? Number.NaN : command.nowMs - mark.atMs;
  return (
    findings.holds(
      'MARKET_DATA_MISSING',
      mark !== null && isPositive(mark.price) && Number.isSafeInteger(mark.atMs),
      mark === null ? 'none' : 'present',
      'present',
    ) &&
    findings.atLeast('MARKET_DATA_STALE', ageMs, 0, 'ms') &&
    findings.atMost('MARKET_DATA_STALE', ageMs, LIMITS.markAgeMsMax, 'ms')
  );
}
