import type { NumberedReport, VenueReport } from '../execution/venue.ts';

const NONE: readonly NumberedReport[] = [];

/** Everything the exchange ever reported, numbered without gaps, for as many readers as there are. */
export class Reports {
  readonly #reports: NumberedReport[] = [];
  #first = 1;

  startAt(seq: number): void {
    this.#first = seq;
  }

  get lastSeq(): number {
    return this.#first + this.#reports.length - 1;
  }

  add(report: VenueReport): void {
    this.#reports.push({ seq: this.#first + this.#reports.length, report });
  }

  after(seq: number): readonly NumberedReport[] {
    return seq >= this.lastSeq ? NONE : this.#reports.slice(Math.max(0, seq + 1 - this.#first));
  }
}
