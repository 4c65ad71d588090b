import { readFileSync } from 'node:fs';

import { shown } from '../candles/read/shown.ts';
import { csvFields } from './csv-line.ts';
import type { EconomicEvent } from './economic-event.ts';
import { EVENT_FIELDS, type EventFields, eventOf, REQUIRED_FIELDS } from './event-fields.ts';
import { jsonObjects } from './json-objects.ts';

/** A file of events that cannot be trusted. The message is `file:line: reason`; line 0 is the whole file. */
export class BadEvents extends Error {
  override readonly name = 'BadEvents';

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
  }
}

/** The fields of one event, and the line it begins on. */
export interface EventEntry {
  readonly line: number;
  readonly fields: EventFields;
}

/**
 * The economic events of a file, earliest first: CSV with a header, or a JSON array of objects, which is
 * told by its first character. One event that cannot be believed refuses the whole file: a blackout that
 * is silently missing is worse than none.
 */
export function readEvents(path: string): readonly EconomicEvent[] {
  const text = textOf(path);
  if (text.trim() === '') throw new BadEvents(path, 0, 'the file is empty');
  if (/^\s*\{/.test(text))
    throw new BadEvents(path, 0, 'it is one object of JSON; a list of them is wanted');
  if (text.includes('\0')) throw new BadEvents(path, 0, 'it is no text; CSV and JSON are read');
  const entries = /^\s*\[/.test(text) ? jsonEntries(path, text) : csvEntries(path, text);
  const seen = new Map<string, number>();
  const events = entries.map(({ line, fields }) =>
    at(path, line, () => {
      const event = eventOf(fields);
      const key = `${event.atMs} ${event.country} ${event.currency} ${event.name}`;
      const before = seen.get(key);
      if (before !== undefined)
        throw new Error(`"${event.name}" stands on line ${before} already; leave one out`);
      seen.set(key, line);
      return event;
    }),
  );
  return events.sort((a, b) => a.atMs - b.atMs);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new BadEvents(
      path,
      0,
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`,
    );
  }
}

function csvEntries(path: string, text: string): readonly EventEntry[] {
  const lines = text.split(/\r?\n/);
  const header = at(path, 1, () => headerOf(lines[0] ?? ''));
  const entries: EventEntry[] = [];
  lines.forEach((content, index) => {
    const line = index + 1;
    if (line === 1 || content.trim() === '') return;
    const values = at(path, line, () => csvFields(content));
    if (values.length !== header.length)
      throw new BadEvents(
        path,
        line,
        `there are ${values.length} fields where the header has ${header.length}`,
      );
    entries.push({ line, fields: Object.fromEntries(header.map((name, i) => [name, values[i]])) });
  });
  return entries;
}

function headerOf(line: string): readonly string[] {
  const names = csvFields(line);
  names.forEach((name, i) => {
    checkName(name);
    if (names.indexOf(name) !== i) throw new Error(`the column "${name}" comes twice`);
  });
  const missing = REQUIRED_FIELDS.filter((name) => !names.includes(name));
  if (missing.length === 0) return names;
  throw new Error(`the header lacks ${missing.join(', ')}; it may name ${EVENT_FIELDS.join(', ')}`);
}

function jsonEntries(path: string, text: string): readonly EventEntry[] {
  const objects = at(path, 0, () => jsonObjects(text));
  return objects.map(({ line, object }) => ({
    line,
    fields: at(path, line, () => {
      for (const [name, value] of Object.entries(object)) {
        checkName(name);
        if (typeof value !== 'string')
          throw new Error(`${name} ${JSON.stringify(value)} must be text in quotes`);
      }
      return object as EventFields;
    }),
  }));
}

function checkName(name: string): void {
  if (EVENT_FIELDS.includes(name)) return;
  throw new Error(
    `"${shown(name)}" is no field of an event; the fields are ${EVENT_FIELDS.join(', ')}`,
  );
}

/** Says where in the file it was that something threw. */
function at<T>(path: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadEvents) throw error;
    throw new BadEvents(path, line, error instanceof Error ? error.message : String(error));
  }
}
