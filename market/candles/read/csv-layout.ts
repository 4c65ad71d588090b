import { shown } from './shown.ts';
import { readTime } from './time-text.ts';

/** What a column is for; DATE and CLOCK are the two halves of a time. */
export type Role = 'TIME' | 'DATE' | 'CLOCK' | 'OPEN' | 'HIGH' | 'LOW' | 'CLOSE' | 'VOLUME';

export interface CsvLayout {
  readonly delimiter: string;
  /** What the file calls its columns, or what they are taken for. */
  readonly names: readonly string[];
  /** The place of each role in a row. */
  readonly at: Readonly<Partial<Record<Role, number>>>;
  readonly hasHeader: boolean;
  /** The header says so; otherwise the size of the first time tells its unit. */
  readonly inMilliseconds: boolean;
  /** What was assumed, in sentences for people. */
  readonly notes: readonly string[];
}

export const USUAL_HEADER = 'timestamp_ms,open,high,low,close,volume';

/** In the order of preference: a number since 1970 needs no time zone, a date does. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  TIME: [
    'timestampms',
    'opentimems',
    'timestamp',
    'unix',
    'unixtimestamp',
    'unixtime',
    'epoch',
    'ts',
    'opentime',
    'datetime',
    'time',
    'date',
    'gmttime',
    'utc',
    'dateutc',
    'timeutc',
    't',
  ],
  DATE: ['date', 'day'],
  CLOCK: ['time'],
  OPEN: ['open', 'o', 'openprice'],
  HIGH: ['high', 'h', 'highprice'],
  LOW: ['low', 'l', 'lowprice'],
  CLOSE: ['close', 'c', 'closeprice'],
  VOLUME: ['volume', 'vol', 'v', 'basevolume', 'tickvolume', 'tickvol'],
};
const PRICES = ['OPEN', 'HIGH', 'LOW', 'CLOSE'] as const;
const IN_MILLISECONDS: readonly string[] = ['timestampms', 'opentimems'];
const DELIMITERS = [',', ';', '\t'] as const;
const HEADERLESS: readonly string[] = ['time', 'open', 'high', 'low', 'close', 'volume'];
const PLAIN_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The layout that a file's first line shows. Throws a sentence when it shows none. */
export function layoutOf(firstLine: string): CsvLayout {
  const delimiter = delimiterOf(firstLine);
  const fields = firstLine.split(delimiter).map(bare);
  if (isRow(fields)) return headerless(delimiter, fields.length);
  const names = fields.map(plain);
  const find = (role: Role): number | undefined => {
    const name = NAMES[role].find((candidate) => names.includes(candidate));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const prices = Object.fromEntries(PRICES.map((role) => [role, find(role)]));
  const missing = PRICES.filter((role) => prices[role] === undefined);
  const time = timeColumns(find);
  if (time === undefined || missing.length > 0) {
    const lacks = [...(time === undefined ? ['time'] : []), ...missing.map((m) => m.toLowerCase())];
    throw new Error(
      `there is no column for ${lacks.join(', ')} among ${listed(fields)}; ` +
        `the usual header is ${USUAL_HEADER}`,
    );
  }
  const volume =
    find('VOLUME') ?? indexOrNone(names.findIndex((name) => name.startsWith('volume')));
  const at = { ...time, ...prices, ...(volume === undefined ? {} : { VOLUME: volume }) };
  refuseTwins(fields, names, Object.values(at) as number[]);
  return {
    delimiter,
    names: fields,
    at,
    hasHeader: true,
    inMilliseconds: at.TIME !== undefined && IN_MILLISECONDS.includes(names[at.TIME]!),
    notes: headerNotes(fields, at, names),
  };
}

function timeColumns(
  find: (role: Role) => number | undefined,
): Readonly<Partial<Record<Role, number>>> | undefined {
  const [whole, date, clock] = [find('TIME'), find('DATE'), find('CLOCK')];
  const halves = date !== undefined && clock !== undefined && (whole === date || whole === clock);
  if (halves) return { DATE: date, CLOCK: clock };
  return whole === undefined ? undefined : { TIME: whole };
}

/** Two columns of one name could both be meant. */
function refuseTwins(
  fields: readonly string[],
  names: readonly string[],
  used: readonly number[],
): void {
  const twin = used.find(
    (index) => names.lastIndexOf(names[index]!) !== names.indexOf(names[index]!),
  );
  if (twin === undefined) return;
  throw new Error(
    `two columns are called "${shown(fields[twin]!)}"; one of them should be left out`,
  );
}

function headerNotes(
  fields: readonly string[],
  at: CsvLayout['at'],
  names: readonly string[],
): readonly string[] {
  const used = new Set(Object.values(at));
  const ignored = fields.filter((field, index) => field !== '' && !used.has(index));
  const notes: string[] = [];
  if (at.VOLUME === undefined) notes.push('there is no column for the volume, so it is 0');
  else if (!NAMES.VOLUME.includes(names[at.VOLUME]!))
    notes.push(`the volume is taken from "${fields[at.VOLUME]}"`);
  if (ignored.length > 0) notes.push(`columns not used: ${ignored.join(', ')}`);
  return notes;
}

function headerless(delimiter: string, fields: number): CsvLayout {
  const hasVolume = fields >= HEADERLESS.length;
  const taken = hasVolume ? HEADERLESS : HEADERLESS.slice(0, -1);
  const rest = fields > taken.length ? `; columns from the ${taken.length + 1}th are not used` : '';
  return {
    delimiter,
    names: Array.from({ length: fields }, (_, i) => taken[i] ?? `column ${i + 1}`),
    at: { TIME: 0, OPEN: 1, HIGH: 2, LOW: 3, CLOSE: 4, ...(hasVolume ? { VOLUME: 5 } : {}) },
    hasHeader: false,
    inMilliseconds: false,
    notes: [
      `there is no header; the columns were taken for ${taken.join(', ')}${rest}`,
      ...(hasVolume ? [] : ['there is no column for the volume, so it is 0']),
    ],
  };
}

/** A time, and four numbers or more behind it. */
function isRow(fields: readonly string[]): boolean {
  const [time = '', ...rest] = fields;
  const isTime = PLAIN_NUMBER.test(time) || readTime(time) !== undefined;
  return isTime && rest.length >= 4 && rest.slice(0, 4).every((field) => PLAIN_NUMBER.test(field));
}

/** The one that cuts the line into most pieces. */
function delimiterOf(line: string): string {
  const pieces = (delimiter: string): number => line.split(delimiter).length;
  return [...DELIMITERS].sort((a, b) => pieces(b) - pieces(a))[0]!;
}

const NAMES_SHOWN = 20;

function listed(fields: readonly string[]): string {
  const names = fields.slice(0, NAMES_SHOWN).map((field) => `"${shown(field)}"`);
  return [...names, ...(fields.length > NAMES_SHOWN ? ['…'] : [])].join(', ');
}

const bare = (field: string): string => field.trim().replace(/^"(.*)"$/, '$1');
/** `Open_Time`, `<OPEN TIME>` and `open time` are one name. */
const plain = (field: string): string => field.toLowerCase().replace(/[^a-z0-9]/g, '');
const indexOrNone = (index: number): number | undefined => (index === -1 ? undefined : index);
