import type { Actor } from '../../../domain/event.ts';
import { type Money, text } from '../../../domain/units.ts';
import type { Decision } from '../../../ledger/projections/decisions.ts';
import type { DecisionView } from '../../api/views.ts';

/** `result` is what the cycle's trade brought, undefined while it is open or when there was none. */
export const decisionView = (decision: Decision, result: Money | undefined): DecisionView => ({
  cycleId: decision.cycleId,
  atMs: decision.openedAtMs,
  instrumentId: decision.instrumentId,
  phase: decision.phase,
  outcome: decision.outcome,
  because: decision.because,
  strategyId: decision.proposal?.strategyId ?? null,
  direction: decision.proposal?.direction ?? null,
  quantity: decision.proposal?.quantity ?? null,
  denialCode: decision.denialCode,
  decidedBy: decision.decidedBy === null ? null : deciderName(decision.decidedBy),
  fillPrice: decision.fillPrice,
  result: result === undefined ? null : text(result),
});

/** A person is known by name; whatever else decides must not look like one. */
export const deciderName = ({ kind, name }: Actor): string =>
  kind === 'PERSON' ? name : `${name} (${kind.toLowerCase()})`;
