import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Candle } from '../../domain/candle.ts';
import { readCandles } from './csv-candles.ts';
import { fingerprint } from './fingerprint.ts';
import { GrowableSeries } from './growable-series.ts';
import { type CandleFormat, candleText, gzipped } from './write-candles.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-written-'));
afterAll(() => rmSync(folder, { recursive: true }));

const price = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
const candles = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.array(price, { minLength: 4, maxLength: 4 }),
      fc.double({ min: 0, max: 1e15, noNaN: true }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((steps): Candle[] => {
    let openTimeMs = 0;
    return steps.map(([stepMs, prices, volume]) => {
      openTimeMs += stepMs;
      const [low, open, close, high] = prices.toSorted((a, b) => a - b);
      // Minus zero is written, and read, as zero.
      return { openTimeMs, open: open!, high: high!, low: low!, close: close!, volume: volume + 0 };
    });
  });

test.each([
  ['CSV', false],
  ['CSV', true],
  ['JSON', false],
  ['JSON', true],
] as const)('what is written as %s (packed: %s) is read as the same bars', (format, isPacked) => {
  const path = join(folder, `${format}-${isPacked}`);
  fc.assert(
    fc.property(candles, (bars) => {
      const series = GrowableSeries.of(bars);
      writeFileSync(path, isPacked ? gzipped(candleText(series, format)) : text(series, format));
      expect(fingerprint(readCandles(path))).toBe(fingerprint(series));
    }),
    { numRuns: 100 },
  );
});

test('a file of many pieces has every bar once', () => {
  const bars = Array.from({ length: 20_000 }, (_, i) => ({
    openTimeMs: i * 60_000,
    open: 2,
    high: 3,
    low: 1,
    close: 2,
    volume: i,
  }));
  const series = GrowableSeries.of(bars);
  for (const format of ['CSV', 'JSON'] as const) {
    const path = join(folder, `long-${format}`);
    writeFileSync(path, text(series, format));
    expect(fingerprint(readCandles(path))).toBe(fingerprint(series));
  }
});

const text = (series: GrowableSeries, format: CandleFormat): Buffer =>
  Buffer.concat([...candleText(series, format)]);
