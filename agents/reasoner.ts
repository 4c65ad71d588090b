import type { CycleId, InstrumentId } from '../domain/ids.ts';
import type { Abstention, Thesis } from '../domain/proposal.ts';
import type { Evidence, Signal } from '../domain/signal.ts';

/** What a reasoner is shown: built by code, the same for every reasoner, recorded before it is asked. */
export interface EvidencePack {
  readonly cycleId: CycleId;
  readonly instrumentId: InstrumentId;
  readonly signal: Signal;
  readonly evidence: readonly Evidence[];
}

/**
 * Turns evidence into a thesis or abstains. Rules answer here when no model is configured; a language
 * model answers through the same port and is believed no more than they are.
 */
export interface Reasoner {
  /** Recorded with every thesis. */
  readonly name: string;
  reason(pack: EvidencePack): Promise<Thesis | Abstention>;
}

/**
 * A thesis is taken only if it says what the signal says and refers to evidence that was shown; what
 * fails is an abstention. Numbers in it stay words: sizes and levels come from code.
 */
export function believable(answer: Thesis | Abstention, pack: EvidencePack): Thesis | Abstention {
  if (answer.kind === 'ABSTAIN') return answer;
  const abstain = (because: string): Abstention => ({ kind: 'ABSTAIN', because });
  const known = new Set(pack.evidence.map((item) => item.id));
  const invented = answer.evidenceIds.find((id) => !known.has(id));
  if (answer.direction !== pack.signal.direction)
    return abstain('the thesis contradicts the signal');
  if (!(answer.conviction >= 0 && answer.conviction <= 1))
    return abstain('the conviction is not between 0 and 1');
  if (answer.evidenceIds.length === 0) return abstain('the thesis refers to no evidence');
  if (invented !== undefined)
    return abstain(`the thesis refers to "${invented}", which was not shown`);
  return answer;
}
