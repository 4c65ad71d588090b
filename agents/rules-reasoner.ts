import type { Abstention, Thesis } from '../domain/proposal.ts';
import type { EvidencePack, Reasoner } from './reasoner.ts';

/** How much the strategy's own confidence and the momentum score weigh in the conviction. */
const CONFIDENCE_WEIGHT = 0.7;
const MOMENTUM_WEIGHT = 0.3;
/** Below this a set-up is left alone. */
const CONVICTION_MIN = 0.55;
export const MOMENTUM_EVIDENCE = 'momentum.score';

/** The reasoner that needs no model: it weighs the signal against momentum and says so in words. */
export const rulesReasoner: Reasoner = {
  name: 'rules/v1',
  async reason(pack: EvidencePack): Promise<Thesis | Abstention> {
    const { signal, evidence } = pack;
    const momentum = evidence.find((item) => item.id === MOMENTUM_EVIDENCE);
    if (momentum === undefined) {
      return { kind: 'ABSTAIN', because: 'momentum is not known yet' };
    }
    const agreement = signal.direction === 'LONG' ? momentum.value : 1 - momentum.value;
    const conviction = CONFIDENCE_WEIGHT * signal.confidence + MOMENTUM_WEIGHT * agreement;
    // Written so that a conviction that is no number abstains.
    if (!(conviction >= CONVICTION_MIN)) {
      return { kind: 'ABSTAIN', because: 'momentum speaks too strongly against the set-up' };
    }
    return {
      kind: 'THESIS',
      direction: signal.direction,
      conviction: Math.round(conviction * 1_000) / 1_000,
      horizon: 'until the stop, the target or the trailing stop ends it',
      thesis: `${signal.because} ${momentumWord(agreement)}`,
      invalidation: signal.invalidation,
      evidenceIds: evidence.map((item) => item.id),
    };
  },
};

function momentumWord(agreement: number): string {
  if (agreement >= 0.6) return 'Momentum agrees.';
  return agreement <= 0.4
    ? 'Momentum disagrees, though not enough to leave it.'
    : 'Momentum is neutral.';
}
