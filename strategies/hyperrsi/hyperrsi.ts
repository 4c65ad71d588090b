import type { Candle, Timeframe } from '../../domain/candle.ts';
import { strategyId } from '../../domain/ids.ts';
import type { Direction, ExitSignal, NoSetup, Opinion, Signal } from '../../domain/signal.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { Atr } from '../../market/indicators/atr.ts';
import { TrendState, trendStateWarmupBars } from '../../market/indicators/trend-state.ts';
import { WilderRsi } from '../../market/indicators/wilder-rsi.ts';
import { evidenceBy, nothingBy } from '../opinions.ts';
import { defineStrategy, Memory } from '../strategy.ts';
import { signOf, smallestStopDistance } from '../trade-plan.ts';
import { conflict, PARAMETERS, type Values } from './parameters.ts';
import { planOf } from './plan.ts';
import { type Depths, NEVER, TRIGGERS, type Visit, visitAfter } from './zone-visit.ts';

const ID = strategyId('hyperrsi');
const TIMEFRAMES: readonly Timeframe[] = ['1m', '5m', '15m'];
const ATR_BARS = 14;
/** By then less than a thousandth of where Wilder's means began is left in them. */
const SETTLED_PERIODS = 7;
const MINUTE_MS = 60_000;

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const TREND_UNKNOWN = nothing('the trend on the higher timeframes is not known yet');
const NO_TRIGGER = nothing('the relative strength index has not reached its trigger');
const SIGNALLED = nothing('this visit to the zone has already signalled');
const COOLING_DOWN = nothing('the cooldown after the last signal of this side is not over');
const AGAINST_TREND = nothing('the trend on the higher timeframes stands fully against it');
const STOP_IN_NOISE = nothing('the stop would lie within the noise of the market');
const fact = evidenceBy(ID);

const readsTrend = ({ trendFilter, trendClose }: Values): boolean => trendFilter || trendClose;

const warmupBars = (values: Values): number =>
  Math.max(
    SETTLED_PERIODS * values.rsiBars,
    SETTLED_PERIODS * ATR_BARS,
    ...(readsTrend(values)
      ? TIMEFRAMES.map((timeframe) => trendStateWarmupBars(timeframe, values.bandPivots))
      : []),
  );

/** What was read from the bar that just closed. */
interface Moment {
  readonly bar: Candle;
  readonly rsi: number;
  readonly previousRsi: number;
  readonly previousTimeMs: number;
  readonly range: number;
  /** −2 to 2; 0 where nobody asks for it. */
  readonly trend: number;
}

/**
 * HYPERRSI, a return from an extreme: longs where the relative strength index is oversold, shorts where
 * it is overbought, unless the trend on higher timeframes stands fully against them. One visit to the
 * zone signals once. The stop is compulsory, and with its default of 1.5 % the targets of 2, 3 and 4 %
 * are worth 2.07 times the risk, each weighed by what it takes off as the kernel does: enough above the
 * kernel's 1.5 that the price may move a little before the entry. For the same reason the ladder of adds
 * is planned with the entry and ends before the stop, instead of following the price down without end.
 *
 * Left out: the hedge on the other side of the same instrument, because an instrument has one direction
 * in this house; and leverage, which is not a strategy's business.
 */
