import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DAY_MS } from '../../domain/clock.ts';
import { money, price, quantity } from '../../domain/units.ts';
import { InstrumentBook } from './instrument-book.ts';
import { BTC_USD, instrumentOf, INSTRUMENTS } from './instruments.ts';
import { BEGINNING_MS, defineTerms, type InstrumentTerms, usualTerms } from './terms.ts';

const BUILT_IN = InstrumentBook.builtIn();
const ETH = instrumentOf('ETH/USDT', 'CRYPTO');
const terms = (validFromMs: number, takerBps = 10, instrument = ETH): InstrumentTerms => ({
  ...usualTerms(instrument),
  fees: { makerBps: 0, takerBps },
  validFromMs,
});

test('the built-in instruments are known from the beginning, the same objects as elsewhere', () => {
  for (const instrument of INSTRUMENTS) {
    const found = BUILT_IN.termsAt(instrument.id, Date.UTC(1900, 0, 1));
    expect(found?.instrument).toBe(instrument);
    expect(found?.validFromMs).toBe(BEGINNING_MS);
  }
  expect(BUILT_IN.instrumentsAt(0)).toEqual(INSTRUMENTS);
  expect(BUILT_IN.termsAt(ETH.id, 0)).toBeUndefined();
});

test('new terms hold from their instant on, and a book that was there before does not know them', () => {
  const finer = { ...BTC_USD, tick: price('0.001'), minNotional: money('5') };
  const book = BUILT_IN.with(terms(1_000, 7, finer));
  expect(book.termsAt(BTC_USD.id, 999)?.instrument).toBe(BTC_USD);
  expect(book.termsAt(BTC_USD.id, 1_000)?.instrument).toEqual(finer);
  expect(book.instrumentsAt(1_000)).toContainEqual(finer);
  expect(BUILT_IN.termsAt(BTC_USD.id, 1_000)?.instrument).toBe(BTC_USD);
});

test('the past is only changed as a correction, with its reason', () => {
  const book = BUILT_IN.with(terms(1_000, 10)).with(terms(3_000, 5));
  expect(() => book.with(terms(3_000, 4))).toThrow(
    'ETH/USDT has terms from 1970-01-01T00:00:03.000Z on, and these would be from 1970-01-01T00:00:03.000Z; later ones may be added',
  );
  expect(() => book.with(terms(2_000, 4))).toThrow('only as a correction');
  expect(() => book.corrected(terms(2_000, 4), ' ')).toThrow('a correction needs its reason');
  expect(() => book.corrected(terms(4_000, 4), 'why')).toThrow('add these instead');
  const between = book.corrected(terms(2_000, 8), 'a step was forgotten');
  expect([1_000, 2_000, 3_000].map((ms) => between.termsAt(ETH.id, ms)?.fees.takerBps)).toEqual([
    10, 8, 5,
  ]);
  const replaced = book.corrected(terms(1_000, 9), 'read from the wrong line');
  expect(replaced.versions(ETH.id).map(({ fees }) => fees.takerBps)).toEqual([9, 5]);
  expect(replaced.entries.map(({ correction }) => correction)).toEqual([
    undefined,
    undefined,
    'read from the wrong line',
  ]);
});

test('an instrument keeps its class, and two never share a name', () => {
  const share = instrumentOf('ETH/USDT', 'EQUITY');
  expect(() => BUILT_IN.with(terms(1, 1)).with(terms(2, 1, share))).toThrow(
    'ETH/USDT is CRYPTO and cannot become EQUITY',
  );
  expect(() => BUILT_IN.with(terms(1, 1, instrumentOf('ETHU/SD', 'CRYPTO')))).toThrow(
    'ETHU/SD and ETH/USD would both be known as "ethusd"',
  );
  expect(() => BUILT_IN.with(terms(1, 1, instrumentOf('GO/OG', 'CRYPTO')))).toThrow(
    'GO/OG and GOOG/USD would both be known as "goog"',
  );
});

test.each<readonly [string, Partial<InstrumentTerms>, string]>([
  ['a fee of NaN', { fees: { makerBps: Number.NaN, takerBps: 1 } }, 'makerBps NaN must be'],
  ['a fee above all', { fees: { makerBps: 1, takerBps: 1_001 } }, 'takerBps 1001 must be'],
  ['a contract of nothing', { contractValue: quantity('0') }, 'contractValue must be above zero'],
  ['half a millisecond', { validFromMs: 0.5 }, 'validFromMs 0.5 must be whole'],
  ['another name', { instrument: { ...ETH, base: 'BTC' } }, 'the name must be BTC/USDT'],
  ['no tick', { instrument: { ...ETH, tick: price('0') } }, 'tick must be positive'],
])('%s is refused', (_, changes, sentence) => {
  expect(() => defineTerms({ ...terms(1), ...changes })).toThrow(sentence);
});

const instants = fc.integer({ min: 0, max: 50 }).map((days) => days * DAY_MS);
const histories = fc
  .uniqueArray(instants, { minLength: 1, maxLength: 12 })
  .map((found) => found.sort((a, b) => a - b));
const bookOf = (history: readonly number[]): InstrumentBook =>
  history.reduce((book, ms) => book.with(terms(ms)), BUILT_IN);

test('a lookup sees the newest terms that were valid, and never later ones', () => {
  fc.assert(
    fc.property(histories, instants, (history, atMs) => {
      const valid = history.filter((ms) => ms <= atMs);
      expect(bookOf(history).termsAt(ETH.id, atMs)?.validFromMs).toBe(valid.at(-1));
    }),
  );
});

test('what is added later changes no lookup before it', () => {
  fc.assert(
    fc.property(histories, instants, (history, atMs) => {
      const whole = bookOf(history);
      const known = bookOf(history.filter((ms) => ms <= atMs));
      expect(whole.termsAt(ETH.id, atMs)).toEqual(known.termsAt(ETH.id, atMs));
    }),
  );
});

test('corrections of any past keep the versions in order, one for each instant', () => {
  fc.assert(
    fc.property(histories, fc.array(instants, { maxLength: 8 }), (history, corrections) => {
      const newest = history.at(-1)!;
      const past = corrections.filter((ms) => ms <= newest);
      const book = past.reduce((b, ms) => b.corrected(terms(ms), 'it was wrong'), bookOf(history));
      const expected = [...new Set([...history, ...past])].sort((a, b) => a - b);
      expect(book.versions(ETH.id).map(({ validFromMs }) => validFromMs)).toEqual(expected);
    }),
  );
});
