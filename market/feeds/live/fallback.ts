import { Breaker } from './breaker.ts';
import type { MarketProvider } from '../provider.ts';

/** So many good answers in a row, and a provider that was left alone is gone back to. */
const GOOD_ANSWERS_MIN = 3;

export interface Source {
  readonly provider: MarketProvider;
  readonly breaker: Breaker;
}

/** Several providers of the same market, the one that is wanted most first. */
export class Fallback {
  readonly #sources: readonly Source[];
  #goodAnswers = 0;

  constructor(providers: readonly MarketProvider[], random: () => number) {
    this.#sources = providers.map((provider) => ({ provider, breaker: new Breaker(random) }));
  }

  /** The first that is not left alone, or the one that is to be tried soonest; and when that is. */
  choose(nowMs: number): { readonly source: Source; readonly tryAtMs: number } {
    const willing = this.#sources.find(({ breaker }) => breaker.state(nowMs) !== 'OPEN');
    const [soonest] = [...this.#sources].sort((a, b) => a.breaker.tryAtMs - b.breaker.tryAtMs);
    const source = willing ?? soonest!;
    return { source, tryAtMs: source.breaker.tryAtMs };
  }

  /** One that is wanted more than `current` and has been left alone long enough to be asked something. */
  better(current: Source, nowMs: number): Source | undefined {
    return this.#sources
      .slice(0, this.#sources.indexOf(current))
      .find(({ breaker }) => breaker.state(nowMs) !== 'OPEN');
  }

  /** It answered well while another one is in use; true once that has been often enough to go back. */
  answeredWell({ breaker }: Source): boolean {
    this.#goodAnswers += 1;
    if (this.#goodAnswers < GOOD_ANSWERS_MIN) return false;
    this.#goodAnswers = 0;
    breaker.trust();
    return true;
  }

  answeredBadly(): void {
    this.#goodAnswers = 0;
  }
}
