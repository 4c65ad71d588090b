/** Check 2: the fall from the equity peak. */
import { ratioBps, subtract } from '../../domain/units.ts';
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { RiskSnapshot } from '../snapshot.ts';

export function checkDrawdown(_: Command, snapshot: RiskSnapshot, findings: Findings): boolean {
  const drawdownBps = ratioBps(subtract(snapshot.peakEquity, snapshot.equity), snapshot.peakEquity);
  return findings.below('DRAWDOWN_EXCEEDS_MAXIMUM', drawdownBps, LIMITS.drawdownBpsMax, 'bps');
}
