import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { describeWithData } from '../../tests/support/data.ts';
import { BadCandles } from './bad-candles.ts';
import { readCandles } from './csv-candles.ts';
import { type CandleFile, readCandleFile } from './read-candle-file.ts';
import type { ReadOptions } from './read/csv-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string | Buffer, options: ReadOptions = {}): CandleFile {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return readCandleFile(path, options);
}

const times = ({ series }: CandleFile): readonly string[] =>
  [...series.openTimeMs].map((ms) => new Date(ms).toISOString().replace(':00.000Z', ''));

const FIRST = {
  openTimeMs: Date.UTC(2018, 0, 1),
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume: 5,
};
const SECONDS = FIRST.openTimeMs / 1_000;

describe('one candle, in the words of many', () => {
  test.each([
    ['ours', `timestamp_ms,open,high,low,close,volume\n${FIRST.openTimeMs},10,12,9,11,5`],
    ['short names', `t,o,h,l,c,v\n${SECONDS},10,12,9,11,5`],
    ['another order', `Volume,Close,Low,High,Open,Date\n5,11,9,12,10,2018-01-01`],
    [
      'a close that is not adjusted',
      `Date,Open,High,Low,Close,Adj Close,Volume\n2018-01-01,10,12,9,11,7,5`,
    ],
    ['semicolons', `time;open;high;low;close;volume\n${SECONDS};10;12;9;11;5`],
    [
      'tabs and a date apart',
      `<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<SPREAD>\n2018.01.01\t00:00:00\t10\t12\t9\t11\t5\t1`,
    ],
    [
      'spaces and quotes',
      `"time", "open", "high", "low", "close", "volume"\n "2018-01-01 00:00" , 10 ,"12", 9,11,5`,
    ],
    ['Windows', `\ufefftime,open,high,low,close,volume\r\n${SECONDS},10,12,9,11,5\r\n\r\n`],
    [
      'MetaTrader’s UTF-16',
      Buffer.from(`\ufefftime,open,high,low,close,volume\r\n${SECONDS},10,12,9,11,5`, 'utf16le'),
    ],
    ['the first Macintoshes', `time,open,high,low,close,volume\r${SECONDS},10,12,9,11,5\r`],
    [
      'UTF-16 of the other order',
      Buffer.from(
        `\ufefftime,open,high,low,close,volume\r\n${SECONDS},10,12,9,11,5`,
        'utf16le',
      ).swap16(),
    ],
    ['milliseconds', `time,open,high,low,close,volume\n${SECONDS}000,10,12,9,11,5`],
    ['microseconds', `open_time,open,high,low,close,volume\n${SECONDS}000000,10,12,9,11,5`],
    ['nanoseconds', `timestamp,open,high,low,close,volume\n${SECONDS}000000000,10,12,9,11,5`],
    ['ISO with Z', `datetime,open,high,low,close,volume\n2018-01-01T00:00:00Z,10,12,9,11,5`],
    [
      'ISO with an offset',
      `datetime,open,high,low,close,volume\n2018-01-01T01:00:00+01:00,10,12,9,11,5`,
    ],
    [
      'two times',
      `unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n${SECONDS},yes,BTC/USD,10,12,9,11,5,50`,
    ],
    ['no header', `${SECONDS},10,12,9,11,5\n`],
    ['no header and a text', `20180101 000000;10;12;9;11;5\n`],
    ['no header and twelve columns', `${SECONDS}000000,10,12,9,11,5,1,2,3,4,5,0\n`],
    ['freqtrade', `[[${FIRST.openTimeMs},10.0,12.0,9.0,11.0,5.0]]`],
    ['gzip', gzipSync(`[[${FIRST.openTimeMs},10,12,9,11,5]]`)],
  ])('%s', (_, content) => {
    const file = read(content);
    expect([file.bad, file.repeated, file.misplaced, file.rows]).toEqual([[], [], [], 1]);
    expect(file.series.candle(0)).toEqual(FIRST);
  });

  test('without a volume it is zero, and that is said', () => {
    const file = read(`time,open,high,low,close\n${SECONDS},10,12,9,11\n`);
    expect(file.series.candle(0)).toEqual({ ...FIRST, volume: 0 });
    expect(file.notes).toContain('there is no column for the volume, so it is 0');
    expect(read(`${SECONDS},10,12,9,11\n`).series.candle(0).volume).toBe(0);
  });

  test('what was assumed is said', () => {
    expect(read(`${SECONDS}000,10,12,9,11,5,9\n`).notes).toEqual([
      'there is no header; the columns were taken for time, open, high, low, close, volume; columns from the 7th are not used',
      'times were read as milliseconds since 1970',
    ]);
    expect(
      read(`date,open,high,low,close,Volume BTC,trades\n2018-01-01 00:00,10,12,9,11,5,3\n`).notes,
    ).toEqual([
      'the volume is taken from "Volume BTC"',
      'columns not used: trades',
      'times without a zone were read as UTC; --timezone names another',
    ]);
  });
});

