import type { Dice } from './dice.ts';
import type { Fault } from './faults.ts';
import type { VirtualTime } from './virtual-time.ts';

const CRASH_CHANCE = 0.004;
const PAUSE_CHANCE = 0.002;
const SLOW_CHANCE = 0.03;
const SLOW_MS_MAX = 8_000;
/** Whoever asks so often without a moment going by will never stop. */
const CALLS_AT_ONCE_MAX = 3_000;

export interface GateParts {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly faults: ReadonlySet<Fault>;
  readonly note: (words: string) => void;
  /** Something is wrong with the process itself. */
  readonly object: (because: string) => void;
}

/**
 * Every await of a process leads through here, because its ports are all it waits for. At each one the
 * process may end, stop for a while, or wait: before what it asked for is done, or after.
 */
export class Gate {
  readonly #parts: GateParts;
  #healed = false;
  #dead = false;
  #awake: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #momentMs = Number.NEGATIVE_INFINITY;
  #callsAtOnce = 0;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  get dead(): boolean {
    return this.#dead;
  }

  get paused(): boolean {
    return this.#awake !== undefined;
  }

  /** From here on nothing goes wrong at this gate any more. */
  heal(): void {
    this.#healed = true;
  }

  /** The process ends: whatever it waits for never comes. */
  end(): void {
    this.#dead = true;
  }

  pause(): void {
    if (this.#awake !== undefined) return;
    this.#awake = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#awake = undefined;
    this.#wake = undefined;
  }

  /** `what` is for the log. */
  async pass<T>(what: string, call: () => Promise<T>): Promise<T> {
    this.#count(what);
    await this.#meetFate(`before ${what}`);
    const outcome = await settled(call);
    await this.#meetFate(`after ${what}`);
    if (outcome.ok) return outcome.value;
    throw outcome.error;
  }

  #count(what: string): void {
    const { time, object } = this.#parts;
    if (time.now() !== this.#momentMs) this.#callsAtOnce = 0;
    this.#momentMs = time.now();
    this.#callsAtOnce += 1;
    if (this.#callsAtOnce < CALLS_AT_ONCE_MAX || this.#dead) return;
    object(`it runs away, with ${what} for the ${CALLS_AT_ONCE_MAX}th time at one moment`);
    this.end();
  }

  async #meetFate(where: string): Promise<void> {
    this.#draw(where);
    const { dice, faults, time } = this.#parts;
    if (!this.#healed && faults.has('slow-answers') && dice.happens(SLOW_CHANCE))
      await time.sleep(dice.whole(1, SLOW_MS_MAX));
    await this.#awake;
    if (this.#dead) await NEVER;
  }

  #draw(where: string): void {
    const { dice, faults, note } = this.#parts;
    if (this.#healed || this.#dead) return;
    if (faults.has('crashes') && dice.happens(CRASH_CHANCE)) {
      note(`the process ends ${where}`);
      this.end();
    } else if (faults.has('pauses') && dice.happens(PAUSE_CHANCE)) {
      note(`the process stops ${where}`);
      this.pause();
    }
  }
}

type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** A failure comes to its caller after the gate too, and until then nobody has failed to catch it. */
async function settled<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, error };
  }
}

const NEVER = new Promise<never>(() => {});
