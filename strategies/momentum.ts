// Source: T. J. Moskowitz, Y. H. Ooi, L. H. Pedersen, Time Series Momentum, Journal of Financial Economics 104 (2012).
import { strategyId } from '../domain/ids.ts';
import type { Direction } from '../domain/signal.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer } from './parameters.ts';
import { defineStrategy, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';

const ID = strategyId('momentum');
const nothing = nothingBy(ID);
const fact = evidenceBy(ID);

const EXPIRY_BARS = 2;
/** The first change needs a close before it, and a turn is believed one bar after it. */
const BARS_BESIDE_LOOKBACK = 3;

interface Spans {
  readonly lookback: number;
  readonly volatility: number;
}

const warmupBars = ({ lookback, volatility }: Spans): number =>
  Math.max(lookback, volatility) + BARS_BESIDE_LOOKBACK;

interface Side {
  readonly direction: Direction;
  /** The bar on which the return took this sign; null where it had it before anybody looked. */
  readonly sinceMs: number | null;
}

/**
 * Time-series momentum: a market's own past return, not its rank among others, tells the side. A turn
 * of the sign first ends what was held; one bar later, if the sign has stayed, the other side is
 * signalled. Where the paper scales the position by volatility we scale the stop, because the size
 * follows from the stop and is not the strategy's to choose.
 */
export const momentum = defineStrategy({
  id: ID,
  name: 'Time-series momentum',
  rule:
    'Be long while price is higher than a look-back ago and short while it is lower: leave when the ' +
    'sign of that return turns, and take the other side once the turn has lasted a bar.',
  // The paper finds the effect over one to twelve months; on shorter bars nobody has shown it to us.
  timeframes: ['4h', '1d'],
  parameters: {
    lookback: integer({
      default: 252,
      min: 5,
      max: 1_000,
      unit: 'bars',
      says: 'How long ago the price is that today’s is compared with; 252 daily bars are a year of sessions.',
    }),
    volatility: integer({
      default: 60,
      min: 10,
      max: 500,
      unit: 'bars',
      says: 'Bars whose changes measure how much price usually moves in one.',
    }),
    stop: decimal({
      default: 4,
      min: 1,
      max: 20,
      step: 0.5,
      unit: 'times',
      says: 'Distance of the stop in usual moves of one bar.',
    }),
    rewardRisk: decimal({
      default: 3,
      min: 1.5,
      max: 20,
      step: 0.5,
      unit: 'times',
      says: 'Distance of the target in distances of the stop; far away, because the turn is the exit.',
    }),
  },
  warmupBars,

  start({ values, barMs, keep }) {
    const memory = keep(new Memory<Side | null>(null));

    return (bar, series) => {
      if (series.length <= values.lookback) return nothing('warming up');
      const past = series.close[series.length - 1 - values.lookback]!;
      const before = memory.value;
      const side = sideAfter(before, bar.close - past, bar.openTimeMs);
      memory.value = side;
      if (series.length < warmupBars(values)) return nothing('warming up');

      const change = 100 * (bar.close / past - 1);
      const label = `change over ${values.lookback} bars`;
      const returned = fact('return', label, change, '%', bar.openTimeMs);
      if (before !== null && side !== null && before.direction !== side.direction) {
        return {
          kind: 'EXIT',
          strategyId: ID,
          direction: before.direction,
          because: 'The sign of the look-back return has turned.',
          evidence: [returned],
        };
      }
      const hasJustTurned = side?.sinceMs === series.openTimeMs[series.length - 2];
      if (side === null || !hasJustTurned) return nothing('the return has kept its sign');
      if (change === 0) return nothing('the turn has not lasted');

      const { direction } = side;
      const volatility = volatilityOf(series, values.volatility);
      const usualMove = volatility * bar.close;
      const distance = Math.max(
        values.stop * usualMove,
        smallestStopDistance(bar.close, usualMove),
      );
      const stop = bar.close - signOf(direction) * distance;
      const target = targetAt(bar.close, stop, values.rewardRisk);
      if (stop <= 0 || target === undefined) return nothing('a level would be below zero');

      const moved = direction === 'LONG' ? 'risen' : 'fallen';
      return {
        kind: 'SIGNAL',
        strategyId: ID,
        direction,
        entry: bar.close,
        stop,
        target,
        confidence: 0.6,
        riskBps: 100,
        expiresAfterMs: EXPIRY_BARS * barMs,
        management: { closeOnSignal: true },
        setupId: `${ID}:${direction}:${side.sinceMs}`,
        because: `Price has ${moved} over the look-back, and the turn has lasted a bar.`,
        invalidation: 'The sign of the look-back return turns back.',
        evidence: [
          returned,
          fact(
            'volatility',
            `usual move of one bar, over ${values.volatility} bars`,
            100 * volatility,
            '%',
            bar.openTimeMs,
          ),
        ],
      };
    };
  },
});

/** A price that is exactly where it was has taken neither side. */
function sideAfter(before: Side | null, change: number, nowMs: number): Side | null {
  if (change === 0) return before;
  const direction = change > 0 ? 'LONG' : 'SHORT';
  if (before?.direction === direction) return before;
  return { direction, sinceMs: before === null ? null : nowMs };
}

/** Root mean square of the newest changes from close to close, as a share of price. */
function volatilityOf({ close, length }: CandleSeries, bars: number): number {
  let squares = 0;
  for (let index = length - bars; index < length; index++)
    squares += (close[index]! / close[index - 1]! - 1) ** 2;
  return Math.sqrt(squares / bars);
}
