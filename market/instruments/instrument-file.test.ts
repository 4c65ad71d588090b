import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { InstrumentBook } from './instrument-book.ts';
import { INSTRUMENT_FILE, readInstrumentBook, writeInstrumentBook } from './instrument-file.ts';
import { BTC_USD, instrumentByName, instrumentOf } from './instruments.ts';
import { BEGINNING_MS, usualTerms } from './terms.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-instruments-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const ENTRY = {
  id: 'DOGE/USDT',
  assetClass: 'CRYPTO',
  tick: '0.00001',
  lot: '1',
  minNotional: '5',
  unitsPerStandardLot: '1',
  contractValue: '1',
  makerBps: -0.5,
  takerBps: 7.5,
  validFrom: 'beginning',
};

function written(content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, INSTRUMENT_FILE), text);
}

const JANUARY = Date.UTC(2024, 0, 1);
const FULL = InstrumentBook.builtIn()
  .with(usualTerms(instrumentOf('ADA/USDT', 'CRYPTO')))
  .with({ ...usualTerms(BTC_USD), fees: { makerBps: 2, takerBps: 4 }, validFromMs: JANUARY })
  .corrected(
    { ...usualTerms(BTC_USD), fees: { makerBps: 3, takerBps: 4 }, validFromMs: JANUARY },
    'the maker fee was that of another tier',
  );

test('a directory without a file knows what is built in', () => {
  const book = readInstrumentBook(folder);
  expect(book.entries).toEqual([]);
  expect(book.instrumentsAt(0)).toEqual(InstrumentBook.builtIn().instrumentsAt(0));
});

test('a book that was written is read back, corrections and all, and leaves no draft behind', () => {
  writeInstrumentBook(folder, FULL);
  const book = readInstrumentBook(folder);
  expect(book.entries).toEqual(FULL.entries);
  expect(book.versions(BTC_USD.id)).toEqual(FULL.versions(BTC_USD.id));
  expect(readdirSync(folder)).toEqual([INSTRUMENT_FILE]);
  const before = readFileSync(join(folder, INSTRUMENT_FILE), 'utf8');
  writeInstrumentBook(folder, book);
  expect(readFileSync(join(folder, INSTRUMENT_FILE), 'utf8')).toBe(before);
});

test('an instrument of the file is found by its name', () => {
  written({ version: 1, entries: [ENTRY] });
  const book = readInstrumentBook(folder);
  const doge = instrumentByName('doge-usdt', book.instrumentsAt(0));
  expect(doge).toMatchObject({ id: 'DOGE/USDT', base: 'DOGE', quote: 'USDT' });
  const found = book.termsAt(doge.id, 0);
  expect(found).toMatchObject({ fees: { makerBps: -0.5 }, validFromMs: BEGINNING_MS });
});

const one = (changes: Record<string, unknown>): unknown => ({
  version: 1,
  entries: [{ ...ENTRY, ...changes }],
});

test.each<readonly [string, unknown, string]>([
  ['no JSON', '{', 'it is no JSON'],
  ['a list', '[]', 'it must hold one object with version and entries'],
  ['another version', { version: 2, entries: [] }, 'version 2 must be 1'],
  ['no entries', { version: 1 }, 'entries must be a list'],
  ['a field beside them', { version: 1, entries: [], x: 1 }, '"x" is no field of it'],
  ['an entry that is text', { version: 1, entries: ['x'] }, 'entry 1: it must be an object'],
  ['a field nobody knows', one({ ticks: '1' }), 'entry 1: "ticks" is no field of an instrument'],
  ['a field missing', one({ lot: undefined }), 'entry 1: lot is missing'],
  [
    'a number for a decimal',
    one({ tick: 0.01 }),
    'entry 1: tick 0.01 must be a decimal number in quotes',
  ],
  ['a tick below zero', one({ tick: '-1' }), 'entry 1: tick "-1" must be a decimal number'],
  ['a tick of zero', one({ tick: '0' }), 'entry 1: DOGE/USDT: tick must be positive'],
  [
    'steps too fine',
    one({ tick: '0.0000001', lot: '0.000001' }),
    'tick and lot use 13 places together',
  ],
  ['text for a fee', one({ takerBps: '7' }), 'entry 1: takerBps "7" must be a number'],
  [
    'a class nobody knows',
    one({ assetClass: 'OPTION' }),
    'assetClass "OPTION" must be one of CRYPTO',
  ],
  [
    'a day without a time',
    one({ validFrom: '2024-01-01' }),
    'validFrom "2024-01-01" must be an instant',
  ],
  ['a name in small letters', one({ id: 'doge/usdt' }), 'id "doge/usdt" must be a name such as'],
  ['a correction of nothing', one({ correction: 'why' }), 'has no terms from the beginning on'],
  [
    'a correction without words',
    one({ correction: 7 }),
    'correction 7 must be its reason in words',
  ],
  [
    'an instrument twice',
    { version: 1, entries: [ENTRY, ENTRY] },
    'entry 2: DOGE/USDT has terms from the beginning',
  ],
])('%s is refused with a sentence', (_, content, sentence) => {
  written(content);
  expect(() => readInstrumentBook(folder)).toThrow(`${join(folder, INSTRUMENT_FILE)}: `);
  expect(() => readInstrumentBook(folder)).toThrow(sentence);
});

test('a folder that is not there yet is made, and one that cannot be made is an error', () => {
  const later = join(folder, 'later', 'still');
  writeInstrumentBook(later, FULL);
  expect(readInstrumentBook(later).entries).toEqual(FULL.entries);
  const file = join(later, INSTRUMENT_FILE);
  expect(() => writeInstrumentBook(join(file, 'below'), FULL)).toThrow('ENOTDIR');
  expect(readInstrumentBook(later).entries).toEqual(FULL.entries);
});
