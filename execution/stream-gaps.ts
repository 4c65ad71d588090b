import type { NumberedReport } from './venue.ts';

/** Notices holes in a numbered stream. Reports may repeat and come out of order; a hole that stays is a gap. */
export class StreamGaps {
  #highest = 0;

  /** True when, after these, something is missing; it is told once, and then asked for, not waited for. */
  follow(reports: readonly NumberedReport[]): boolean {
    let gap = false;
    for (const seq of reports.map((report) => report.seq).toSorted((a, b) => a - b)) {
      if (seq > this.#highest + 1) gap = true;
      this.#highest = Math.max(this.#highest, seq);
    }
    return gap;
  }
}
