// Source: the public Pine Script "trend state": Jurik averages in order, confirmed by Bollinger's bands.
import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { HigherBars } from '../candles/higher-bars.ts';
import type { CandleSeries } from '../candles/series.ts';
import { BandState, bandStateWarmup } from './band-state.ts';
import { Jma } from './jma.ts';
import { RationalQuadratic } from './rational-quadratic.ts';

const MINUTE_MS = 60_000;
const FAST_BARS = 5;
const MIDDLE_BARS = 10;
const SLOW_BARS = 20;
const KERNEL_BARS = 7;

/** Higher bars until the slow average has forgotten where it began, and is smoothed. */
const AVERAGES_WARMUP = 3 * SLOW_BARS + KERNEL_BARS;

/**
 * The state of the trend on two higher timeframes. Three Jurik averages (5, 10 and 20 bars), smoothed
 * by a kernel, are bullish when the two quick ones lie above the slow one, bearish when both lie below,
 * and otherwise neutral, which is not bearish. 1 and −1 are just that; 2 and −2 when at the same time the
 * bands of the other timeframe flew open to that side, and from then until the averages no longer agree.
 * NaN until both are known.
 *
 * Each is told of a higher bar when it has closed, so the state changes with the chart's bar that closes
 * it and never afterwards. Left out of the original: its "longer trend" of two further averages.
 */
export class TrendState {
  readonly #toAverages: HigherBars;
  readonly #toBands: HigherBars;
  readonly #fast = new SmoothJma(FAST_BARS);
  readonly #middle = new SmoothJma(MIDDLE_BARS);
  readonly #slow = new SmoothJma(SLOW_BARS);
  readonly #bandState: BandState;
  #order = Number.NaN;
  #bands = Number.NaN;
  #state = Number.NaN;

  /** How many peaks and troughs of the bands' width are remembered; when left out, as many as the original does. */
  constructor(timeframe: Timeframe, pivotsKept?: number) {
    this.#bandState = new BandState(pivotsKept);
    const chartMs = TIMEFRAME_MS[timeframe];
    this.#toAverages = new HigherBars(chartMs, averagesMs(chartMs));
    this.#toBands = new HigherBars(chartMs, bandsMs(chartMs));
  }

  push(bar: Candle): number {
    const closed = this.#toAverages.push(bar);
    for (let i = 0; i < closed.length; i++) this.#pushAverages(closed[i]!.close);
    const opened = this.#toBands.push(bar);
    for (let i = 0; i < opened.length; i++) this.#bands = this.#bandState.push(opened[i]!.close);
    this.#state = this.#next();
    return this.#state;
  }

  #pushAverages(close: number): void {
    const fast = this.#fast.push(close);
    const middle = this.#middle.push(close);
    const slow = this.#slow.push(close);
    if (Number.isNaN(slow)) this.#order = Number.NaN;
    else if (fast > slow && middle > slow) this.#order = 1;
    else if (fast < slow && middle < slow) this.#order = -1;
    else this.#order = 0;
  }

  #next(): number {
    if (Number.isNaN(this.#order + this.#bands)) return Number.NaN;
    const strong = 2 * this.#order;
    return this.#state === strong || this.#bands === strong ? strong : this.#order;
  }

  save() {
    return {
      toAverages: this.#toAverages.save(),
      toBands: this.#toBands.save(),
      fast: this.#fast.save(),
      middle: this.#middle.save(),
      slow: this.#slow.save(),
      bandState: this.#bandState.save(),
      order: this.#order,
      bands: this.#bands,
      state: this.#state,
    };
  }

  load(saved: ReturnType<TrendState['save']>): void {
    this.#toAverages.load(saved.toAverages);
    this.#toBands.load(saved.toBands);
    this.#fast.load(saved.fast);
    this.#middle.load(saved.middle);
    this.#slow.load(saved.slow);
    this.#bandState.load(saved.bandState);
    this.#order = saved.order;
    this.#bands = saved.bands;
    this.#state = saved.state;
  }
}

class SmoothJma {
  readonly #average: Jma;
  readonly #kernel = new RationalQuadratic();

  constructor(period: number) {
    this.#average = new Jma(period);
  }

  push(close: number): number {
    const average = this.#average.push(close);
    return Number.isNaN(average) ? Number.NaN : this.#kernel.push(average);
  }

  save() {
    return { average: this.#average.save(), kernel: this.#kernel.save() };
  }

  load({ average, kernel }: ReturnType<SmoothJma['save']>): void {
    this.#average.load(average);
    this.#kernel.load(kernel);
  }
}

/** Up to 3 minutes a quarter of an hour, up to 30 half an hour, below 4 hours one, else 8. */
function averagesMs(chartMs: number): number {
  const minutes = chartMs / MINUTE_MS;
  if (minutes <= 3) return 15 * MINUTE_MS;
  if (minutes <= 30) return 30 * MINUTE_MS;
  return (minutes < 240 ? 60 : 480) * MINUTE_MS;
}

/** Up to 3 minutes 5, up to 15 a quarter of an hour, else an hour. */
function bandsMs(chartMs: number): number {
  const minutes = chartMs / MINUTE_MS;
  if (minutes <= 3) return 5 * MINUTE_MS;
  return (minutes <= 15 ? 15 : 60) * MINUTE_MS;
}

/** Bars of the chart until the state has settled, the first higher bar not seen whole included. */
export function trendStateWarmupBars(timeframe: Timeframe, pivotsKept?: number): number {
  const chartMs = TIMEFRAME_MS[timeframe];
  const bars = (higherMs: number, count: number): number =>
    higherMs > chartMs ? (higherMs / chartMs) * (count + 1) : count;
  return Math.max(
    bars(averagesMs(chartMs), AVERAGES_WARMUP),
    bars(bandsMs(chartMs), bandStateWarmup(pivotsKept)),
  );
}

export function trendStateOf(
  series: CandleSeries,
  timeframe: Timeframe,
  pivotsKept?: number,
): Float64Array {
  const trend = new TrendState(timeframe, pivotsKept);
  return Float64Array.from({ length: series.length }, (_, i) => trend.push(series.candle(i)));
}
