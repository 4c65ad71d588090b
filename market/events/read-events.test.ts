import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readEvents } from './read-events.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-events-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(content: string): string {
  const path = join(folder, 'events');
  writeFileSync(path, content);
  return path;
}

const HEADER = 'time,zone,currency,country,name,impact,forecast,actual';
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

test('a CSV file gives its events earliest first, each at its instant', () => {
  const events = readEvents(
    written(
      [
        HEADER,
        '2024-07-11 08:30,America/New_York,USD,US,"CPI, m/m",HIGH,0.1%,-0.1%',
        '2024-01-11 08:30,America/New_York,USD,US,CPI,HIGH,,3.4%',
        '2024-01-25T13:15Z,,EUR,EU,"The ""main"" rate",HIGH,4.5%,',
        '2024-02-01T12:00+00:00,,GBP,GB,Rate decision,MEDIUM,,',
        '',
      ].join('\r\n'),
    ),
  );
  expect(events.map(({ atMs, name }) => `${iso(atMs)} ${name}`)).toEqual([
    '2024-01-11T13:30 CPI',
    '2024-01-25T13:15 The "main" rate',
    '2024-02-01T12:00 Rate decision',
    '2024-07-11T12:30 CPI, m/m',
  ]);
  expect(events[0]?.forecast).toBeUndefined();
  expect(events[3]?.actualAt(events[3].atMs)).toBe('-0.1%');
});

test('a JSON file gives the same', () => {
  const [event] = readEvents(
    written(
      '[{"time": "2024-01-11T08:30", "zone": "America/New_York", "currency": "USD", "country": "US", "name": "CPI", "impact": "HIGH", "previous": "3.1%", "actual": "3.4%"}]',
    ),
  );
  expect(event).toMatchObject({ atMs: Date.UTC(2024, 0, 11, 13, 30), previous: '3.1%' });
  expect(event?.actualAt(Date.UTC(2024, 0, 11, 13, 29))).toBeUndefined();
});

const ROW = '2024-01-11T13:30Z,,USD,US,CPI,HIGH,,';
const OBJECT =
  '{"time":"2024-01-11T13:30Z","currency":"USD","country":"US","name":"CPI","impact":"HIGH"}';

test.each([
  [
    'a column nobody knows',
    'time,currency,country,name,impact,star',
    ':1: "star" is no field of an event',
  ],
  ['a column twice', 'time,time,currency,country,name,impact', ':1: the column "time" comes twice'],
  ['a column missing', 'time,currency,country,name', ':1: the header lacks impact'],
  [
    'a field too few',
    `${HEADER}\n${ROW.slice(0, -1)}`,
    ':2: there are 7 fields where the header has 8',
  ],
  [
    'a stray quote',
    `${HEADER}\n${ROW}\n2024-01-11T13:30Z,,USD,US,C"PI,HIGH,,`,
    ':3: field 5 has a quote',
  ],
  ['no zone', `${HEADER}\n${ROW.replace('Z', '')}`, ':2: time "2024-01-11T13:30" states no zone'],
  [
    'two zones',
    `${HEADER}\n${ROW.replace(',,', ',UTC,')}`,
    ':2: time "2024-01-11T13:30Z" states its zone already',
  ],
  [
    'a zone nobody knows',
    `${HEADER}\n${ROW.replace('Z,', ',Mars')}`,
    ':2: zone "Mars" is not known',
  ],
  [
    'a day that does not exist',
    `${HEADER}\n${ROW.replace('01-11', '02-30')}`,
    ':2: time "2024-02-30T13:30Z" must be a time such as',
  ],
  [
    'an hour that does not exist',
    `${HEADER}\n${ROW.replace('13:30', '24:30')}`,
    ':2: time "2024-01-11T24:30Z" must be',
  ],
  [
    'a currency in small letters',
    `${HEADER}\n${ROW.replace('USD', 'usd')}`,
    ':2: currency "usd" must be three capitals',
  ],
  [
    'a country in full',
    `${HEADER}\n${ROW.replace(',US,', ',USA,')}`,
    ':2: country "USA" must be two capitals',
  ],
  [
    'an impact in words',
    `${HEADER}\n${ROW.replace('HIGH', 'high')}`,
    ':2: impact "high" must be one of LOW, MEDIUM, HIGH',
  ],
  ['no name', `${HEADER}\n${ROW.replace('CPI', '')}`, ':2: name is missing'],
  ['an event twice', `${HEADER}\n${ROW}\n\n${ROW}`, ':4: "CPI" stands on line 2 already'],
  ['an empty file', '', ':0: the file is empty'],
  ['a blank file', ' \n', ':0: the file is empty'],
  ['something that is no text', `${HEADER}\n\0`, ':0: it is no text'],
  ['a line without end', 'x'.repeat(1_000_000), `:1: "${'x'.repeat(60)}…" is no field`],
  ['one object of JSON', OBJECT, ':0: it is one object of JSON; a list of them is wanted'],
  [
    'a name that would steer a terminal',
    `${HEADER}\n${ROW.replace('CPI', '\u001b[2J')}`,
    ':2: name must not hold control characters',
  ],
  [
    'an hour that clocks skip',
    '[{"time":"2024-03-10T02:30","zone":"America/New_York","currency":"USD","country":"US","name":"x","impact":"LOW"}]',
    ':1: time "2024-03-10T02:30" is in the hour that the clocks of America/New_York skip',
  ],
  ['JSON that is none', '[{"time": }]', ':0: Unexpected token'],
  [
    'JSON with a number',
    `[\n${OBJECT},\n${OBJECT.replace('"CPI"', '7')}\n]`,
    ':3: name 7 must be text in quotes',
  ],
  ['JSON with a field nobody knows', `[\n\n{"star": "x"}]`, ':3: "star" is no field of an event'],
  ['JSON that holds no objects', '[7]', ':0: element 1 must be an object'],
  ['JSON with an event twice', `[${OBJECT},\n  ${OBJECT}]`, ':2: "CPI" stands on line 1 already'],
])('%s refuses the file and says where', (_, content, sentence) => {
  const path = written(content);
  expect(() => readEvents(path)).toThrow(`${path}${sentence}`);
});

test('a file that is not there says so', () => {
  expect(() => readEvents(join(folder, 'none.csv'))).toThrow('none.csv:0: there is no such file');
});
