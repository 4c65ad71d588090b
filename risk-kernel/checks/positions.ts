/** Check 3: how many positions, whose, and how many that move together. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { Exposure, RiskSnapshot } from '../snapshot.ts';

export function checkPositions(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const { instrumentId, strategyId, side } = command.order;
  const exposures: readonly Exposure[] = [...snapshot.positions, ...snapshot.holds];
  const sameInstrument = exposures.filter((e) => e.instrumentId === instrumentId);
  const direction = side === 'BUY' ? 'LONG' : 'SHORT';
  const own = sameInstrument.some((e) => e.strategyId === strategyId);
  const against = sameInstrument.some((e) => e.direction !== direction);
  const together = exposures.filter((e) => movesWith(command, e)).length;
  return (
    findings.below(
      'POSITIONS_EXCEED_MAXIMUM',
      exposures.length,
      LIMITS.positionsOpenMax,
      'positions',
    ) &&
    findings.holds('POSITION_ALREADY_OPEN', !own, own ? 'held' : 'flat', 'flat') &&
    findings.holds(
      'POSITION_CONFLICT',
      !against,
      against ? 'opposed' : 'none opposed',
      'none opposed',
    ) &&
    findings.below(
      'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
      together,
      LIMITS.correlatedPositionsMax,
      'positions',
    )
  );
}

/**
 * Effective correlation is the returns' correlation, turned around when the two lie on opposite
 * sides. Where too few returns are known, the same asset class counts as moving together.
 */
function movesWith({ order, instrument }: Command, exposure: Exposure): boolean {
  if (exposure.correlation === null) return exposure.assetClass === instrument.assetClass;
  const sameSide = (exposure.direction === 'LONG') === (order.side === 'BUY');
  const effective = sameSide ? exposure.correlation : -exposure.correlation;
  // Written so that NaN counts as moving together.
  return !(effective < LIMITS.correlationMin);
}
