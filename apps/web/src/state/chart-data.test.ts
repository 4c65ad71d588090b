import { describe, expect, it } from 'vitest';
import type { CandleView } from '../../../api/views.ts';
import { type ChartData, withCandle, withEquity, withForming, withLoaded } from './chart-data.ts';

const bar = (time: number, close = 100): CandleView => ({
  time,
  open: 100,
  high: Math.max(100, close),
  low: Math.min(100, close),
  close,
});
const chart = (...candles: CandleView[]): ChartData => ({
  candles,
  forming: null,
  fills: [],
  equity: [],
});
const times = (data: ChartData) => data.candles.map((candle) => candle.time);

describe('the chart follows the stream', () => {
  it('appends a bar that closed and forgets its forming self', () => {
    const next = withCandle({ ...chart(bar(60)), forming: bar(120, 99) }, bar(120, 101));
    expect(times(next)).toEqual([60, 120]);
    expect(next.forming).toBeNull();
  });

  it('replaces a bar it has and ignores one from the past', () => {
    expect(withCandle(chart(bar(60), bar(120)), bar(120, 105)).candles.at(-1)?.close).toBe(105);
    expect(times(withCandle(chart(bar(60), bar(120)), bar(60)))).toEqual([60, 120]);
  });

  it('ignores a late word about a bar that has closed', () => {
    expect(withForming(chart(bar(60)), bar(60, 90)).forming).toBeNull();
    expect(withForming(chart(bar(60)), bar(120, 90)).forming?.close).toBe(90);
  });

  it('holds a bounded history', () => {
    let data = chart(...Array.from({ length: 6_000 }, (_, index) => bar(60 * (index + 1))));
    data = withCandle(data, bar(60 * 6_001));
    expect(data.candles).toHaveLength(5_001);
  });

  it('keeps bars that streamed in while a reload was on its way', () => {
    const current = { ...chart(bar(60), bar(120), bar(180)), forming: bar(240) };
    const next = withLoaded(current, chart(bar(60), bar(120)));
    expect(times(next)).toEqual([60, 120, 180]);
    expect(next.forming?.time).toBe(240);
  });

  it('draws one equity point a bar', () => {
    const data = { ...chart(bar(60)), forming: bar(120) };
    const one = withEquity(data, { timeMs: 121_000, equity: '10' });
    const two = withEquity(one, { timeMs: 122_000, equity: '11' });
    expect(two.equity).toEqual([{ timeMs: 122_000, equity: '11' }]);
    const three = withEquity({ ...two, forming: bar(180) }, { timeMs: 181_000, equity: '12' });
    expect(three.equity).toHaveLength(2);
  });
});
