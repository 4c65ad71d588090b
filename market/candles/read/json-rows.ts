import { UnreadableText } from './csv-rows.ts';
import { LAST_MS } from './epoch.ts';
import { type BadRow, type RawRows, rawRows } from './raw-rows.ts';

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const COLUMNS = ['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Every candle of freqtrade's JSON: a list of `[milliseconds, open, high, low, close, volume]`. */
export function readJsonRows(bytes: Buffer): RawRows {
  const list = parsed(bytes);
  const rows = rawRows(list.length);
  for (const [index, value] of list.entries()) {
    const fault = addRow(rows, value, index + 1);
    if (fault !== undefined) rows.bad.push(fault);
  }
  return rows;
}

function parsed(bytes: Buffer): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new UnreadableText(0, `the JSON is damaged (${(error as Error).message})`);
  }
  if (Array.isArray(value)) return value;
  throw new UnreadableText(0, `it is JSON, but not a list of [${NAMES.join(', ')}]`);
}

function addRow(rows: RawRows, value: unknown, place: number): BadRow | undefined {
  if (!Array.isArray(value) || value.length !== NAMES.length) {
    return { place, kind: 'FIELDS', reason: `it is not [${NAMES.join(', ')}]` };
  }
  for (const [index, name] of NAMES.entries()) {
    const number: unknown = value[index];
    if (typeof number !== 'number') {
      const kind = name === 'time' ? 'TIME' : 'NUMBER';
      return { place, kind, reason: `${name} ${JSON.stringify(number)} is not a number` };
    }
    if (name === 'time' && Math.abs(number) > LAST_MS) {
      const reason = `time ${number} lies beyond the year 2200; times are milliseconds since 1970`;
      return { place, kind: 'TIME', reason };
    }
    rows.columns[COLUMNS[index]!][rows.length] = number + 0;
  }
  rows.places[rows.length] = place;
  rows.length++;
  return undefined;
}
