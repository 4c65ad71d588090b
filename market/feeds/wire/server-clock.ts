/**
 * What a server's own clock said when it answered last, in whole seconds. Where our clock is ahead of
 * its, a bar that is still forming would seem to be over.
 */
export class ServerClock {
  #saidMs = Infinity;

  /** The Date of an answer; a server that sends none, or nonsense, is not argued with. */
  heard(date: string | null | undefined): void {
    const saidMs = Date.parse(date ?? '');
    if (!Number.isNaN(saidMs)) this.#saidMs = saidMs;
  }

  /** By whichever clock is behind; for what an answer has just brought. */
  earlierOf(nowMs: number): number {
    return Math.min(nowMs, this.#saidMs);
  }
}
