import type { Candle } from '../../../../domain/candle.ts';
import { seededRandom } from '../../../../domain/random.ts';

/** Bars without a hole whose numbers have two places, as providers write them. */
export function sampleBars(fromMs: number, spanMs: number, count: number): readonly Candle[] {
  const random = seededRandom(3);
  const inCents = (value: number): number => Math.round(value * 100) / 100;
  const cents = (low: number, high: number): number => inCents(low + random.next() * (high - low));
  return Array.from({ length: count }, (_, i) => {
    const [open, close] = [cents(100, 200), cents(100, 200)];
    const high = inCents(Math.max(open, close) + 1);
    const low = inCents(Math.min(open, close) - 1);
    return { openTimeMs: fromMs + i * spanMs, open, high, low, close, volume: cents(0, 9) };
  });
}
