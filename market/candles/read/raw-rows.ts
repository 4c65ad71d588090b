import { emptyColumns } from '../column-series.ts';
import type { CandleColumns } from '../series.ts';

/**
 * FIELDS: too few or too many. NUMBER: a price or volume that is none. TIME: no time, or one that no clock
 * shows. PRICE: not above zero. RANGE: the high or the low does not hold open and close. VOLUME: below zero.
 */
export type RowFault = 'FIELDS' | 'NUMBER' | 'TIME' | 'PRICE' | 'RANGE' | 'VOLUME';

export interface BadRow {
  /** The line of a text, the number of a candle in a list; both count from 1. */
  readonly place: number;
  readonly kind: RowFault;
  readonly reason: string;
}

/** What a file says, row by row and unjudged: in any order, perhaps twice, perhaps beyond belief. */
export interface RawRows {
  length: number;
  /** With room for every row that the file may have. */
  readonly columns: CandleColumns;
  readonly places: Uint32Array;
  /** Rows, by index, whose time the clocks showed twice; the later instant. The column has the earlier. */
  readonly laterMs: Map<number, number>;
  readonly bad: BadRow[];
  readonly notes: string[];
}

export const rawRows = (capacity: number): RawRows => ({
  length: 0,
  columns: emptyColumns(capacity),
  places: new Uint32Array(capacity),
  laterMs: new Map(),
  bad: [],
  notes: [],
});
