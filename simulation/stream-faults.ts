/** What the wire does to the venue's reports: some are lost, some come twice, late or out of order. */
import type { Clock } from '../domain/clock.ts';
import type { Random } from '../domain/random.ts';
import type { NumberedReport, VenueReport } from '../execution/venue.ts';
import type { FaultProfile } from './fault-profiles.ts';

type Named = Extract<VenueReport['kind'], 'ACCEPTED' | 'CANCELED'>;

interface Held {
  readonly dueMs: number;
  readonly report: NumberedReport;
}

export class StreamFaults {
  readonly #clock: Clock;
  readonly #random: Random;
  #profile: FaultProfile;
  #held: readonly Held[] = [];
  readonly #muted = new Set<string>();

  constructor(clock: Clock, random: Random, profile: FaultProfile) {
    this.#clock = clock;
    this.#random = random;
    this.#profile = profile;
  }

  /** The next report of this kind on this order is lost. */
  mute(kind: Named, clientId: string): void {
    this.#muted.add(`${kind} ${clientId}`);
  }

  /** What arrives now of what was just sent, and of what was late. */
  pass(fresh: readonly NumberedReport[]): readonly NumberedReport[] {
    const due = this.#due();
    if (due.length === 0 && this.#isClear()) return fresh;
    const arrived = [...due, ...fresh.flatMap((report) => this.#fateOf(report))];
    const shuffles = arrived.length > 1 && this.#happens(this.#profile.shuffleChance);
    return shuffles ? shuffled(arrived, this.#random) : arrived;
  }

  /** Everything late is due. What is lost stays lost. */
  heal(calm: FaultProfile): void {
    this.#profile = calm;
    this.#held = this.#held.map(({ report }) => ({ dueMs: Number.NEGATIVE_INFINITY, report }));
  }

  #due(): readonly NumberedReport[] {
    if (this.#held.length === 0) return [];
    const nowMs = this.#clock.now();
    const due = this.#held.filter(({ dueMs }) => dueMs <= nowMs).map(({ report }) => report);
    this.#held = this.#held.filter(({ dueMs }) => dueMs > nowMs);
    return due;
  }

  #fateOf(numbered: NumberedReport): readonly NumberedReport[] {
    const { kind, clientId } = numbered.report;
    if (this.#muted.delete(`${kind} ${clientId}`)) return [];
    if (kind !== 'FILL') return [numbered];
    const { lateFillChance, lateFillMsMax, duplicateFillChance } = this.#profile;
    const copies = this.#happens(duplicateFillChance) ? [numbered, numbered] : [numbered];
    if (!this.#happens(lateFillChance)) return copies;
    const dueMs = this.#clock.now() + Math.ceil(this.#random.next() * lateFillMsMax);
    this.#held = [...this.#held, { dueMs, report: numbered }];
    // Of a fill that is told twice, one telling may be on time.
    return copies.slice(1);
  }

  #isClear(): boolean {
    const { duplicateFillChance, lateFillChance, shuffleChance } = this.#profile;
    return duplicateFillChance + lateFillChance + shuffleChance === 0 && this.#muted.size === 0;
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.#random.next() < chance;
  }
}

/** Fisher and Yates (1938). */
function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
