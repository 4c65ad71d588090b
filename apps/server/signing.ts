/**
 * When checkpoints are signed: every minute in which something happened, after a thousand events at the
 * latest, and together with a snapshot when enough has come since the last one. In real time.
 */
import { MINUTE_MS } from '../../domain/clock.ts';
import { type Checkpointer, RecordBroken } from '../../ledger/checkpoints/checkpointer.ts';
import type { Runtime } from '../runtime/runtime.ts';

const LOOK_MS = 1_000;
const SIGN_EVERY_MS = MINUTE_MS;
const SIGN_EVENTS_MAX = 1_000;
/** Reading so many again at the next start takes about a second. */
const STATE_EVENTS_MAX = 20_000;
/** Three minutes without a signature, and nobody can show any more what the record was. */
const FAILURES_MAX = 3;

export interface Signing {
  readonly checkpointer: Pick<Checkpointer, 'sign' | 'sinceSigned' | 'sinceState'>;
  readonly runtime: Pick<Runtime, 'atRest' | 'doubtRecord'>;
  /** Real time, in milliseconds. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/**
 * Signs until it is stopped. A record that is found broken, or that cannot be signed three times in a
 * row, is doubted: trading halts, and what happens is still written down.
 */
export function keepSigning(signing: Signing): () => void {
  const schedule = new Schedule(signing);
  const timer = setInterval(() => void schedule.look(), LOOK_MS);
  return () => clearInterval(timer);
}

export class Schedule {
  readonly #signing: Signing;
  #signedAtMs: number;
  #failures = 0;
  #busy = false;
  #puttingAway = false;
  #over = false;

  constructor(signing: Signing) {
    this.#signing = signing;
    this.#signedAtMs = signing.now();
  }

  async look(): Promise<void> {
    const { checkpointer, now } = this.#signing;
    const waitedMs = now() - this.#signedAtMs;
    // A clock that was set back must not put the next signature off.
    const isTime = waitedMs >= SIGN_EVERY_MS || waitedMs < 0;
    const isDue = isTime || checkpointer.sinceSigned >= SIGN_EVENTS_MAX;
    if (!isDue || this.#busy || this.#over) return;
    this.#busy = true;
    this.#signedAtMs = now();
    await this.#try(() => checkpointer.sign(false));
    this.#busy = false;
    // Not waited for: a cycle that hangs is never at rest, and signing must go on beside it.
    if (checkpointer.sinceState >= STATE_EVENTS_MAX) void this.#putAway();
  }

  async #putAway(): Promise<void> {
    const { checkpointer, runtime } = this.#signing;
    if (this.#puttingAway || this.#over) return;
    this.#puttingAway = true;
    await this.#try(() => runtime.atRest(() => checkpointer.sign(true)));
    this.#puttingAway = false;
  }

  async #try(sign: () => Promise<void>): Promise<void> {
    try {
      await sign();
      this.#failures = 0;
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const { runtime, onFault } = this.#signing;
    this.#failures += 1;
    onFault(error);
    if (!(error instanceof RecordBroken) && this.#failures < FAILURES_MAX) return;
    this.#over = true;
    const message = error instanceof Error ? error.message : String(error);
    const because =
      error instanceof RecordBroken ? message : `checkpoints cannot be signed: ${message}`;
    // On a ledger that is broken nothing can be written any more, and everything stands still already.
    try {
      await runtime.doubtRecord(because);
    } catch (unwritten) {
      onFault(unwritten);
    }
  }
}
