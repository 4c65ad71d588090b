import { type Candle, TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { strategyId } from '../../domain/ids.ts';
import type { Add, Direction, ExitSignal, NoSetup, Signal } from '../../domain/signal.ts';
import { Atr } from '../../market/indicators/atr.ts';
import { Mama } from '../../market/indicators/mama.ts';
import { evidenceBy, nothingBy } from '../opinions.ts';
import { defineStrategy, Memory } from '../strategy.ts';
import { signOf, smallestStopDistance } from '../trade-plan.ts';
import { DirectionalGate, gateWarmupBars } from './directional-gate.ts';
import {
  afterClose,
  afterSignal,
  crossedLevel,
  crossingName,
  type Grid,
  isSpent,
  layGrid,
  levelPrice,
} from './levels.ts';
import { conflict, PARAMETERS, type Values } from './parameters.ts';

const ID = strategyId('grid');
const TIMEFRAMES: readonly Timeframe[] = ['15m', '1h'];
const ATR_BARS = 14;
/** An add nearer than this share of a gap to the entry or to the stop is not worth its order. */
const ADD_ROOM = 0.2;

const nothing = nothingBy(ID);
const WARMING_UP = nothing('warming up');
const GATE_UNKNOWN = nothing('the trend of four hours is not known yet');
const NO_CROSSING = nothing('no level was crossed away from the centre');
const NOT_WANTED = nothing('this side is switched off');
const AGAINST_TREND = nothing('the trend of four hours is strong against it');
const SPENT = nothing('this level has signalled and price has not left it since');
const STOP_TOO_NEAR = nothing('the stop would be too near the entry');
const fact = evidenceBy(ID);

const warmupBars = (values: Values): number =>
  Math.max(...TIMEFRAMES.map((timeframe) => gateWarmupBars(values, TIMEFRAME_MS[timeframe])));

/** What was read from the bar that just closed. */
interface Moment {
  readonly bar: Candle;
  readonly range: number;
  readonly trend: number;
}

/**
 * GRID, the way back to the centre by levels: the centre is Ehlers' following adaptive average, frozen for
 * a number of bars together with levels a multiple of the average range apart. A close that crosses a
 * level below the centre downwards is bought, one above it upwards is sold, unless the trend of four hours
 * is strong the other way. The target lies two levels back (three when the trend is strong in favour), the
 * stop half as far on the other side, and levels that lie between entry and stop add to the position.
 *
 * A level that signalled is silent until price has left it by a whole level; a new generation of levels
 * begins afresh. Buying above the centre is left out, because that is no way back. So is quoting on all
 * levels at once: each signal is one entry that the kernel weighs, of which it lets through 5 an hour and
 * 20 a day, and nothing in the rule relies on getting more.
 */
export const grid = defineStrategy({
  id: ID,
  name: 'GRID levels around an adaptive average',
  rule:
    'When price falls through a level below its adaptive average, buy for the way back; when it rises ' +
    'through one above it, sell; never against a strong trend of four hours.',
  timeframes: TIMEFRAMES,
  parameters: PARAMETERS,
  conflict,
  warmupBars,
  start({ values, barMs, keep }) {
    const average = keep(new Mama());
    const averageRange = keep(new Atr(ATR_BARS));
    const gate = keep(new DirectionalGate(barMs, values));
    const bars = keep(new Memory(0));
    const previousClose = keep(new Memory(Number.NaN));
    const laid = keep(new Memory<Grid | null>(null));
    const generationMs = values.rebalanceBars * barMs;
    const warmup = warmupBars(values);

    const judge = (moment: Moment, levels: Grid): Signal | NoSetup => {
      const level = crossedLevel(levels, previousClose.value, moment.bar.close);
      if (level === undefined) return NO_CROSSING;
      const direction: Direction = level < 0 ? 'LONG' : 'SHORT';
      if (!isWanted(values, direction)) return NOT_WANTED;
      if (moment.trend === -2 * signOf(direction)) return AGAINST_TREND;
      if (isSpent(levels, level)) return SPENT;
      const signal = signalOf(values, levels, level, moment, barMs);
      if (signal === undefined) return STOP_TOO_NEAR;
      laid.value = afterSignal(levels, level);
      return signal;
    };

    /** Generations begin at multiples of their span since the epoch, whenever the run began. */
    const renew = ({ bar, range }: Moment, centre: number): void => {
      const { openTimeMs } = bar;
      const sinceMs = laid.value?.sinceMs ?? -Infinity;
      if (Math.floor(openTimeMs / generationMs) === Math.floor(sinceMs / generationMs)) return;
      laid.value = layGrid(values, centre, range, openTimeMs);
    };

    const opinionOn = (moment: Moment): Signal | NoSetup => {
      if (laid.value === null) return WARMING_UP;
      const levels = afterClose(laid.value, moment.bar.close);
      laid.value = levels;
      return Number.isNaN(moment.trend) ? GATE_UNKNOWN : judge(moment, levels);
    };

    return (bar) => {
      const { fama } = average.push(bar);
      const moment: Moment = { bar, range: averageRange.push(bar), trend: gate.push(bar) };
      bars.value++;
      const opinion = opinionOn(moment);
      previousClose.value = bar.close;
      if (!Number.isNaN(fama + moment.range)) renew(moment, fama);
      // A level that would have signalled during the warm-up is spent with it, and not late news.
      if (bars.value < warmup || opinion === WARMING_UP) return WARMING_UP;
      if (opinion.kind === 'SIGNAL') return opinion;
      return exitOf(values, moment) ?? opinion;
    };
  },
});

const isWanted = ({ direction }: Values, side: Direction): boolean =>
  direction === 'both' || direction === side.toLowerCase();

/** Said on every bar on which the trend is strong against a side, whoever may hold it by then. */
function exitOf(values: Values, { bar, trend }: Moment): ExitSignal | undefined {
  if (!values.trendClose || (trend !== 2 && trend !== -2)) return undefined;
  const side: Direction = trend === -2 ? 'LONG' : 'SHORT';
  if (!isWanted(values, side)) return undefined;
  return {
    kind: 'EXIT',
    strategyId: ID,
    direction: side,
    because:
      side === 'LONG'
        ? 'The trend of four hours is strong and falling, against which this rule holds no long.'
        : 'The trend of four hours is strong and rising, against which this rule holds no short.',
    evidence: [fact('trend', TREND_LABEL, trend, 'score', bar.openTimeMs)],
  };
}

const TREND_LABEL = 'state of the trend of four hours';

/** Undefined when the stop would lie nearer than spread and noise reach. */
function signalOf(
  values: Values,
  levels: Grid,
  level: number,
  { bar, range, trend }: Moment,
  barMs: number,
): Signal | undefined {
  const direction: Direction = level < 0 ? 'LONG' : 'SHORT';
  const sign = signOf(direction);
  const isStrong = trend === 2 * sign;
  const entry = bar.close;
  const target = levelPrice(
    levels,
    level + sign * (isStrong ? values.exitLevelsStrong : values.exitLevels),
  );
  const stop = entry - (target - entry) / values.rewardRisk;
  if (Math.abs(entry - stop) < smallestStopDistance(entry, range)) return undefined;
  const adds = addsBetween(values, levels, level, entry, stop);
  const isLong = direction === 'LONG';
  return {
    kind: 'SIGNAL',
    strategyId: ID,
    direction,
    entry,
    stop,
    target,
    confidence: isStrong ? 0.7 : 0.6,
    riskBps: values.riskBps,
    expiresAfterMs: values.expiryBars * barMs,
    management: {
      closeOnSignal: values.trendClose,
      ...(adds.length === 0 ? {} : { adds }),
    },
    setupId: `${ID}:${direction}:${crossingName(levels, level)}`,
    because: isLong
      ? 'Price has fallen through a level below its adaptive average.'
      : 'Price has risen through a level above its adaptive average.',
    invalidation: isLong
      ? 'A fall to the stop, or a strong falling trend of four hours.'
      : 'A rise to the stop, or a strong rising trend of four hours.',
    evidence: [
      fact(
        'level',
        `level ${level} of the grid`,
        levelPrice(levels, level),
        'price',
        levels.sinceMs,
      ),
      fact('centre', 'following adaptive average', levels.centre, 'price', levels.sinceMs),
      fact('gap', 'distance between two levels', 100 * levels.gap, '%', levels.sinceMs),
      fact('range', `average true range of ${ATR_BARS} bars`, range, 'price', bar.openTimeMs),
      fact('trend', TREND_LABEL, trend, 'score', bar.openTimeMs),
    ],
  };
}

/** The next levels away from the centre, as far as they leave room to the entry and to the stop. */
function addsBetween(
  { addsMax }: Values,
  levels: Grid,
  level: number,
  entry: number,
  stop: number,
): readonly Add[] {
  const sign = Math.sign(level);
  const room = ADD_ROOM * levels.gap * entry;
  return Array.from({ length: addsMax }, (_, i) => levelPrice(levels, level + sign * (i + 1)))
    .filter((price) => sign * (price - entry) >= room && sign * (stop - price) >= room)
    .map((price) => ({ price, ratio: 1 }));
}
