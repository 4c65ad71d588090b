/** The newest bars of each instrument, for correlations and ranges. */
import type { BarText } from '../../domain/event.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';
import type { BarHistory } from './readonly-book.ts';

/** Enough for sixty returns. */
const BARS_KEPT = 61;

interface Columns {
  readonly timesMs: number[];
  readonly highs: number[];
  readonly lows: number[];
  readonly closes: number[];
}

export class Bars {
  #columns = new Map<InstrumentId, Columns>();

  get all(): ReadonlyMap<InstrumentId, BarHistory> {
    return this.#columns;
  }

  add(id: InstrumentId, bar: BarText): void {
    const columns = this.#columns.get(id) ?? { timesMs: [], highs: [], lows: [], closes: [] };
    keep(columns.timesMs, bar.openTimeMs);
    keep(columns.highs, Number(bar.high));
    keep(columns.lows, Number(bar.low));
    keep(columns.closes, Number(bar.close));
    this.#columns.set(id, columns);
  }

  save(): Saved {
    return pack(this.#columns);
  }

  load(saved: Saved): void {
    this.#columns = unpackLike(saved, this.#columns);
  }
}

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > BARS_KEPT) values.shift();
}
