import { parsePlainNumber } from '../plain-number.ts';
import type { CandleColumns } from '../series.ts';
import { type CsvLayout, layoutOf } from './csv-layout.ts';
import { epochReader, type EpochReader, textTimes, type TextTimes } from './csv-times.ts';
import { LAST_MS } from './epoch.ts';
import { type BadRow, type RawRows, rawRows } from './raw-rows.ts';
import { shown } from './shown.ts';
import { readTime } from './time-text.ts';
import { type Instants, zoneClock } from './zone.ts';

export interface ReadOptions {
  /** Of times that name none, such as `America/New_York` or `America/New_York+7h`; UTC when left out. */
  readonly timezone?: string;
  /** Numbers since 1970 are of the clocks of `timezone` too, and not of UTC. */
  readonly localNumbers?: boolean;
  /** Told now and then how many bytes are read. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** A whole file is at fault, in the line named. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const PROGRESS_ROWS = 50_000;
const NUMBERS = ['OPEN', 'HIGH', 'LOW', 'CLOSE', 'VOLUME'] as const;
const COLUMN_OF = {
  OPEN: 'open',
  HIGH: 'high',
  LOW: 'low',
  CLOSE: 'close',
  VOLUME: 'volume',
} as const;

/** Every row of a CSV text. Throws `UnreadableText` when its first line shows no columns. */
export function readCsvRows(bytes: Buffer, options: ReadOptions): RawRows {
  const text = withoutBlankEnd(inUnixLines(bytes));
  if (text.length === 0) throw new UnreadableText(0, 'the file is empty');
  const layout = layoutIn(text);
  const rows = rawRows(countLines(text));
  rows.notes.push(...layout.notes);
  const reader = new RowReader(text, layout, rows, options);
  let line = layout.hasHeader ? 2 : 1;
  for (let start = layout.hasHeader ? lineEnd(text, 0) + 1 : 0; start < text.length; line++) {
    const end = lineEnd(text, start);
    const fault = reader.read(start, contentEnd(text, start, end), line);
    if (fault !== undefined) rows.bad.push({ place: line, ...fault });
    if (line % PROGRESS_ROWS === 0) options.onProgress?.(end, text.length);
    start = end + 1;
  }
  rows.notes.push(...reader.notes());
  return rows;
}

type Fault = Omit<BadRow, 'place'>;

/** Takes rows apart where they lie: a million of them are not worth a million strings. */
class RowReader {
  readonly #bytes: Buffer;
  readonly #layout: CsvLayout;
  readonly #rows: RawRows;
  readonly #delimiter: number;
  /** Where each field of the row at hand begins and ends. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #numbers: readonly { readonly at: number; readonly column: keyof CandleColumns }[];
  readonly #texts: TextTimes;
  readonly #zone: string | undefined;
  readonly #clock: (wallMs: number) => Instants;
  readonly #localNumbers: boolean;
  #epoch: EpochReader | undefined;
  #isBegun = false;
  #unit: string | undefined;

  constructor(bytes: Buffer, layout: CsvLayout, rows: RawRows, options: ReadOptions) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#rows = rows;
    this.#delimiter = layout.delimiter.charCodeAt(0);
    this.#starts = new Int32Array(layout.names.length);
    this.#ends = new Int32Array(layout.names.length);
    this.#numbers = NUMBERS.flatMap((role) => {
      const at = layout.at[role];
      return at === undefined ? [] : [{ at, column: COLUMN_OF[role] }];
    });
    this.#zone = options.timezone;
    this.#clock = zoneClock(options.timezone ?? 'UTC');
    this.#localNumbers = options.localNumbers ?? false;
    this.#texts = textTimes(options.timezone, this.#clock);
  }

  /** Adds the row, or says what is wrong with it. */
  read(start: number, end: number, line: number): Fault | undefined {
    const fault = this.#split(start, end);
    if (fault !== undefined) return fault;
    const { columns, places, length } = this.#rows;
    const timeFault = this.#readTime(columns.openTimeMs, length);
    if (timeFault !== undefined) return timeFault;
    for (const { at, column } of this.#numbers) {
      const value = parsePlainNumber(this.#bytes, this.#starts[at]!, this.#ends[at]!);
      if (Number.isNaN(value)) {
        return { kind: 'NUMBER', reason: `${this.#shown(at)} is not a plain number` };
      }
      // Minus zero would be another bar than zero.
      columns[column][length] = value + 0;
    }
    places[length] = line;
    this.#rows.length = length + 1;
    return undefined;
  }

  notes(): readonly string[] {
    const unit = this.#unit === undefined ? [] : [this.#unit];
    return [...unit, ...this.#zoneOfNumbers(), ...this.#texts.notes()];
  }

  #zoneOfNumbers(): readonly string[] {
    if (this.#epoch === undefined || this.#zone === undefined) return [];
    return this.#localNumbers
      ? [`times in numbers were read by the clocks of ${this.#zone}`]
      : ['times in numbers are UTC and --timezone does not move them; --local-numbers does'];
  }

  #split(start: number, end: number): Fault | undefined {
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    const wanted = this.#starts.length;
    let field = 0;
    let fieldStart = start;
    for (let i = start; i <= end; i++) {
      if (i < end && bytes[i] !== delimiter) continue;
      if (field < wanted) this.#keep(field, fieldStart, i);
      field++;
      fieldStart = i + 1;
    }
    if (field === wanted) return undefined;
    if (field === 1 && this.#ends[0] === this.#starts[0]) {
      return { kind: 'FIELDS', reason: 'the line is empty' };
    }
    const names = this.#layout.names.join(this.#layout.delimiter);
    const are = field === 1 ? 'is 1 field' : `are ${field} fields`;
    return { kind: 'FIELDS', reason: `there ${are} where ${wanted} are wanted (${names})` };
  }

  /** Spaces around a field and one pair of quotes are not part of it. */
  #keep(field: number, from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && this.#bytes[start] === SPACE) start++;
    while (end > start && this.#bytes[end - 1] === SPACE) end--;
    const quoted =
      end - start >= 2 && this.#bytes[start] === QUOTE && this.#bytes[end - 1] === QUOTE;
    this.#starts[field] = quoted ? start + 1 : start;
    this.#ends[field] = quoted ? end - 1 : end;
  }

  #readTime(into: Float64Array, row: number): Fault | undefined {
    const { TIME } = this.#layout.at;
    if (!this.#isBegun) this.#begin();
    if (this.#epoch === undefined || TIME === undefined) return this.#readText(into, row);
    const ms = this.#epoch(this.#bytes, this.#starts[TIME]!, this.#ends[TIME]!);
    if (Number.isNaN(ms)) {
      return { kind: 'TIME', reason: `${this.#shown(TIME)} is not a plain number` };
    }
    if (Math.abs(ms) > LAST_MS) return { kind: 'TIME', reason: beyond(this.#shown(TIME)) };
    if (this.#localNumbers) return this.#put(this.#clock(ms), this.#text(TIME), into, row);
    into[row] = ms + 0;
    return undefined;
  }

  #readText(into: Float64Array, row: number): Fault | undefined {
    const text = this.#timeText();
    const instants = this.#texts.read(text);
    if (instants === undefined) {
      const right = 'a time is 2018-01-02 17:00, 2018-01-02T17:00:00Z or 20180102 170000';
      return { kind: 'TIME', reason: `"${shown(text)}" is not a time; ${right}` };
    }
    return this.#put(instants, text, into, row);
  }

  #put(
    [first, later]: Instants,
    written: string,
    into: Float64Array,
    row: number,
  ): Fault | undefined {
    if (first === undefined) {
      return {
        kind: 'TIME',
        reason: `"${shown(written)}" is in the hour that the clocks of the zone skip`,
      };
    }
    if (Math.abs(first) > LAST_MS) return { kind: 'TIME', reason: beyond(`"${shown(written)}"`) };
    into[row] = first;
    if (later !== undefined) this.#rows.laterMs.set(row, later);
    return undefined;
  }

  /** The first time of a file shows how all of them are written; what is no time shows nothing. */
  #begin(): void {
    const text = this.#timeText();
    const epoch = epochReader(text, this.#layout.inMilliseconds);
    this.#isBegun = epoch !== undefined || readTime(text) !== undefined;
    this.#epoch = epoch?.read;
    this.#unit = epoch?.note;
  }

  #timeText(): string {
    const { TIME, DATE = 0, CLOCK = 0 } = this.#layout.at;
    return TIME === undefined ? `${this.#text(DATE)} ${this.#text(CLOCK)}` : this.#text(TIME);
  }

  #text(field: number): string {
    return this.#bytes.toString('utf8', this.#starts[field], this.#ends[field]);
  }

  #shown(field: number): string {
    return `${this.#layout.names[field]} "${shown(this.#text(field))}"`;
  }
}

const beyond = (written: string): string => `${written} lies beyond the year 2200`;

function layoutIn(text: Buffer): CsvLayout {
  try {
    return layoutOf(text.toString('utf8', 0, contentEnd(text, 0, lineEnd(text, 0))));
  } catch (error) {
    throw new UnreadableText(1, (error as Error).message);
  }
}

/** On the first Macintoshes lines ended with a carriage return alone, and some spreadsheets still do that. */
const inUnixLines = (bytes: Buffer): Buffer =>
  bytes.includes(NEWLINE)
    ? bytes
    : Buffer.from(bytes.map((byte) => (byte === CARRIAGE_RETURN ? NEWLINE : byte)));

/** Blank lines at the end of a file are no rows. */
function withoutBlankEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === NEWLINE || bytes[end - 1] === CARRIAGE_RETURN)) end--;
  return bytes.subarray(0, end);
}

function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function lineEnd(bytes: Buffer, start: number): number {
  const at = bytes.indexOf(NEWLINE, start);
  return at === -1 ? bytes.length : at;
}

/** Where the line's text ends: before the carriage return of a Windows line ending, if there is one. */
function contentEnd(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
}
