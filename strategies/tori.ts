import type { Candle } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction, NoSetup, Opinion } from '../domain/signal.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { Atr } from '../market/indicators/atr.ts';
import { ConfirmedPivot } from '../market/indicators/confirmed-pivot.ts';
import { RETRACEMENTS, retracementOf } from '../market/indicators/fibonacci.ts';
import {
  type ChartPoint,
  lineThrough,
  priceOn,
  type Trendline,
} from '../market/indicators/trendline.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer, type ValuesOf } from './parameters.ts';
import { sessionParameter, sessionTest } from './sessions.ts';
import { defineStrategy, type Keepable, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';

const ID = strategyId('tori');
const RANGE_BARS = 14;
/** By then less than a millionth of where Wilder's average began is left in it. */
const RANGE_SETTLED_BARS = 14 * RANGE_BARS;

const PARAMETERS = {
  pivotSide: integer({
    default: 30,
    min: 3,
    max: 100,
    unit: 'bars',
    says: 'How many bars on each side a turning point must stand out from.',
  }),
  lineTouchAtr: decimal({
    default: 0.5,
    min: 0.05,
    max: 3,
    step: 0.05,
    unit: 'ATR',
    says: 'How near to the line a bar must reach, and how far beyond it a close breaks the line.',
  }),
  levelTouchAtr: decimal({
    default: 0.5,
    min: 0.05,
    max: 3,
    step: 0.05,
    unit: 'ATR',
    says: 'How near to a Fibonacci level of the last swing the same bar must reach.',
  }),
  stopBeyondBps: decimal({
    default: 50,
    min: 0,
    max: 500,
    step: 5,
    unit: 'bps',
    says: 'How far the stop lies beyond the line and the deepest level, whichever is further.',
  }),
  rewardRisk: decimal({
    default: 3,
    min: 2.5,
    max: 10,
    step: 0.5,
    unit: 'times',
    says: 'The distance of the target, as a multiple of the distance of the stop.',
  }),
  riskBps: integer({
    default: 150,
    min: 10,
    max: 200,
    step: 10,
    unit: 'bps',
    says: 'The share of equity lost when the stop is hit.',
  }),
  expiryBars: integer({
    default: 12,
    min: 1,
    max: 500,
    unit: 'bars',
    says: 'How long the signal may wait for its entry: two days on the four-hour chart.',
  }),
  session: sessionParameter,
};
type Values = ValuesOf<typeof PARAMETERS>;

interface Pivot extends ChartPoint {
  readonly atMs: number;
}

/** A line through the last two turning points of one side that nothing has closed through yet. */
interface Support {
  readonly direction: Direction;
  readonly first: Pivot;
  readonly second: Pivot;
  readonly line: Trendline;
  /** The best price since the second turning point: the end of the swing that is being given back. */
  readonly swingEnd: number;
}

/** A bar that came back to the line and to a level of the swing at once, and was turned away. */
interface Touch {
  readonly kind: 'TOUCH';
  readonly support: Support;
  readonly linePrice: number;
  readonly level: number;
}

interface Moment {
  readonly bar: Candle;
  readonly barNumber: number;
  readonly averageTrueRange: number;
}

/** The long or the short half of the rule. */
interface Side {
  readonly onBar: (moment: Moment, series: CandleSeries) => Touch | NoSetup;
  /** The line has signalled and is done. */
  readonly spend: () => void;
}

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const NO_LINE = nothing('no line through the last two turning points is alive');
const NOT_AT_LINE = nothing('price is not at its trend line');
const NOT_REJECTED = nothing('the bar at the trend line did not close away from it');
const NOT_AT_LEVEL = nothing('price is at its trend line, but at no Fibonacci level of the swing');
const OUTSIDE_SESSION = nothing('the trend line was touched outside of the chosen session');
const BELOW_ZERO = nothing('a level would be below zero');
const fact = evidenceBy(ID);

/** The last two turning points of a side lie within so many of its spans, nearly always. */
const SPANS_OF_TWO_PIVOTS = 16;

const warmupBars = ({ pivotSide }: Values): number =>
  Math.max(RANGE_SETTLED_BARS, SPANS_OF_TWO_PIVOTS * pivotSide);

/**
 * Tori, trend line and Fibonacci: the last two confirmed lows, the second higher than the first, carry
 * a rising line. A bar that reaches back to the line and, with the same low, to a Fibonacci level of
 * the swing since, and closes up and in its upper half, is the entry; mirrored for falling highs. A
 * line signals once and dies when a bar closes through it. No bar closes both up and down, so the two
 * sides never fire together.
 */
export const tori = defineStrategy({
  id: ID,
  name: 'Tori trend line and Fibonacci',
  rule:
    'When price falls back to a rising line through the last two lows, and to a Fibonacci level of ' +
    'the last swing, and is turned away, buy with the stop below both; the other way round, sell.',
  timeframes: ['1h', '4h', '1d'],
  parameters: PARAMETERS,
  warmupBars,
  start({ values, barMs, keep }) {
    const long = sideOf('LONG', values, keep);
    const short = sideOf('SHORT', values, keep);
    const range = keep(new Atr(RANGE_BARS));
    const bars = keep(new Memory(0));
    const isInSession = sessionTest(values.session, barMs);
    const warmup = warmupBars(values);

    const take = (side: Side, touch: Touch, moment: Moment): Opinion => {
      if (!isInSession(moment.bar.openTimeMs)) return OUTSIDE_SESSION;
      side.spend();
      return entry(moment, touch, values, barMs);
    };

    const judge = (rising: Touch | NoSetup, falling: Touch | NoSetup, moment: Moment): Opinion => {
      if (rising.kind === 'TOUCH') return take(long, rising, moment);
      if (falling.kind === 'TOUCH') return take(short, falling, moment);
      return rising === NO_LINE ? falling : rising;
    };

    return (bar, series) => {
      const moment = { bar, barNumber: bars.value++, averageTrueRange: range.push(bar) };
      const rising = long.onBar(moment, series);
      const falling = short.onBar(moment, series);
      const opinion = judge(rising, falling, moment);
      // A line that would have signalled during the warm-up is spent with it, and not late news.
      return bars.value < warmup ? WARMING_UP : opinion;
    };
  },
});

function sideOf(
  direction: Direction,
  values: Values,
  keep: <T extends Keepable>(part: T) => T,
): Side {
  const isLong = direction === 'LONG';
  const turning = keep(new ConfirmedPivot(isLong ? 'LOW' : 'HIGH', values.pivotSide));
  const pivots = keep(new Memory<Pivot | undefined>(undefined));
  const supports = keep(new Memory<Support | undefined>(undefined));

  const takePivot = (series: CandleSeries, price: number, moment: Moment): void => {
    const at = series.length - 1 - values.pivotSide;
    const bar = moment.barNumber - values.pivotSide;
    const pivot = { bar, price, atMs: series.openTimeMs[at]! };
    const breakBy = values.lineTouchAtr * moment.averageTrueRange;
    let support = supportThrough(pivots.value, pivot, direction);
    for (let i = 1; i < values.pivotSide; i++)
      support &&= afterBar(support, series.candle(at + i), bar + i, breakBy);
    pivots.value = pivot;
    supports.value = support;
  };

  return {
    onBar(moment, series) {
      const { bar, barNumber, averageTrueRange } = moment;
      const extreme = turning.push(isLong ? bar.low : bar.high);
      if (!Number.isNaN(extreme)) takePivot(series, extreme, moment);
      const support = supports.value;
      if (support === undefined) return NO_LINE;
      const breakBy = values.lineTouchAtr * averageTrueRange;
      supports.value = afterBar(support, bar, barNumber, breakBy);
      return touched(support, moment, values);
    },
    spend() {
      supports.value = undefined;
    },
  };
}

/** The line, unless it slopes against the trade. */
function supportThrough(
  first: Pivot | undefined,
  second: Pivot,
  direction: Direction,
): Support | undefined {
  if (first === undefined) return undefined;
  const line = lineThrough(first, second);
  if (signOf(direction) * line.slope <= 0) return undefined;
  return { direction, first, second, line, swingEnd: second.price };
}

/** The line after a bar, or undefined when the bar closed through it. */
function afterBar(
  support: Support,
  bar: Candle,
  barNumber: number,
  breakBy: number,
): Support | undefined {
  const sign = signOf(support.direction);
  const linePrice = priceOn(support.line, barNumber);
  if (sign * (bar.close - linePrice) < -breakBy) return undefined;
  const best = support.direction === 'LONG' ? bar.high : bar.low;
  return sign * (best - support.swingEnd) > 0 ? { ...support, swingEnd: best } : support;
}

function touched(
  support: Support,
  { bar, barNumber, averageTrueRange }: Moment,
  { lineTouchAtr, levelTouchAtr }: Values,
): Touch | NoSetup {
  const { direction, second, swingEnd } = support;
  const reach = direction === 'LONG' ? bar.low : bar.high;
  const linePrice = priceOn(support.line, barNumber);
  if (!(Math.abs(reach - linePrice) <= lineTouchAtr * averageTrueRange)) return NOT_AT_LINE;
  if (!isTurnedAway(bar, linePrice, direction)) return NOT_REJECTED;
  const levels = RETRACEMENTS.map((share) => retracementOf(second.price, swingEnd, share));
  const within = levelTouchAtr * averageTrueRange;
  const level = levels.find((price) => Math.abs(reach - price) <= within);
  return level === undefined ? NOT_AT_LEVEL : { kind: 'TOUCH', support, linePrice, level };
}

/** Closed beyond the line, its own open and its own middle. */
function isTurnedAway(bar: Candle, linePrice: number, direction: Direction): boolean {
  const hurdle = [linePrice, bar.open, (bar.high + bar.low) / 2];
  return direction === 'LONG' ? bar.close > Math.max(...hurdle) : bar.close < Math.min(...hurdle);
}

function entry(
  { bar, averageTrueRange }: Moment,
  { support, linePrice, level }: Touch,
  values: Values,
  barMs: number,
): Opinion {
  const { direction, first, second, swingEnd } = support;
  const sign = signOf(direction);
  const { close, openTimeMs } = bar;
  const deepest = retracementOf(second.price, swingEnd, RETRACEMENTS[2]);
  const below = 1 - sign * (values.stopBeyondBps / 10_000);
  const beyond = Math.max(sign * (close - linePrice * below), sign * (close - deepest * below));
  const stop = close - sign * Math.max(beyond, smallestStopDistance(close, averageTrueRange));
  const target = targetAt(close, stop, values.rewardRisk);
  if (stop <= 0 || target === undefined) return BELOW_ZERO;
  const isLong = direction === 'LONG';
  const turn = isLong ? 'low' : 'high';
  return {
    kind: 'SIGNAL',
    strategyId: ID,
    direction,
    entry: close,
    stop,
    target,
    confidence: 0.85,
    riskBps: values.riskBps,
    expiresAfterMs: values.expiryBars * barMs,
    setupId: `tori:${direction}:${first.atMs}:${second.atMs}`,
    because: isLong
      ? 'Price fell back to a rising trend line and a Fibonacci level of its last swing, and closed up from both.'
      : 'Price rose back to a falling trend line and a Fibonacci level of its last swing, and closed down from both.',
    invalidation: isLong
      ? 'A close below the rising line through the last two lows.'
      : 'A close above the falling line through the last two highs.',
    evidence: [
      fact('pivot-first', `first ${turn} of the line`, first.price, 'price', first.atMs),
      fact('pivot-second', `second ${turn} of the line`, second.price, 'price', second.atMs),
      fact('line', 'the trend line at this bar', linePrice, 'price', openTimeMs),
      fact('swing-end', 'best price since the second turn', swingEnd, 'price', openTimeMs),
      fact('level', 'Fibonacci level of the swing', level, 'price', openTimeMs),
      fact('touch', 'price that reached back', isLong ? bar.low : bar.high, 'price', openTimeMs),
      fact('range', 'average true range of 14 bars', averageTrueRange, 'price', openTimeMs),
    ],
  };
}
