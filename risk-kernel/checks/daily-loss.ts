/** Check 9: the loss since midnight UTC, with open positions at the mark. */
import { larger, NO_MONEY, ratioBps, subtract } from '../../domain/units.ts';
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { RiskSnapshot } from '../snapshot.ts';

export function checkDailyLoss(_: Command, snapshot: RiskSnapshot, findings: Findings): boolean {
  const loss = larger(subtract(snapshot.dayOpenEquity, snapshot.equity), NO_MONEY);
  const lossBps = ratioBps(loss, snapshot.dayOpenEquity);
  return findings.below('DAILY_LOSS_EXCEEDS_MAXIMUM', lossBps, LIMITS.dailyLossBpsMax, 'bps');
}
