/**
 * Remembers until when something need not be asked again. Nothing is decided by it: whoever forgets it in
 * a restart asks once too early and hears the same answer.
 */
export class Patience {
  readonly #untilMs = new Map<string, number>();

  isOver(subject: string, nowMs: number): boolean {
    return nowMs >= (this.#untilMs.get(subject) ?? nowMs);
  }

  wait(subject: string, nowMs: number, forMs: number): void {
    // Most subjects are never asked about again; those whose time is up are let go here.
    for (const [other, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(other);
    this.#untilMs.set(subject, nowMs + forMs);
  }
}
