/** Check 3: how many positions, whose, and how many that move together. */
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

export function checkPositions({ load, limits }: Question, findings: Findings): boolean {
  return (
    findings.below('POSITIONS_EXCEED_MAXIMUM', load.count, limits.positionsOpenMax, 'positions') &&
    findings.holds('POSITION_ALREADY_OPEN', !load.own, load.own ? 'held' : 'flat', 'flat') &&
    findings.holds(
      'POSITION_CONFLICT',
      !load.opposed,
      load.opposed ? 'opposed' : 'none opposed',
      'none opposed',
    ) &&
    findings.below(
      'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
      load.together,
      limits.correlatedPositionsMax,
      'positions',
    )
  );
}
