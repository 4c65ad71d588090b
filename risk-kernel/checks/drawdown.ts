/** Check 2: the fall from the equity peak, and the rung of the ladder it has led to. */
import { rungStartBps } from '../drawdown-ladder.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

export function checkDrawdown(question: Question, findings: Findings): boolean {
  const { drawdownBps, rung, limits } = question;
  // A rung that has not been left yet counts as the fall that led to it.
  const fallBps = Math.max(drawdownBps, rungStartBps(rung, limits));
  return (
    findings.below('DRAWDOWN_EXCEEDS_MAXIMUM', fallBps, limits.drawdownBpsMax, 'bps') &&
    findings.below('DRAWDOWN_BLOCKS_ENTRIES', fallBps, limits.drawdownEntriesBpsMax, 'bps')
  );
}
