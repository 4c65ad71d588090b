import { emptyColumns, slice } from '../column-series.ts';
import { COLUMN_NAMES, type CandleColumns, type CandleSeries } from '../series.ts';

export interface Merged {
  /** Every bar of both; where they differ, the new one. */
  readonly series: CandleSeries;
  readonly added: number;
  readonly unchanged: number;
  /** Open times at which both have a bar, and not the same. */
  readonly conflictsMs: readonly number[];
}

/** Puts two series in one, in the order of time. */
export function merge(stored: CandleSeries, incoming: CandleSeries): Merged {
  const into = emptyColumns(stored.length + incoming.length);
  const conflictsMs: number[] = [];
  let [old, fresh, length, unchanged] = [0, 0, 0, 0];
  while (old < stored.length || fresh < incoming.length) {
    const oldMs = old < stored.length ? stored.openTimeMs[old]! : Infinity;
    const freshMs = fresh < incoming.length ? incoming.openTimeMs[fresh]! : Infinity;
    const oldIsNext = oldMs <= freshMs;
    const freshIsNext = freshMs <= oldMs;
    if (oldIsNext && freshIsNext) {
      if (sameBar(stored, old, incoming, fresh)) unchanged++;
      else conflictsMs.push(freshMs);
    }
    if (freshIsNext) copyBar(incoming, fresh, into, length++);
    else copyBar(stored, old, into, length++);
    if (oldIsNext) old++;
    if (freshIsNext) fresh++;
  }
  const added = incoming.length - unchanged - conflictsMs.length;
  return { series: slice(into, 0, length), added, unchanged, conflictsMs };
}

function sameBar(a: CandleColumns, i: number, b: CandleColumns, j: number): boolean {
  return COLUMN_NAMES.every((name) => a[name][i] === b[name][j]);
}

function copyBar(from: CandleColumns, i: number, to: CandleColumns, j: number): void {
  to.openTimeMs[j] = from.openTimeMs[i]!;
  to.open[j] = from.open[i]!;
  to.high[j] = from.high[i]!;
  to.low[j] = from.low[i]!;
  to.close[j] = from.close[i]!;
  to.volume[j] = from.volume[i]!;
}