describe('times without a zone', () => {
  const rows = (...clocks: readonly string[]): string =>
    [
      'time,open,high,low,close,volume',
      ...clocks.map((clock, i) => `${clock},10,12,9,11,${i}`),
    ].join('\n');
  const NEW_YORK = { timezone: 'America/New_York' };

  test('are of the zone that is named', () => {
    const file = read(rows('2018-01-02 09:30', '2018-07-02 09:30'), NEW_YORK);
    expect(times(file)).toEqual(['2018-01-02T14:30', '2018-07-02T13:30']);
    expect(file.notes).toEqual(['times without a zone were read as America/New_York']);
  });

  test('in the hour that is skipped in spring are bad rows', () => {
    const file = read(rows('2018-03-11 01:30', '2018-03-11 02:30', '2018-03-11 03:30'), NEW_YORK);
    expect(times(file)).toEqual(['2018-03-11T06:30', '2018-03-11T07:30']);
    expect(file.bad).toEqual([
      {
        place: 3,
        kind: 'TIME',
        reason: '"2018-03-11 02:30" is in the hour that the clocks of the zone skip',
      },
    ]);
  });

  const AUTUMN = ['00:30', '01:00', '01:30', '01:00', '01:30', '02:00'].map(
    (c) => `2018-11-04 ${c}`,
  );
  const AUTUMN_UTC = ['04:30', '05:00', '05:30', '06:00', '06:30', '07:00'].map(
    (c) => `2018-11-04T${c}`,
  );

  test('in the hour that comes twice in autumn follow the order of the file', () => {
    const file = read(rows(...AUTUMN), NEW_YORK);
    expect(times(file)).toEqual(AUTUMN_UTC);
    expect(file.notes).toContain(
      '4 times were in the hour that clocks show twice, the first in line 3, and read in the order of the file',
    );
    expect([file.bad, file.repeated, file.misplaced]).toEqual([[], [], []]);
  });

  test('do so in a file that is newest first too', () => {
    const file = read(rows(...AUTUMN.toReversed()), NEW_YORK);
    expect(times(file)).toEqual(AUTUMN_UTC);
    expect(file.notes).toContain('the file is newest first and was turned around');
    expect([...file.series.volume]).toEqual([5, 4, 3, 2, 1, 0]);
    expect([...file.places]).toEqual([7, 6, 5, 4, 3, 2]);
  });

  test('are sessions where they are days', () => {
    const file = read(rows('2018-01-02', '2018-01-03'), NEW_YORK);
    expect(times(file)).toEqual(['2018-01-02T00:00', '2018-01-03T00:00']);
    expect(file.notes).toEqual([
      'days without a time were read as sessions, which open at 00:00 UTC',
    ]);
  });

  test('are refused with a zone that is none', () => {
    expect(() => read(rows('2018-01-02 09:30'), { timezone: 'Nowhere' })).toThrow(
      '"Nowhere" is no time zone',
    );
  });
});

describe('a file with faults', () => {
  const row = (minute: number, close = 11): string => `${minute * 60},10,12,9,${close},5`;
  const file = (...rows: readonly string[]): CandleFile =>
    read(['time,open,high,low,close,volume', ...rows].join('\n'));
  const minutes = ({ series }: CandleFile): readonly number[] =>
    [...series.openTimeMs].map((ms) => ms / 60_000);

  test('gives its good rows, and each bad one with its line and kind', () => {
    const found = file(
      row(1),
      'x',
      '120,10,12,9,eleven,5',
      '180,10,12,9,13,5',
      '240,0,12,0,11,5',
      '300,10,12,9,11,-5',
      row(6),
    );
    expect(minutes(found)).toEqual([1, 6]);
    expect([...found.places]).toEqual([2, 8]);
    expect(found.rows).toBe(7);
    expect(found.bad.map(({ place, kind }) => [place, kind])).toEqual([
      [3, 'FIELDS'],
      [4, 'NUMBER'],
      [5, 'RANGE'],
      [6, 'PRICE'],
      [7, 'VOLUME'],
    ]);
  });

  test('shows how its times are written by the first that is one', () => {
    const found = file('never,10,12,9,11,5', row(1), row(2));
    expect(minutes(found)).toEqual([1, 2]);
    expect(found.bad).toMatchObject([{ place: 2, kind: 'TIME' }]);
    expect(found.notes).toEqual(['times were read as seconds since 1970']);
  });

  test('tells milliseconds among seconds', () => {
    const found = file(row(1), '1514764800000,10,12,9,11,5', row(2));
    expect(found.bad).toEqual([
      { place: 3, kind: 'TIME', reason: 'time "1514764800000" lies beyond the year 2200' },
    ]);
  });

  test('keeps the first of each time, and tells whether the others are the same', () => {
    const found = file(row(1), row(2), row(2), row(2, 12), row(3));
    expect(minutes(found)).toEqual([1, 2, 3]);
    expect([...found.series.close]).toEqual([11, 11, 11]);
    expect(found.repeated).toEqual([
      { place: 4, openTimeMs: 120_000, firstPlace: 3, same: true },
      { place: 5, openTimeMs: 120_000, firstPlace: 3, same: false },
    ]);
  });

  test('is put in order, and what was out of it is told', () => {
    const found = file(row(1), row(3), row(2), row(4), row(9), row(5), row(6), row(4));
    expect(minutes(found)).toEqual([1, 2, 3, 4, 5, 6, 9]);
    expect([...found.places]).toEqual([2, 4, 3, 5, 7, 8, 6]);
    expect(found.misplaced.map(({ place }) => place)).toEqual([4, 7, 9]);
    expect(found.repeated.map(({ place }) => place)).toEqual([9]);
  });

  test('that is a list tells the number of the candle', () => {
    const content =
      '[[60000,10,12,9,11,5],[120000,10,12,9,11],[180000,10,12,9,null,5],[240000,10,12,9,13,5]]';
    const found = read(content);
    expect(found.bad).toEqual([
      { place: 2, kind: 'FIELDS', reason: 'it is not [time, open, high, low, close, volume]' },
      { place: 3, kind: 'NUMBER', reason: 'close null is not a number' },
      { place: 4, kind: 'RANGE', reason: 'high 12 is below the open or the close' },
    ]);
    expect(() => readCandles(found.path)).toThrow(':0: candle 2: it is not [time');
  });

  test('is refused by the strict reader for the first of its faults', () => {
    const { path } = file(row(1), row(1), 'x');
    expect(() => readCandles(path)).toThrow(
      new BadCandles(
        path,
        3,
        'time 60000 does not come after 60000, the time of the candle before it',
      ),
    );
  });
});

