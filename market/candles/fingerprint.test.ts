import { expect, test } from 'vitest';
import type { Candle } from '../../domain/candle.ts';
import { slice } from './column-series.ts';
import { fingerprint } from './fingerprint.ts';
import { GrowableSeries } from './growable-series.ts';

const bar = (minute: number, close = 10): Candle => ({
  openTimeMs: minute * 60_000,
  open: 10,
  high: 20,
  low: 5,
  close,
  volume: 1,
});

test('the same bars have the same fingerprint, whatever they are kept in', () => {
  const grown = GrowableSeries.of([bar(1), bar(2)]);
  const cut = slice(GrowableSeries.of([bar(0), bar(1), bar(2), bar(3)]), 1, 3);
  expect(fingerprint(cut)).toBe(fingerprint(grown));
  expect(fingerprint(grown)).toMatch(/^[0-9a-f]{64}$/);
});

test('one more bar, and one other value, make another fingerprint', () => {
  const prints = [[bar(1)], [bar(1), bar(2)], [bar(1), bar(2, 11)], [bar(1), bar(3)], []].map(
    (bars) => fingerprint(GrowableSeries.of(bars)),
  );
  expect(new Set(prints).size).toBe(prints.length);
});
