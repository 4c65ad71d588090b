import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeWithData } from '../../tests/support/data.ts';
import { BadCandles } from './bad-candles.ts';
import { readCandles } from './csv-candles.ts';

const HEADER = 'timestamp_ms,open,high,low,close,volume';
const ROW = '60000,10,12,9,11,5';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-csv-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(content: string | Buffer): string {
  const path = join(folder, 'candles.csv');
  writeFileSync(path, content);
  return path;
}

test('rows become candles, in plain text and in gzip alike', () => {
  const text = `${HEADER}\n${ROW}\n120000,11,11.5,1e-7,11.25,0\n`;
  for (const content of [text, gzipSync(text), text.replaceAll('\n', '\r\n'), text.trimEnd()]) {
    const series = readCandles(written(content));
    expect(series.length).toBe(2);
    expect(series.candle(0)).toEqual({
      openTimeMs: 60_000,
      open: 10,
      high: 12,
      low: 9,
      close: 11,
      volume: 5,
    });
    expect(series.candle(1).low).toBe(1e-7);
  }
});

test.each([
  ['an empty file', '', '0: the file is empty'],
  ['a header alone', `${HEADER}\n`, '0: there is no candle below the header'],
  [
    'a misnamed column',
    'timestamp_ms,open,high,low,last,volume\n',
    '1: there is no column for close among "timestamp_ms", "open", "high", "low", "last", "volume"',
  ],
  [
    'a line that names nothing',
    'these are not candles\n',
    '1: there is no column for time, open, high, low, close among "these are not candles"',
  ],
  ['two columns of one name', `${HEADER},close\n`, '1: two columns are called "close"'],
  [
    'too few fields',
    `${HEADER}\n${ROW}\n120000,10,12,9,11\n`,
    '3: there are 5 fields where 6 are wanted',
  ],
  [
    'a remark behind the fields',
    `${HEADER}\n${ROW},late\n`,
    '2: there are 7 fields where 6 are wanted',
  ],
  ['too many fields', `${HEADER}\n${ROW},7\n`, '2: there are 7 fields where 6 are wanted'],
  ['a blank line', `${HEADER}\n\n${ROW}\n`, '2: the line is empty'],
  ['a word', `${HEADER}\n60000,10,12,9,high,5\n`, '2: close "high" is not a plain number'],
  ['NaN', `${HEADER}\n60000,10,12,9,NaN,5\n`, '2: close "NaN" is not a plain number'],
  ['Infinity', `${HEADER}\n60000,10,Infinity,9,11,5\n`, '2: high "Infinity" is not a plain number'],
  ['a broken exponent', `${HEADER}\n60000,10,12,9,1e,5\n`, '2: close "1e" is not a plain number'],
  [
    'an endless exponent',
    `${HEADER}\n60000,10,12,9,11,1e999\n`,
    '2: volume "1e999" is not a plain number',
  ],
  ['an empty field', `${HEADER}\n60000,10,12,9,,5\n`, '2: close "" is not a plain number'],
  [
    'a high below the close',
    `${HEADER}\n60000,10,10.5,9,11,5\n`,
    '2: high 10.5 is below the open or the close',
  ],
  [
    'a low above the open',
    `${HEADER}\n60000,10,12,10.5,11,5\n`,
    '2: low 10.5 is above the open or the close',
  ],
  ['a price of zero', `${HEADER}\n60000,10,12,0,11,5\n`, '2: low 0 is not a positive number'],
  ['a negative volume', `${HEADER}\n60000,10,12,9,11,-5\n`, '2: volume -5 is not zero or more'],
  [
    'half a millisecond',
    `${HEADER}\n60000.5,10,12,9,11,5\n`,
    '2: time 60000.5 is not whole milliseconds',
  ],
  ['the same time twice', `${HEADER}\n${ROW}\n${ROW}\n`, '3: time 60000 does not come after 60000'],
  [
    'time going back',
    `${HEADER}\n120000,10,12,9,11,5\n${ROW}\n`,
    '3: time 60000 does not come after 120000',
  ],
  ['damaged gzip', gzipSync(`${HEADER}\n${ROW}\n`).subarray(0, 30), '0: the gzip data is damaged'],
])('%s is refused with its place and its reason', (_, content, message) => {
  const path = written(content);
  expect(() => readCandles(path)).toThrow(BadCandles);
  expect(() => readCandles(path)).toThrow(`${path}:${message}`);
});

test('a missing file and a folder are refused', () => {
  const missing = join(folder, 'nowhere.csv');
  expect(() => readCandles(missing)).toThrow(new BadCandles(missing, 0, 'there is no such file'));
  expect(() => readCandles(folder)).toThrow(`${folder}:0: it is a folder; name the files in it`);
});

describeWithData('a year of minutes', ['btcusd-bitfinex-1m-2018.csv.gz'], (path) => {
  test('is read whole, to the last digit', () => {
    const series = readCandles(path!);
    expect(series.length).toBe(520_499);
    expect(series.candle(0)).toEqual({
      openTimeMs: Date.UTC(2018, 0, 1),
      open: 13_763,
      high: 13_788,
      low: 13_752.18233851,
      close: 13_753,
      volume: 5.13326771,
    });
    expect(series.openTimeMs[series.length - 1]).toBe(Date.UTC(2018, 11, 31, 23, 59));
  });
});
