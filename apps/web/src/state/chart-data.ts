/** Candles, fills and the equity line as the chart draws them: a copy that grows with the stream. */
import type { CandleView, ChartView, MarkerView } from '../../../api/views.ts';

export interface EquityPoint {
  readonly timeMs: number;
  readonly equity: string;
}

export interface ChartData {
  readonly candles: readonly CandleView[];
  readonly forming: CandleView | null;
  readonly fills: readonly MarkerView[];
  readonly equity: readonly EquityPoint[];
}

/** Enough history to scroll through; the oldest go in one piece so that the chart is rarely redrawn. */
const MOST_CANDLES = 6_000;
const DROPPED_AT_ONCE = 1_000;

const lastTime = (candles: readonly CandleView[]): number => candles.at(-1)?.time ?? -1;

/** Appends a closed bar; one that is already there is replaced, one from the past is ignored. */
export function withCandle(chart: ChartData, candle: CandleView): ChartData {
  const last = lastTime(chart.candles);
  if (candle.time < last) return chart;
  const kept = candle.time === last ? chart.candles.slice(0, -1) : chart.candles;
  const start = kept.length >= MOST_CANDLES ? DROPPED_AT_ONCE : 0;
  const forming = chart.forming !== null && chart.forming.time > candle.time ? chart.forming : null;
  return { ...chart, candles: [...kept.slice(start), candle], forming };
}

/** The bar in the making; a late word about a bar that has closed is ignored. */
export const withForming = (chart: ChartData, forming: CandleView): ChartData =>
  forming.time > lastTime(chart.candles) ? { ...chart, forming } : chart;

/** One point a bar is as fine as the line is drawn; within a bar the newest value wins. */
export function withEquity(chart: ChartData, point: EquityPoint): ChartData {
  const open = (chart.forming?.time ?? lastTime(chart.candles)) * 1_000;
  const last = chart.equity.at(-1);
  if (last !== undefined && point.timeMs < last.timeMs) return chart;
  if (last?.equity === point.equity) return chart;
  const kept = last !== undefined && last.timeMs >= open ? chart.equity.slice(0, -1) : chart.equity;
  return { ...chart, equity: [...kept, point] };
}

/** A fresh answer of the server, keeping the bars that streamed in while it was on its way. */
export function withLoaded(current: ChartData | null, loaded: ChartView): ChartData {
  const last = lastTime(loaded.candles);
  const newer = current?.candles.filter((candle) => candle.time > last) ?? [];
  const fresh: ChartData = { ...loaded, candles: [...loaded.candles, ...newer] };
  const forming = current?.forming ?? null;
  return forming === null ? fresh : withForming(fresh, forming);
}
