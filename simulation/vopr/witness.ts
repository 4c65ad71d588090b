import type { VirtualTime } from './virtual-time.ts';
import { Auditor } from './auditor/auditor.ts';
import type { Violation } from './auditor/rules.ts';
import type { Testimony } from './auditor/testimony.ts';

export interface Heard {
  readonly step: number;
  readonly atMs: number;
  readonly said: Testimony;
}

/** Sees everything, tells the auditor at once, and keeps it for those who want to know why. */
export class Witness {
  readonly log: Heard[] = [];
  step = 0;
  readonly #time: VirtualTime;
  readonly #auditor = new Auditor();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  hear(said: Testimony): void {
    const atMs = this.#time.now();
    this.log.push({ step: this.step, atMs, said });
    this.#auditor.hear(atMs, said);
  }

  note(words: string): void {
    this.hear({ kind: 'NOTE', words });
  }

  get violations(): readonly Violation[] {
    return this.#auditor.violations;
  }

  /** Whether the auditor would have nothing to object to if everything ended now. */
  isAtRest(): boolean {
    return this.#auditor.isAtRest(this.#time.now());
  }
}