export const hyperrsi = defineStrategy({
  id: ID,
  name: 'HYPERRSI return from an extreme',
  rule:
    'When the relative strength index falls into its oversold zone, buy unless the higher timeframes ' +
    'fall with force; when it rises into its overbought zone, sell unless they rise with force.',
  timeframes: TIMEFRAMES,
  parameters: PARAMETERS,
  conflict,
  warmupBars,
  start({ values, timeframe, barMs, keep }) {
    const strength = keep(new WilderRsi(values.rsiBars));
    const averageRange = keep(new Atr(ATR_BARS));
    const trendState = readsTrend(values)
      ? keep(new TrendState(timeframe, values.bandPivots))
      : undefined;
    const bars = keep(new Memory(0));
    const previous = keep(new Memory(Number.NaN));
    const before = keep(new Memory(Number.NaN));
    const visits = {
      LONG: keep(new Memory(NEVER)),
      SHORT: keep(new Memory(NEVER)),
    };
    const triggered = TRIGGERS[values.entry]!;
    const warmup = warmupBars(values);

    const depthsOf = (direction: Direction, rsi: number): Depths => {
      const depth = (value: number): number =>
        direction === 'LONG' ? values.oversold - value : value - values.overbought;
      return { now: depth(rsi), previous: depth(previous.value), before: depth(before.value) };
    };

    const judge = (direction: Direction, depths: Depths, moment: Moment): Signal | NoSetup => {
      const visit = visits[direction].value;
      const { bar, trend, range } = moment;
      if (!triggered(depths)) return NO_TRIGGER;
      if (visit.hasSignalled) return SIGNALLED;
      if (bar.openTimeMs - visit.lastSignalMs < values.cooldownMinutes * MINUTE_MS)
        return COOLING_DOWN;
      if (values.trendFilter && trend === -2 * signOf(direction)) return AGAINST_TREND;
      if ((values.stopPct / 100) * bar.close < smallestStopDistance(bar.close, range))
        return STOP_IN_NOISE;
      visits[direction].value = { ...visit, hasSignalled: true, lastSignalMs: bar.openTimeMs };
      return signalOf(values, direction, visit, moment, barMs);
    };

    const opinionOn = (bar: Candle, series: CandleSeries): Opinion => {
      const moment: Moment = {
        bar,
        rsi: strength.push(bar.close),
        previousRsi: previous.value,
        previousTimeMs: series.openTimeMs[series.length - 2] ?? Number.NaN,
        range: averageRange.push(bar),
        trend: trendState === undefined ? 0 : trendState.push(bar),
      };
      const long = depthsOf('LONG', moment.rsi);
      const short = depthsOf('SHORT', moment.rsi);
      visits.LONG.value = visitAfter(visits.LONG.value, long, bar.openTimeMs);
      visits.SHORT.value = visitAfter(visits.SHORT.value, short, bar.openTimeMs);
      before.value = previous.value;
      previous.value = moment.rsi;
      if (Number.isNaN(moment.trend)) return TREND_UNKNOWN;

      const buying = values.direction === 'short' ? NO_TRIGGER : judge('LONG', long, moment);
      if (buying.kind === 'SIGNAL') return buying;
      const selling = values.direction === 'long' ? NO_TRIGGER : judge('SHORT', short, moment);
      if (selling.kind === 'SIGNAL') return selling;
      const exit = values.trendClose ? exitOf(values, moment) : undefined;
      return exit ?? (buying === NO_TRIGGER ? selling : buying);
    };

    return (bar, series) => {
      const opinion = opinionOn(bar, series);
      bars.value++;
      // A visit that would have signalled during the warm-up is spent with it, and not late news.
      return bars.value < warmup ? WARMING_UP : opinion;
    };
  },
});

/** Said on every bar on which the trend stands fully against a side, whoever may hold it by then. */
function exitOf({ direction }: Values, { bar, trend }: Moment): ExitSignal | undefined {
  if (trend !== 2 && trend !== -2) return undefined;
  const side: Direction = trend === -2 ? 'LONG' : 'SHORT';
  if (direction !== 'both' && direction !== side.toLowerCase()) return undefined;
  return {
    kind: 'EXIT',
    strategyId: ID,
    direction: side,
    because:
      side === 'LONG'
        ? 'The higher timeframes fall with force, against which this rule holds no long.'
        : 'The higher timeframes rise with force, against which this rule holds no short.',
    evidence: [trendFact(trend, bar)],
  };
}

function signalOf(
  values: Values,
  direction: Direction,
  visit: Visit,
  { bar, rsi, previousRsi, previousTimeMs, range, trend }: Moment,
  barMs: number,
): Signal {
  const isLong = direction === 'LONG';
  const zone = isLong ? 'oversold' : 'overbought';
  return {
    kind: 'SIGNAL',
    strategyId: ID,
    direction,
    entry: bar.close,
    ...planOf(values, direction, bar.close),
    confidence: trend === 2 * signOf(direction) ? 0.7 : 0.6,
    riskBps: values.riskBps,
    expiresAfterMs: values.expiryBars * barMs,
    setupId: `${ID}:${direction}:${visit.sinceMs}`,
    because: `The relative strength index ${DEEDS[values.entry]!} the ${zone} zone.`,
    invalidation: isLong
      ? 'A fall to the stop, or higher timeframes that fall with force.'
      : 'A rise to the stop, or higher timeframes that rise with force.',
    evidence: [
      fact('rsi', `RSI(${values.rsiBars})`, rsi, 'score', bar.openTimeMs),
      fact('rsi-before', 'the same one bar earlier', previousRsi, 'score', previousTimeMs),
      fact('zone', `edge of the ${zone} zone`, values[zone], 'score', visit.sinceMs),
      fact('range', `average true range of ${ATR_BARS} bars`, range, 'price', bar.openTimeMs),
      ...(readsTrend(values) ? [trendFact(trend, bar)] : []),
    ],
  };
}

const DEEDS: Readonly<Record<string, string>> = {
  breakout: 'has entered',
  inflection: 'has turned back inside',
  'inflection-breakout': 'has left',
  excess: 'lies in',
};

const trendFact = (trend: number, bar: Candle) =>
  fact('trend', 'state of the trend on the higher timeframes', trend, 'score', bar.openTimeMs);
