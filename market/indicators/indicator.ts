/**
 * What every indicator of this folder is. `push` is told of each closed bar once, in order, and answers
 * in NaN until it has seen enough; the batch function beside it fills a column with the same answers,
 * bit for bit. `save` and `load` carry what it remembers into another process. An input of NaN is
 * answered in NaN for as long as it has any bearing: a window until it has passed, and an average
 * without end begins afresh.
 */
export interface Indicator<Input, Output> {
  push(input: Input): Output;
  save(): unknown;
  load(saved: never): void;
}

/** A bar as indicators read it. */
export interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Columns of closed bars, oldest first, all of the same length. */
export interface Columns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** The columns that a batch fills where `push` answers with several values. */
export type ColumnsOf<Reading> = { readonly [Name in keyof Reading]: Float64Array };

/** One bar of the columns. */
export const barAt = ({ high, low, close, volume }: Columns, index: number): Bar => ({
  high: high[index]!,
  low: low[index]!,
  close: close[index]!,
  volume: volume[index]!,
});
