/** A price to judge by: without a fresh mark no entry can be sized, collared or compared. */
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import { isInstant, isPositive } from './shapes.ts';

export function checkMarketData(question: Question, findings: Findings): boolean {
  const { nowMs, limits } = question;
  const { mark } = question.snapshot;
  const ageMs = mark === null ? Number.NaN : nowMs - mark.atMs;
  return (
    findings.holds(
      'MARKET_DATA_MISSING',
      mark !== null && isPositive(mark.price) && isInstant(mark.atMs),
      mark === null ? 'none' : 'present',
      'present',
    ) &&
    findings.atLeast('MARKET_DATA_STALE', ageMs, 0, 'ms') &&
    findings.atMost('MARKET_DATA_STALE', ageMs, limits.markAgeMsMax, 'ms')
  );
}
