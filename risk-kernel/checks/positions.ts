/** Check 3: how many positions, whose, and how many that move together. */
import type { ReasonCode } from '../../domain/reason-code.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import { checkPlanned } from './ladder.ts';

export function checkPositions(question: Question, findings: Findings): boolean {
  const { order, load, limits } = question;
  const isAdd = order.addTo !== undefined;
  return (
    fits(findings, isAdd, 'POSITIONS_EXCEED_MAXIMUM', load.count, limits.positionsOpenMax) &&
    (isAdd
      ? checkPlanned(question, findings)
      : findings.holds('POSITION_ALREADY_OPEN', !load.own, load.own ? 'held' : 'flat', 'flat')) &&
    findings.holds(
      'POSITION_CONFLICT',
      !load.opposed,
      load.opposed ? 'opposed' : 'none opposed',
      'none opposed',
    ) &&
    fits(
      findings,
      isAdd,
      'CORRELATED_POSITIONS_EXCEED_MAXIMUM',
      load.together,
      limits.correlatedPositionsMax,
    )
  );
}

/** An add grows a position that is counted already; anything else needs room for one more. */
const fits = (
  findings: Findings,
  isAdd: boolean,
  code: ReasonCode,
  count: number,
  limit: number,
): boolean =>
  isAdd
    ? findings.atMost(code, count, limit, 'positions')
    : findings.below(code, count, limit, 'positions');
