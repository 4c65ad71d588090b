import { BACKOFF_MAX_MS, backoffMs } from '../asking/backoff.ts';
import { isPassing, type ProviderFault } from '../provider.ts';

/** So many failures without a healthy while between them, and the provider is left alone. */
export const FAILURES_MAX = 5;
const FIRST_OPEN_MS = 30_000;
const OPEN_MAX_MS = 300_000;
/** A key may be renewed and a ban may end, but nobody waits for it. */
const REFUSED_OPEN_MS = 900_000;

/**
 * Whether a provider is worth a try. CLOSED: it is. OPEN: it is left alone. HALF_OPEN: it has been left
 * alone long enough, and one more failure opens it again, for twice as long.
 *
 * Sixty lines of our own, because the libraries for it read the wall clock, which a feed may not.
 */
export class Breaker {
  readonly #random: () => number;
  #failures = 0;
  #opened = 0;
  #openUntilMs: number | undefined;
  #tryAtMs = -Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  state(nowMs: number): 'CLOSED' | 'OPEN' | 'HALF_OPEN' {
    if (this.#openUntilMs === undefined) return 'CLOSED';
    return nowMs < this.#openUntilMs ? 'OPEN' : 'HALF_OPEN';
  }

  /** Before this instant a try is too early. */
  get tryAtMs(): number {
    return this.#tryAtMs;
  }

  failed(fault: ProviderFault, nowMs: number): void {
    this.#failures += 1;
    const askedMs = fault.retryAfterMs ?? 0;
    const refused = !isPassing(fault.kind);
    const waitMs = Math.max(askedMs, backoffMs(this.#failures, this.#random));
    if (!refused && askedMs <= BACKOFF_MAX_MS && this.#failures < FAILURES_MAX) {
      this.#tryAtMs = nowMs + waitMs;
      return;
    }
    const openMs = Math.min(OPEN_MAX_MS, FIRST_OPEN_MS * 2 ** this.#opened);
    this.#opened += 1;
    this.#openUntilMs = nowMs + Math.max(waitMs, refused ? REFUSED_OPEN_MS : openMs);
    this.#tryAtMs = this.#openUntilMs;
    // What follows is a trial: its first failure opens the breaker again.
    this.#failures = FAILURES_MAX - 1;
  }

  /** It has answered while it was only watched: it is tried, and still on trial. */
  trust(): void {
    this.#openUntilMs = undefined;
    this.#tryAtMs = -Infinity;
  }

  /** It has been well for a while: what was before is forgotten. */
  healed(): void {
    this.trust();
    this.#failures = 0;
    this.#opened = 0;
  }
}
