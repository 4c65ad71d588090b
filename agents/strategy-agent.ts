/** The Strategy agent: reads the closed bar, chooses one set-up, and argues for it. It sizes nothing. */
import type { CycleId, InstrumentId } from '../domain/ids.ts';
import type { Abstention, Thesis } from '../domain/proposal.ts';
import type { Evidence, Opinion, Signal } from '../domain/signal.ts';
import { believable, type EvidencePack, type Reasoner } from './reasoner.ts';
import type { BarReading } from './strategy-desk.ts';
import type { RecordStep } from './trace.ts';

/** What is worth deliberating, or why nothing is. */
export type Analysis =
  | { readonly kind: 'SIGNAL'; readonly signal: Signal; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'QUIET'; readonly because: string };

export interface StrategyPorts {
  readonly reasoner: Reasoner;
  readonly isWaiting: (id: InstrumentId) => boolean;
  readonly record: RecordStep;
}

export class StrategyAgent {
  readonly #ports: StrategyPorts;

  constructor(ports: StrategyPorts) {
    this.#ports = ports;
  }

  /** Chooses the most confident signal of the bar; a proposal still waiting leaves no room for another. */
  async analyse(
    cycleId: CycleId,
    instrumentId: InstrumentId,
    reading: BarReading,
  ): Promise<Analysis> {
    const { opinions, evidence } = reading;
    const signals = opinions.filter((opinion): opinion is Signal => opinion.kind === 'SIGNAL');
    const best = signals.toSorted((a, b) => b.confidence - a.confidence)[0];
    if (best === undefined) return { kind: 'QUIET', because: sayNothing(opinions) };
    await this.#ports.record({
      cycleId,
      step: 'analyse',
      summary: `${best.direction} by ${best.strategyId}: ${best.because}`,
      opinions,
      evidence,
    });
    if (this.#ports.isWaiting(instrumentId)) {
      return { kind: 'QUIET', because: 'a proposal on this instrument still waits for an answer' };
    }
    return { kind: 'SIGNAL', signal: best, evidence: [...best.evidence, ...evidence] };
  }

  /** Asks the reasoner; whatever cannot be believed is an abstention. */
  async argue(pack: EvidencePack): Promise<Thesis | Abstention> {
    const { reasoner, record } = this.#ports;
    const reasoning = await believed(reasoner, pack);
    await record({
      cycleId: pack.cycleId,
      step: 'argue',
      summary: reasoning.kind === 'THESIS' ? reasoning.thesis : `Abstained: ${reasoning.because}.`,
      reasoning,
      reasoner: reasoner.name,
    });
    return reasoning;
  }
}

/** Whatever goes wrong between asking and believing, an answer of no known shape included, abstains. */
async function believed(reasoner: Reasoner, pack: EvidencePack): Promise<Thesis | Abstention> {
  try {
    return believable(await reasoner.reason(pack), pack);
  } catch (error) {
    return { kind: 'ABSTAIN', because: `the reasoner failed: ${String(error)}` };
  }
}

const sayNothing = (opinions: readonly Opinion[]): string =>
  opinions.map((opinion) => `${opinion.strategyId}: ${opinion.because}`).join('; ');
