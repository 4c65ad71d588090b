/** The page of indicators says what is there: every class, its columns, its warm-up and its source. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { syntheticCandles } from './authoring/synthetic-candles.ts';
import * as plimsoll from './index.ts';

interface Row {
  readonly make: string;
  readonly name: string;
  readonly columns: string;
  readonly firstBar: string;
  readonly source: string;
}

const page = readFileSync(new URL('../docs/indicators.md', import.meta.url), 'utf8');
const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.includes('`new '))
  .map((line) => {
    const [, , made = '', columns = '', , firstBar = '', source = ''] = line.split(/\s*\|\s*/);
    const make = made.replaceAll('`', '');
    const [, name = ''] = /^new (\w+)\(/.exec(make) ?? [];
    return { make, name, columns: columns.replaceAll('`', ''), firstBar, source };
  });

const candles = await syntheticCandles(200, { timeframe: '15m' });

/** A value, a bar, a bar of a session and a pair: each indicator takes of it what it knows. */
const READS_VALUES = ['Sma', 'Ema', 'WilderMean', 'Wma', 'Jma', 'WilderRsi', 'Bollinger', 'Macd'];
const inputFor = (name: string, candle: plimsoll.Candle): unknown =>
  READS_VALUES.includes(name) || name === 'ConfirmedPivot'
    ? candle.close
    : { ...candle, session: 0, first: candle.close, second: candle.volume };

function made(make: string): { push(input: unknown): number | object } {
  // oxlint-disable-next-line no-new-func -- the page's own words are what is tried
  const build = new Function('plimsoll', `return ${make.replace('new ', 'new plimsoll.')}`);
  return build(plimsoll) as { push(input: unknown): number | object };
}

const isKnown = (answer: number | object): boolean =>
  (typeof answer === 'number' ? [answer] : Object.values(answer)).every(
    (value) => !Number.isNaN(value),
  );

const isIndicator = (value: unknown): boolean =>
  typeof value === 'function' && 'push' in ((value.prototype as object | undefined) ?? {});

test('every indicator that an author can import is on the page, and no other', () => {
  const exported = Object.entries(plimsoll).filter(([, value]) => isIndicator(value));
  const names = exported.map(([name]) => name).filter((name) => name !== 'Resampler');
  expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test.each(rows.map((row) => [row.name, row] as const))(
  '%s answers from the bar on that the page says',
  (name, { make, firstBar }) => {
    const indicator = made(make);
    const known = candles.map((candle) => isKnown(indicator.push(inputFor(name, candle))));
    if (firstBar === 'the market decides') expect(known[0]).toBe(false);
    else expect(known.indexOf(true) + 1).toBe(Number(firstBar));
  },
);

const FOLDER = new URL('../market/indicators/', import.meta.url);
/** Where the file is not named as its function. */
const FILES: Readonly<Record<string, string>> = {
  rsiOf: 'wilder-rsi',
  sessionVwapOf: 'vwap',
  rollingVwapOf: 'vwap',
};

test.each(rows.map((row) => [row.columns, row] as const))(
  '%s lies in a file whose first line is the source on the page',
  (columns, { source }) => {
    const kebab = columns.replace(/Of$/, '').replaceAll(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);
    const file = FILES[columns] ?? kebab;
    const text = readFileSync(new URL(`${file}.ts`, FOLDER), 'utf8');
    expect(text.split('\n')[0]).toBe(`// Source: ${source}`);
    expect(text).toContain(`export function ${columns}(`);
  },
);
