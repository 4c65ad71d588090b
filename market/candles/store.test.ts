import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Candle } from '../../domain/candle.ts';
import { fingerprint } from './fingerprint.ts';
import { GrowableSeries } from './growable-series.ts';
import { type CandleKey, type CandleStore, ConflictingCandles, openCandleStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-store-'));
afterAll(() => rmSync(root, { recursive: true }));

const MINUTE = 60_000;
const SLOTS = 65_536;
const KEY: CandleKey = { instrumentId: 'BTC/USDT', timeframe: '1m' };
const FOLDER = 'BTC-USDT/1m';
const NEW = { replace: false, atMs: 1 };

let folder: string;
let store: CandleStore;
let made = 0;
const fresh = (): void => {
  folder = join(root, String(made++));
  store = openCandleStore(folder);
};
beforeEach(fresh);

const bar = (minute: number, close = 10): Candle => ({
  openTimeMs: minute * MINUTE,
  open: 10,
  high: 20,
  low: 5,
  close,
  volume: 1,
});
const series = (...minutes: readonly number[]): GrowableSeries =>
  GrowableSeries.of(minutes.map((minute) => bar(minute)));
const minutesIn = (key = KEY): readonly number[] =>
  [...store.read(key).openTimeMs].map((ms) => ms / MINUTE);

describe('a folder that cannot be one', () => {
  test('is refused in a sentence that names it', () => {
    writeFileSync(folder, '');
    expect(() => store.list()).toThrow(`the candles in ${folder} cannot be read (ENOTDIR`);
    expect(() => store.add(KEY, series(1), 'a.csv', NEW)).toThrow(
      `candles cannot be kept in ${folder} (ENOTDIR`,
    );
  });
});

describe('a candle store', () => {
  test('gives back what was added, in columns that are as long as the series', () => {
    const candles = series(1, 2, 3);
    expect(store.add(KEY, candles, 'a.csv', NEW)).toEqual({ added: 3, unchanged: 0, replaced: 0 });
    const read = store.read(KEY);
    expect([read.length, read.close.length]).toEqual([3, 3]);
    expect(read.candle(1)).toEqual(bar(2));
    expect(fingerprint(read)).toBe(fingerprint(candles));
    expect(store.lastOpenTimeMs(KEY)).toBe(3 * MINUTE);
  });

  test('is empty where nothing was added', () => {
    expect(store.read(KEY).length).toBe(0);
    expect(store.lastOpenTimeMs(KEY)).toBeUndefined();
    expect(store.list()).toEqual([]);
    expect(store.add(KEY, new GrowableSeries(), 'none', NEW).added).toBe(0);
    expect(store.list()).toEqual([]);
  });

  test('takes in what is new among what it has', () => {
    store.add(KEY, series(2, 4), 'a.csv', NEW);
    const added = store.add(KEY, series(1, 2, 3, 5), 'b.csv', NEW);
    expect(added).toEqual({ added: 3, unchanged: 1, replaced: 0 });
    expect(minutesIn()).toEqual([1, 2, 3, 4, 5]);
  });

  test('refuses other values for bars it has, all of them, and names the first', () => {
    store.add(KEY, series(1, 2, 3), 'a.csv', NEW);
    const other = GrowableSeries.of([bar(2, 11), bar(3, 12), bar(4)]);
    const adding = (): unknown => store.add(KEY, other, 'b.csv', NEW);
    expect(adding).toThrow(ConflictingCandles);
    expect(adding).toThrow(
      '2 bars are stored for BTC/USDT 1m with other values ' +
        '(1970-01-01T00:02:00.000Z, 1970-01-01T00:03:00.000Z); nothing was added',
    );
    expect([...store.read(KEY).close]).toEqual([10, 10, 10]);
    expect(store.list()[0]!.sources).toEqual(['a.csv']);
  });

  test('replaces them where that is wanted', () => {
    store.add(KEY, series(1, 2, 3), 'a.csv', NEW);
    const other = GrowableSeries.of([bar(1), bar(2, 11), bar(4)]);
    const added = store.add(KEY, other, 'b.csv', { replace: true, atMs: 2 });
    expect(added).toEqual({ added: 1, unchanged: 1, replaced: 1 });
    expect([...store.read(KEY).close]).toEqual([10, 11, 10, 10]);
  });

  test('keeps bars off the grid of their timeframe', () => {
    const daily: CandleKey = { instrumentId: 'EUR/USD', timeframe: '4h' };
    const candles = GrowableSeries.of([1, 241, 481].map((minute) => bar(minute)));
    store.add(daily, candles, 'fx.csv', NEW);
    expect(minutesIn(daily)).toEqual([1, 241, 481]);
  });

  test('keeps bars on both sides of a border of its files, before 1970 too', () => {
    const minutes = [-SLOTS - 1, -SLOTS, -1, 0, SLOTS - 1, SLOTS, 3 * SLOTS];
    store.add(KEY, series(...minutes), 'a.csv', NEW);
    expect(minutesIn()).toEqual(minutes);
    const files = readdirSync(join(folder, FOLDER)).filter((name) => name.endsWith('.candles'));
    expect(files.sort()).toEqual([
      '-1.1.candles',
      '-2.1.candles',
      '0.1.candles',
      '1.1.candles',
      '3.1.candles',
    ]);
  });

  test('reads a span from its first instant to just before its last', () => {
    store.add(KEY, series(1, 2, 3, SLOTS, SLOTS + 5), 'a.csv', NEW);
    const span = (fromMinute?: number, toMinute?: number): readonly number[] => {
      const { openTimeMs } = store.read(KEY, {
        ...(fromMinute === undefined ? {} : { fromMs: fromMinute * MINUTE }),
        ...(toMinute === undefined ? {} : { toMs: toMinute * MINUTE }),
      });
      return [...openTimeMs].map((ms) => ms / MINUTE);
    };
    expect(span(2, SLOTS)).toEqual([2, 3]);
    expect(span(2.5)).toEqual([3, SLOTS, SLOTS + 5]);
    expect(span(undefined, 2)).toEqual([1]);
    expect(span(SLOTS, SLOTS + 6)).toEqual([SLOTS, SLOTS + 5]);
    expect(span(4, SLOTS)).toEqual([]);
    expect(span(9, 2)).toEqual([]);
    expect(span(SLOTS + 6)).toEqual([]);
  });

  test('refuses candles that cannot be believed and leaves everything as it was', () => {
    const bad = { ...series(1, 2).save(), length: 2, candle: () => bar(1) };
    const high = { ...bad, high: Float64Array.of(20, 7) };
    expect(() => store.add(KEY, high, 'a', NEW)).toThrow(
      'candle 1 cannot be stored: high 7 is below',
    );
    const times = { ...bad, openTimeMs: Float64Array.of(MINUTE, MINUTE) };
    expect(() => store.add(KEY, times, 'a', NEW)).toThrow('time 60000 does not come after 60000');
    expect(store.list()).toEqual([]);
  });

  test.each([
    ['BTC', '1m', '"BTC" cannot name an instrument; base and quote with a slash'],
    ['../..', '1m', 'cannot name an instrument'],
    ['BTC/USD/X', '1m', 'cannot name an instrument'],
    ['BTC/USD', '7m', '"7m" is no timeframe; the known ones are 1m'],
  ])('refuses the name %s %s', (instrumentId, timeframe, sentence) => {
    const key = { instrumentId, timeframe } as CandleKey;
    expect(() => store.add(key, series(1), 'a', NEW)).toThrow(sentence);
    expect(() => store.read(key)).toThrow(sentence);
  });

  test('keeps instruments apart whose names look alike', () => {
    const ids = ['A-B/C', 'A/B-C', 'BTC/USDT:USDT', 'BTC/USDT', 'BRK.B/USD'];
    ids.forEach((instrumentId, i) => {
      store.add({ instrumentId, timeframe: '1d' }, series(i), instrumentId, NEW);
    });
    for (const [i, instrumentId] of ids.entries())
      expect(minutesIn({ instrumentId, timeframe: '1d' })).toEqual([i]);
    expect(
      store
        .list()
        .map(({ instrumentId }) => instrumentId)
        .sort(),
    ).toEqual(ids.toSorted());
  });
});

describe('where candles came from', () => {
  test('is listed with them, by instrument and from the shortest timeframe', () => {
    store.add({ ...KEY, timeframe: '1d' }, series(1440), 'daily.csv', NEW);
    store.add(KEY, series(1, 2), 'a.csv', { replace: false, atMs: 5, sha256: 'abc' });
    store.add({ instrumentId: 'AAPL/USD', timeframe: '1h' }, series(60), 'aapl.csv', NEW);
    expect(
      store.list().map(({ instrumentId, timeframe, bars }) => [instrumentId, timeframe, bars]),
    ).toEqual([
      ['AAPL/USD', '1h', 1],
      ['BTC/USDT', '1m', 2],
      ['BTC/USDT', '1d', 1],
    ]);
    expect(store.list()[1]).toMatchObject({
      firstMs: MINUTE,
      lastMs: 2 * MINUTE,
      sources: ['a.csv'],
      imports: [
        { source: 'a.csv', sha256: 'abc', rows: 2, firstMs: MINUTE, lastMs: 2 * MINUTE, atMs: 5 },
      ],
    });
  });

  test('is one record for the pages of a download, and none for what was there', () => {
    const page = (atMs: number, ...minutes: readonly number[]): unknown =>
      store.add(KEY, series(...minutes), 'binance', { replace: false, atMs });
    page(1, 1, 2);
    page(2, 3, 4);
    page(3, 3, 4);
    store.add(KEY, series(9), 'a.csv', { replace: false, atMs: 4, sha256: 'abc' });
    page(5, 5);
    const { imports, sources } = store.list()[0]!;
    expect(sources).toEqual(['binance', 'a.csv']);
    expect(imports.map(({ source, rows, atMs }) => [source, rows, atMs])).toEqual([
      ['binance', 4, 2],
      ['a.csv', 1, 4],
      ['binance', 1, 5],
    ]);
  });
});

test('any order of adding gives the same bars as one map of them', () => {
  const batch = fc.uniqueArray(fc.integer({ min: -3, max: 200 }), { maxLength: 30 });
  fc.assert(
    fc.property(
      fc.array(batch, { maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      (batches, stride) => {
        fresh();
        // Strides of a third of a file put bars in many of them.
        const at = (slot: number): number => slot * stride * Math.floor(SLOTS / 3);
        const expected = new Map<number, Candle>();
        for (const [i, slots] of batches.entries()) {
          const bars = slots.toSorted((a, b) => a - b).map((slot) => bar(at(slot), 6 + i));
          const before = expected.size;
          for (const one of bars) expected.set(one.openTimeMs, one);
          const { added } = store.add(KEY, GrowableSeries.of(bars), `batch ${i}`, {
            replace: true,
            atMs: i,
          });
          expect(added).toBe(expected.size - before);
        }
        const wanted = [...expected.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
        expect(fingerprint(store.read(KEY))).toBe(fingerprint(GrowableSeries.of(wanted)));
      },
    ),
    { numRuns: 25 },
  );
});

describe('damage', () => {
  const path = (): string => join(folder, FOLDER, '0.1.candles');

  test('to any byte of a segment is refused by its name, and never read', () => {
    store.add(KEY, series(1, 2, 3), 'a.csv', NEW);
    const whole = readFileSync(path());
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 << (at % 8);
      writeFileSync(path(), bytes);
      expect(() => store.read(KEY)).toThrow(`${path()} is damaged: `);
    }
    writeFileSync(path(), whole);
    expect(minutesIn()).toEqual([1, 2, 3]);
  });

  test('by cutting, lengthening or removing a segment is refused, and nothing is added to it', () => {
    store.add(KEY, series(1, 2, 3), 'a.csv', NEW);
    const whole = readFileSync(path());
    const damages = [
      whole.subarray(0, 10),
      whole.subarray(0, -1),
      Buffer.concat([whole, whole]),
      Buffer.alloc(0),
    ];
    for (const bytes of damages) {
      writeFileSync(path(), bytes);
      expect(() => store.read(KEY)).toThrow(`${path()} is damaged: `);
      expect(() => store.add(KEY, series(4), 'b.csv', NEW)).toThrow('import its candles again');
    }
    rmSync(path());
    expect(() => store.read(KEY)).toThrow('is damaged: it is not there');
    expect(() => store.add(KEY, series(4), 'b.csv', NEW)).toThrow(
      `${path()} is damaged: it is not there`,
    );
  });

  test('by putting another day’s segment in its place is refused', () => {
    store.add(KEY, series(1, 2, 3), 'a.csv', NEW);
    const old = readFileSync(path());
    store.add(KEY, GrowableSeries.of([bar(1, 11)]), 'b.csv', { replace: true, atMs: 2 });
    writeFileSync(join(folder, FOLDER, '0.2.candles'), old);
    expect(() => store.read(KEY)).toThrow('it is not the file that the manifest names');
  });

  test('to the manifest is refused by its name', () => {
    store.add(KEY, series(1), 'a.csv', NEW);
    const manifest = join(folder, FOLDER, 'manifest.json');
    const good = JSON.parse(readFileSync(manifest, 'utf8')) as { segments: object[] };
    const other = (change: object): string => JSON.stringify({ ...good, ...change });
    for (const text of [
      '',
      '{',
      '[]',
      '{"format":2}',
      '{"format":1,"segments":[]}',
      other({ segments: [{}] }),
      other({ segments: [{ ...good.segments[0], file: '../../../elsewhere' }] }),
      other({ timeframe: '9h' }),
      other({ imports: [{}] }),
      other({ imports: [null] }),
    ]) {
      writeFileSync(manifest, text);
      expect(() => store.read(KEY)).toThrow(`${manifest} is damaged or of another version`);
      expect(() => store.list()).toThrow(`${manifest} is damaged`);
    }
  });

  test('of one instrument does not keep others from being read', () => {
    store.add(KEY, series(1), 'a.csv', NEW);
    store.add({ ...KEY, timeframe: '1h' }, series(60), 'b.csv', NEW);
    writeFileSync(path(), '');
    expect(minutesIn({ ...KEY, timeframe: '1h' })).toEqual([60]);
  });
});

describe('a crash', () => {
  test('before the manifest leaves the old bars, and the next change clears up after it', () => {
    store.add(KEY, series(1, 2), 'a.csv', NEW);
    const dataset = join(folder, FOLDER);
    const kept = ['manifest.json', '0.1.candles'].map(
      (name) => [name, readFileSync(join(dataset, name))] as const,
    );
    store.add(KEY, series(3, SLOTS), 'b.csv', NEW);
    // As if it had been stopped just before: new segments are there, and a draft of the manifest.
    for (const [name, bytes] of kept) writeFileSync(join(dataset, name), bytes);
    writeFileSync(join(dataset, 'manifest.json.77.part'), '{');
    expect(minutesIn()).toEqual([1, 2]);
    store.add(KEY, series(4), 'c.csv', NEW);
    expect(minutesIn()).toEqual([1, 2, 4]);
    expect(readdirSync(dataset).sort()).toEqual(['0.2.candles', 'manifest.json']);
  });

  test('before the first manifest leaves nothing to be listed or read', () => {
    store.add(KEY, series(1), 'a.csv', NEW);
    rmSync(join(folder, FOLDER, 'manifest.json'));
    expect([store.list(), store.read(KEY).length]).toEqual([[], 0]);
    store.add(KEY, series(2), 'b.csv', NEW);
    expect(minutesIn()).toEqual([2]);
  });
});
