import type { Timeframe } from '../../domain/candle.ts';
import type { Opinion } from '../../domain/signal.ts';
import { GrowableSeries } from '../../market/candles/growable-series.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { LOOK_BACK_BARS_MAX, type Strategy, type StrategyRun } from '../strategy.ts';
import { signalsAmong } from './opinions-on.ts';
import { describeOpinion, sameOpinion } from './same-opinion.ts';

/** What lay behind the bar that had just closed when a strategy was asked again. */
export type Future =
  /** The same as before: a difference comes from another run. */
  | 'SAME'
  /** Prices a quarter higher, and a fifth lower. */
  | 'HIGHER'
  | 'LOWER'
  /** As it is live: nothing at all, and only the newest bars are remembered. */
  | 'NONE';

export interface Difference {
  readonly barTimeMs: number;
  readonly future: Future;
  /** With the real future in plain sight. */
  readonly said: string;
  readonly saidInstead: string;
}

export interface LookaheadReport {
  readonly bars: number;
  readonly long: number;
  readonly short: number;
  readonly exits: number;
  /** How many of the bars had another opinion, by what their future was. */
  readonly differing: Readonly<Record<Future, number>>;
  /** The first few of each. */
  readonly differences: readonly Difference[];
}

const SHOWN_OF_EACH = 5;

/**
 * Asks a strategy about every bar again and again: with its future in plain sight, with another future
 * there, and with none. Opinions of the past must not move. It is asked about all bars, not only those
 * that gave a signal, and a run with the same future shows whether runs share a memory.
 */
export function lookahead(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
  onProgress: (bars: number) => void = () => undefined,
): LookaheadReport {
  const plain = strategy.start(timeframe);
  const view = inPlainSight(series);
  const said = Array.from({ length: series.length }, (_, index) => plain.onBar(view(index)));
  // All of them are alive at once, so that whatever they share is shared on every bar.
  const worlds = (
    [
      ['SAME', inPlainSight(series)],
      ['HIGHER', withAnotherFuture(series, 1.25)],
      ['LOWER', withAnotherFuture(series, 0.8)],
      ['NONE', asItIsLive(series)],
    ] as const
  ).map(([future, at]) => new Asked(future, strategy.start(timeframe), at));
  for (let index = 0; index < series.length; index++) {
    for (const world of worlds) world.ask(index, said[index]!, series.openTimeMs[index]!);
    onProgress(index + 1);
  }
  const signals = signalsAmong(said);
  const long = signals.filter(({ direction }) => direction === 'LONG').length;
  return {
    bars: series.length,
    long,
    short: signals.length - long,
    exits: said.filter(({ kind }) => kind === 'EXIT').length,
    differing: Object.fromEntries(
      worlds.map(({ future, differing }) => [future, differing]),
    ) as Record<Future, number>,
    differences: worlds.flatMap(({ differences }) => differences),
  };
}

/** A run in a world of its own, held against what was said in the real one. */
class Asked {
  readonly future: Future;
  readonly differences: Difference[] = [];
  differing = 0;
  readonly #run: StrategyRun;
  readonly #at: (index: number) => CandleSeries;
  #threw = false;

  constructor(future: Future, run: StrategyRun, at: (index: number) => CandleSeries) {
    this.future = future;
    this.#run = run;
    this.#at = at;
  }

  ask(index: number, said: Opinion, barTimeMs: number): void {
    // What a run says after it threw means nothing.
    if (this.#threw) return;
    const instead = this.#answer(index);
    if (typeof instead !== 'string' && sameOpinion(said, instead)) return;
    this.differing++;
    if (this.differences.length === SHOWN_OF_EACH) return;
    const [described, describedInstead] =
      typeof instead === 'string'
        ? [describeOpinion(said, said), instead]
        : [describeOpinion(said, instead), describeOpinion(instead, said)];
    this.differences.push({
      barTimeMs,
      future: this.future,
      said: described,
      saidInstead: describedInstead,
    });
  }

  #answer(index: number): Opinion | string {
    const series = this.#at(index);
    try {
      return this.#run.onBar(series);
    } catch (error) {
      this.#threw = true;
      return `it threw "${error instanceof Error ? error.message : String(error)}"`;
    }
  }
}

/** The series ending at a bar, while its columns run on to the end of what there is and no further. */
export function inPlainSight(series: CandleSeries): (index: number) => CandleSeries {
  const columns = columnsOf(series);
  return (index) => ({ length: index + 1, ...columns, candle: (at) => series.candle(at) });
}

/** Columns of a growing series have room at their end, in which nothing would be seen. */
const columnsOf = (series: CandleSeries) => ({
  openTimeMs: series.openTimeMs.subarray(0, series.length),
  open: series.open.subarray(0, series.length),
  high: series.high.subarray(0, series.length),
  low: series.low.subarray(0, series.length),
  close: series.close.subarray(0, series.length),
  volume: series.volume.subarray(0, series.length),
});

/** Each bar becomes what it really was only when it closes. */
function withAnotherFuture(series: CandleSeries, factor: number): (index: number) => CandleSeries {
  const { openTimeMs, ...real } = columnsOf(series);
  const columns = {
    open: real.open.map((price) => price * factor),
    high: real.high.map((price) => price * factor),
    low: real.low.map((price) => price * factor),
    close: real.close.map((price) => price * factor),
    volume: real.volume.map((volume) => volume * factor),
  };
  const names = Object.keys(columns) as (keyof typeof columns)[];
  return (index) => {
    for (const name of names) columns[name][index] = real[name][index]!;
    return {
      length: index + 1,
      openTimeMs,
      ...columns,
      candle(at) {
        const [open, high, low, close, volume] = names.map((name) => columns[name][at]!);
        return {
          ...series.candle(at),
          open: open!,
          high: high!,
          low: low!,
          close: close!,
          volume: volume!,
        };
      },
    };
  };
}

function asItIsLive(series: CandleSeries): (index: number) => CandleSeries {
  const growing = new GrowableSeries();
  return (index) => {
    growing.append(series.candle(index));
    if (growing.length === 2 * LOOK_BACK_BARS_MAX) growing.keepNewest(LOOK_BACK_BARS_MAX);
    return growing;
  };
}