test.each([
  [
    'feather',
    'ARROW1\0\0',
    'it is a feather file, which is not read here; "freqtrade convert-data',
  ],
  ['parquet', 'PAR1', 'it is a parquet file'],
  ['a zip archive', 'PK\u0003\u0004', 'it is a zip archive; unpack it'],
  ['gzip in gzip', gzipSync(gzipSync('x')), 'it was packed by gzip twice'],
  ['bzip2', 'BZh91AY', 'it was packed by bzip2'],
  ['xz', Buffer.from('fd377a585a00', 'hex'), 'it was packed by xz'],
  ['zstd', Buffer.from('28b52ffd', 'hex'), 'it was packed by zstd'],
  ['zero bytes', '\0'.repeat(100), 'it is no text: there are zero bytes in it'],
  ['microseconds in JSON', '[[1700002800000000,1,1,1,1,0]]', 'lies beyond the year 2200'],
  [
    'a day in the year 9999',
    'date,o,h,l,c\n9999-01-01,1,1,1,1',
    '"9999-01-01" lies beyond the year 2200',
  ],
  ['damaged JSON', '[[1,2', 'the JSON is damaged'],
  ['JSON of another shape', '{"data":[]}', 'it is JSON, but not a list of [time, open'],
  ['an empty list', '[]', 'the list holds no candle'],
])('%s is refused with a sentence', (_, content, sentence) => {
  const path = join(folder, 'refused');
  writeFileSync(path, content);
  expect(() => readCandles(path)).toThrow(BadCandles);
  expect(() => readCandles(path)).toThrow(sentence);
});

test('a folder is refused with what to do', () => {
  expect(() => readCandleFile(folder)).toThrow('it is a folder; name the files in it');
});

test('a line of a million letters does not become the message', () => {
  expect(() => read('x'.repeat(1_000_000))).toThrow(/^.{0,400}$/);
  expect(() => read(Array.from({ length: 10_000 }, () => 'x').join())).toThrow(/^.{0,400}$/);
});

test('progress is told while a long file is read', () => {
  const rows = Array.from({ length: 120_000 }, (_, i) => `${i * 60},10,12,9,11,5`);
  const told: number[] = [];
  const content = rows.join('\n');
  read(content, { onProgress: (bytes, total) => told.push(bytes / total) });
  expect(told.length).toBe(2);
  expect(told[0]).toBeGreaterThan(0.3);
  expect(told[0]).toBeLessThan(told[1]!);
});

describeWithData('half a million rows', ['btcusd-bitfinex-1m-2018.csv.gz'], (path) => {
  test('are the same whatever they are told in', () => {
    const { series, sha256 } = readCandleFile(path!);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const some = Array.from({ length: 1_000 }, (_, i) => series.candle(i * 500));
    const text = some.map(
      (c) =>
        `${new Date(c.openTimeMs).toISOString()};${c.open};${c.high};${c.low};${c.close};${c.volume}`,
    );
    const again = read(text.toReversed().join('\r\n'));
    expect(again.series.length).toBe(1_000);
    expect(again.series.candle(999)).toEqual(some[999]);
  });
});
