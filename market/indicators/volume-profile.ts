// Source: J. Peter Steidlmayer's Market Profile (CBOT, 1985): point of control, and a value area grown by pairs of rows.
import type { Bar, Columns, ColumnsOf } from './indicator.ts';
import { checkedPeriod, fillWindow } from './period.ts';

export interface ValueArea {
  /** The middle of the row with the most volume, in price. */
  readonly pointOfControl: number;
  /** Both ends of the prices around it that hold the wanted share of the volume. */
  readonly low: number;
  readonly high: number;
}

const VALUE_SHARE = 0.7;
const NOTHING: ValueArea = { pointOfControl: Number.NaN, low: Number.NaN, high: Number.NaN };

/**
 * Where the volume of the last `period` bars was traded; NaN until it has seen as many, and while none
 * of them had any volume. The rows are equal slices between the lowest low and the highest high of
 * the window. That needs no tick, suits a share as well as a coin or a currency, and bounds the work:
 * at most `period` × `rows` additions a bar, about a tenth of it where bars are much smaller than
 * their window. Levels are as coarse as a row. What it ignores: where inside of a bar its volume was
 * traded, which a candle does not tell; it is spread evenly.
 *
 * The profile is built afresh for each bar, so that it cannot drift and forgets whatever has passed.
 */
export class VolumeProfile {
  readonly #highs: Float64Array;
  readonly #lows: Float64Array;
  readonly #volumes: Float64Array;
  readonly #rows: Float64Array;
  #count = 0;

  constructor(period: number, rows: number) {
    this.#highs = new Float64Array(checkedPeriod('volume profile', period));
    this.#lows = new Float64Array(period);
    this.#volumes = new Float64Array(period);
    this.#rows = new Float64Array(checkedRows(rows));
  }

  push(bar: Omit<Bar, 'close'>): ValueArea {
    this.add(bar);
    return this.area();
  }

  /** Takes a bar in and reads nothing: half of `push`, for those who do not ask at every bar. */
  add({ high, low, volume }: Omit<Bar, 'close'>): void {
    const period = this.#highs.length;
    const at = this.#count % period;
    this.#highs[at] = high;
    this.#lows[at] = low;
    this.#volumes[at] = volume;
    this.#count++;
  }

  /** The other half: the area of the bars taken in so far. */
  area(): ValueArea {
    if (this.#count < this.#highs.length) return NOTHING;
    let bottom = Infinity;
    let top = -Infinity;
    let total = 0;
    for (let i = 0; i < this.#highs.length; i++) {
      bottom = Math.min(bottom, this.#lows[i]!);
      top = Math.max(top, this.#highs[i]!);
      total += this.#volumes[i]!;
    }
    // False for a NaN among prices or volumes as well.
    if (!(total > 0 && top >= bottom)) return NOTHING;
    if (top === bottom) return { pointOfControl: top, low: top, high: top };
    const height = (top - bottom) / this.#rows.length;
    this.#spread(bottom, 1 / height);
    const { control, from, to } = valueRows(this.#rows);
    const priceAt = (row: number): number => bottom + row * height;
    return {
      pointOfControl: priceAt(control + 0.5),
      low: priceAt(from),
      // Rows add up to the highest high but for rounding.
      high: to === this.#rows.length ? top : priceAt(to),
    };
  }

  /** Fills the rows, each bar's volume evenly over the prices it covers. */
  #spread(bottom: number, rowsPerPrice: number): void {
    const rows = this.#rows;
    const last = rows.length - 1;
    rows.fill(0);
    for (let i = 0; i < this.#highs.length; i++) {
      const from = (this.#lows[i]! - bottom) * rowsPerPrice;
      const to = (this.#highs[i]! - bottom) * rowsPerPrice;
      const firstRow = Math.min(Math.floor(from), last);
      const lastRow = Math.min(Math.floor(to), last);
      const volume = this.#volumes[i]!;
      if (firstRow === lastRow) {
        rows[firstRow]! += volume;
        continue;
      }
      const density = volume / (to - from);
      rows[firstRow]! += density * (firstRow + 1 - from);
      for (let row = firstRow + 1; row < lastRow; row++) rows[row]! += density;
      rows[lastRow]! += density * (to - lastRow);
    }
  }

  save() {
    return {
      highs: this.#highs.slice(),
      lows: this.#lows.slice(),
      volumes: this.#volumes.slice(),
      count: this.#count,
    };
  }

  load({ highs, lows, volumes, count }: ReturnType<VolumeProfile['save']>): void {
    fillWindow(this.#highs, highs);
    fillWindow(this.#lows, lows);
    fillWindow(this.#volumes, volumes);
    this.#count = count;
  }
}

export function volumeProfileOf(
  { high, low, volume }: Omit<Columns, 'close'>,
  period: number,
  rows: number,
): ColumnsOf<ValueArea> {
  const profile = new VolumeProfile(period, rows);
  const { length } = high;
  const columns = {
    pointOfControl: new Float64Array(length),
    low: new Float64Array(length),
    high: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const area = profile.push({ high: high[i]!, low: low[i]!, volume: volume[i]! });
    columns.pointOfControl[i] = area.pointOfControl;
    columns.low[i] = area.low;
    columns.high[i] = area.high;
  }
  return columns;
}

/** The value area of volumes by row: `from` is its first row and `to` the first above it. */
interface ValueRows {
  readonly control: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Begins at the fullest row, the one nearest the middle when several are, and takes the fuller of the
 * two rows above and the two below, whole, until it holds its share. It has no holes by construction.
 */
function valueRows(rows: Float64Array): ValueRows {
  const control = fullestRow(rows);
  let total = 0;
  for (const volume of rows) total += volume;
  let from = control;
  let to = control + 1;
  let held = rows[control]!;
  while (held < VALUE_SHARE * total && (from > 0 || to < rows.length)) {
    const above = pairFrom(rows, to, 1);
    const below = pairFrom(rows, from - 1, -1);
    const isUp = to < rows.length && (from === 0 || above >= below);
    held += isUp ? above : below;
    if (isUp) to = Math.min(to + 2, rows.length);
    else from = Math.max(from - 2, 0);
  }
  return { control, from, to };
}

function fullestRow(rows: Float64Array): number {
  const middle = (rows.length - 1) / 2;
  let fullest = 0;
  for (let row = 1; row < rows.length; row++) {
    const difference = rows[row]! - rows[fullest]!;
    const isNearer = Math.abs(row - middle) < Math.abs(fullest - middle);
    if (difference > 0 || (difference === 0 && isNearer)) fullest = row;
  }
  return fullest;
}

const pairFrom = (rows: Float64Array, row: number, step: 1 | -1): number =>
  (rows[row] ?? 0) + (rows[row + step] ?? 0);

function checkedRows(rows: number): number {
  if (Number.isInteger(rows) && rows >= 1) return rows;
  throw new Error(`volume profile: ${rows} rows must be a whole number, 1 or more`);
}
