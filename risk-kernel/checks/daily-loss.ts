/** Check 9: the loss since midnight UTC, with open positions at the mark. */
import { larger, NO_MONEY, ratioBps, subtract } from '../../domain/units.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

export function checkDailyLoss({ snapshot, limits }: Question, findings: Findings): boolean {
  const loss = larger(subtract(snapshot.dayOpenEquity, snapshot.equity), NO_MONEY);
  const lossBps = ratioBps(loss, snapshot.dayOpenEquity);
  return findings.below('DAILY_LOSS_EXCEEDS_MAXIMUM', lossBps, limits.dailyLossBpsMax, 'bps');
}
