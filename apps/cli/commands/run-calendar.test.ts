import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { BadInput } from '../errors.ts';
import { blackoutOf, impactOf } from '../news.ts';
import { runCalendar } from './run-calendar.ts';

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-calendar-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function run(
  name: string,
  from: string,
  to: string,
  more: { json?: boolean; events?: string } = {},
) {
  runCalendar(name, {
    candlesDir: folder,
    json: false,
    from: Date.parse(from),
    to: Date.parse(to),
    ...(more.events === undefined ? {} : { blackout: blackoutOf('30m,15m') }),
    ...more,
  });
  return stripVTControlCharacters(printed);
}

test('a share shows its sessions, its holidays and why a day is short', () => {
  const text = run('spy', '2024-12-21', '2024-12-26');
  expect(text).toContain('SPY/USD: the New York stock market');
  expect(text).toContain('Mon  2024-12-23  Mon 09:30');
  expect(text).toMatch(/Tue {2}2024-12-24 {2}Tue 09:30\s+Tue 13:00 {2}early: Christmas Eve/);
  expect(text).toMatch(/Wed {2}2024-12-25 {2}closed\s+Christmas/);
  expect(text).not.toContain('2024-12-21');
});

test('a currency shows the evening on which its day begins', () => {
  expect(run('EUR/USD', '2024-03-10', '2024-03-11')).toMatch(
    /Mon {2}2024-03-11 {2}Sun 17:00\s+Mon 17:00/,
  );
});

test('how far to keep away from events is nothing without the events', () => {
  const flags = { candlesDir: folder, json: false, impact: 'LOW' } as const;
  expect(() => runCalendar('EUR/USD', flags)).toThrow('--impact is about events; name their file');
});

test('a weekend says that nothing trades', () => {
  expect(run('SPY', '2024-12-21', '2024-12-22')).toContain('A weekend: nothing trades.');
});

const EVENTS = `time,currency,country,name,impact
2024-12-23T13:30:00-05:00,USD,US,Speech,HIGH
2024-12-23T15:00Z,USD,US,Survey,LOW
2024-12-23T15:00Z,JPY,JP,Rates,HIGH
2025-02-01T15:00Z,USD,US,Later,HIGH
`;

test('events of the span that count for the instrument are shown with their windows', () => {
  const events = join(folder, 'events.csv');
  writeFileSync(events, EVENTS);
  const text = run('SPY', '2024-12-23', '2024-12-24', { events });
  expect(text).toContain('2024-12-23 Mon 13:00 to Mon 13:45  US Speech');
  expect(text).not.toMatch(/Survey|Rates|Later/);
});

test('the same as one JSON object, in UTC', () => {
  const events = join(folder, 'events.csv');
  writeFileSync(events, EVENTS);
  const shown = JSON.parse(run('SPY', '2024-12-24', '2024-12-25', { events, json: true }));
  expect(shown).toEqual({
    instrument: 'SPY/USD',
    market: 'the New York stock market',
    zone: 'America/New_York',
    from: '2024-12-24',
    to: '2024-12-25',
    sessions: [
      {
        date: '2024-12-24',
        opensAtMs: Date.UTC(2024, 11, 24, 14, 30),
        closesAtMs: Date.UTC(2024, 11, 24, 18),
        early: true,
        because: 'Christmas Eve',
      },
    ],
    holidays: [{ date: '2024-12-25', because: 'Christmas' }],
    blackouts: [],
  });
});

test('what cannot be used is bad input, in a sentence', () => {
  expect(() => run('DOGE/USD', '2024-01-01', '2024-01-02')).toThrow(BadInput);
  expect(() => run('SPY', '2024-01-02', '2024-01-01')).toThrow(
    '--to 2024-01-01 must not come before --from 2024-01-02',
  );
  expect(() => run('SPY', '1001-01-02', '9999-01-01')).toThrow('is more than 3660 days');
  const events = join(folder, 'none.csv');
  expect(() => run('SPY', '2024-01-01', '2024-01-02', { events })).toThrow(BadInput);
});

test('spans before and after an event are read, and others refused', () => {
  expect(blackoutOf('90s,1h')).toEqual({ beforeMs: 90_000, afterMs: 3_600_000 });
  expect(blackoutOf('0m, 15m')).toEqual({ beforeMs: 0, afterMs: 900_000 });
  for (const value of ['30m', '30,30', '30m,30m,30m', '-5m,5m', '0m,0s', 'm,m', ''])
    expect(() => blackoutOf(value)).toThrow(`--blackout "${value}" must be two spans`);
  expect(impactOf('medium')).toBe('MEDIUM');
  expect(() => impactOf('huge')).toThrow('--impact "huge" must be low, medium or high');
});
