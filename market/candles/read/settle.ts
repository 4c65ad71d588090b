import { candleFault } from '../../../domain/candle.ts';
import { barFault } from '../bar-fault.ts';
import { emptyColumns, seriesOf, slice } from '../column-series.ts';
import { COLUMN_NAMES, type CandleColumns, type CandleSeries } from '../series.ts';
import type { BadRow, RawRows, RowFault } from './raw-rows.ts';

/** A row that is not where its time belongs. */
export interface Misplaced {
  readonly place: number;
  readonly openTimeMs: number;
  /** Of the row before it. */
  readonly afterMs: number;
}

/** A row whose time another row had before it. */
export interface Repeated {
  readonly place: number;
  readonly openTimeMs: number;
  readonly firstPlace: number;
  /** Every value is the same too. */
  readonly same: boolean;
}

export interface Settled {
  /** The rows that can be believed, oldest first, each time once (the first of them in the file). */
  readonly series: CandleSeries;
  /** The place in the file of each bar of the series. */
  readonly places: Uint32Array;
  readonly bad: readonly BadRow[];
  readonly misplaced: readonly Misplaced[];
  readonly repeated: readonly Repeated[];
  readonly notes: readonly string[];
}

/** Brings what a file says into order, and tells everything that it had to do for that. */
export function settle(raw: RawRows): Settled {
  const bad = [...raw.bad];
  const notes = [...raw.notes];
  const rows = soundRows(raw, bad);
  if (isNewestFirst(raw.columns.openTimeMs, rows)) {
    rows.reverse();
    notes.push('the file is newest first and was turned around');
  }
  const doubtful = readTwiceShown(raw, rows);
  if (doubtful.length > 0) {
    const times = doubtful.length === 1 ? '1 time was' : `${doubtful.length} times were`;
    notes.push(
      `${times} in the hour that clocks show twice, the first in line ${doubtful[0]}, and read in the order of the file`,
    );
  }
  const misplaced = misplacedIn(raw, rows);
  const repeated: Repeated[] = [];
  const inOrder = misplaced.length === 0 ? rows : sorted(raw, rows);
  const kept = eachTimeOnce(raw, inOrder, repeated);
  bad.sort((a, b) => a.place - b.place);
  repeated.sort((a, b) => a.place - b.place);
  return { ...gather(raw, kept), bad, misplaced, repeated, notes };
}

/** The indices of rows that can be believed. */
function soundRows(raw: RawRows, bad: BadRow[]): Uint32Array {
  const rows = new Uint32Array(raw.length);
  let length = 0;
  for (let row = 0; row < raw.length; row++) {
    const reason = barFault(raw.columns, row);
    if (reason === undefined) rows[length++] = row;
    else bad.push({ place: raw.places[row]!, kind: kindOf(raw.columns, row), reason });
  }
  return rows.subarray(0, length);
}

function kindOf(columns: CandleColumns, row: number): RowFault {
  const { openTimeMs, open, high, low, close } = seriesOf(columns).candle(row);
  if (!Number.isSafeInteger(openTimeMs)) return 'TIME';
  const isPrice = (value: number): boolean => value > 0 && Number.isFinite(value);
  if (![open, high, low, close].every(isPrice)) return 'PRICE';
  return candleFault({ openTimeMs, open, high, low, close, volume: 0 }) ? 'RANGE' : 'VOLUME';
}

/** One step back may be a slip; two more than forward are the way of the file. */
function isNewestFirst(times: Float64Array, rows: Uint32Array): boolean {
  let backwards = 0;
  for (let i = 1; i < rows.length; i++) {
    const stepMs = times[rows[i]!]! - times[rows[i - 1]!]!;
    if (stepMs < 0) backwards++;
    else if (stepMs > 0) backwards--;
  }
  return backwards >= 2;
}

/** In autumn an hour comes twice: a time that does not follow the one before it is of the second. */
function readTwiceShown({ columns, laterMs, places }: RawRows, rows: Uint32Array): number[] {
  if (laterMs.size === 0) return [];
  const read: number[] = [];
  let beforeMs = -Infinity;
  for (const row of rows) {
    const later = laterMs.get(row);
    if (later !== undefined) {
      if (columns.openTimeMs[row]! <= beforeMs) columns.openTimeMs[row] = later;
      read.push(places[row]!);
    }
    beforeMs = columns.openTimeMs[row]!;
  }
  return read.sort((a, b) => a - b);
}

function misplacedIn({ columns, places }: RawRows, rows: Uint32Array): readonly Misplaced[] {
  const misplaced: Misplaced[] = [];
  for (let i = 1; i < rows.length; i++) {
    const openTimeMs = columns.openTimeMs[rows[i]!]!;
    const afterMs = columns.openTimeMs[rows[i - 1]!]!;
    if (openTimeMs < afterMs) misplaced.push({ place: places[rows[i]!]!, openTimeMs, afterMs });
  }
  return misplaced;
}

/** Rows of one time stay in the order of the file. */
const sorted = ({ columns }: RawRows, rows: Uint32Array): Uint32Array =>
  rows.toSorted((a, b) => columns.openTimeMs[a]! - columns.openTimeMs[b]! || a - b);

function eachTimeOnce(raw: RawRows, rows: Uint32Array, repeated: Repeated[]): Uint32Array {
  const { columns, places } = raw;
  const kept = new Uint32Array(rows.length);
  let length = 0;
  for (const row of rows) {
    const last = kept[length - 1];
    const openTimeMs = columns.openTimeMs[row]!;
    if (length > 0 && columns.openTimeMs[last!] === openTimeMs) {
      const same = COLUMN_NAMES.every((name) => columns[name][row] === columns[name][last!]);
      repeated.push({ place: places[row]!, openTimeMs, firstPlace: places[last!]!, same });
    } else kept[length++] = row;
  }
  return kept.subarray(0, length);
}

function gather(raw: RawRows, kept: Uint32Array): Pick<Settled, 'series' | 'places'> {
  // A file in order is handed on as it is, which is most files and most of the time.
  const { length } = kept;
  if (kept.every((row, index) => row === index)) {
    return { series: slice(raw.columns, 0, length), places: raw.places.subarray(0, length) };
  }
  const columns = emptyColumns(length);
  for (const name of COLUMN_NAMES) {
    for (let i = 0; i < length; i++) columns[name][i] = raw.columns[name][kept[i]!]!;
  }
  return { series: seriesOf(columns), places: kept.map((row) => raw.places[row]!) };
}
