import { TIMEFRAMES } from '../domain/candle.ts';
import { strategyId } from '../domain/ids.ts';
import type { Direction } from '../domain/signal.ts';
import { Atr } from '../market/indicators/atr.ts';
import { Sma } from '../market/indicators/sma.ts';
import { evidenceBy, nothingBy } from './opinions.ts';
import { decimal, integer } from './parameters.ts';
import { defineStrategy, Memory } from './strategy.ts';
import { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';

const ID = strategyId('sma-cross');
const nothing = nothingBy(ID);
const fact = evidenceBy(ID);

const ATR_BARS = 14;
/** By then less than a millionth of where Wilder's average began is left in it. */
const ATR_SETTLED_BARS = 14 * ATR_BARS;
const EXPIRY_BARS = 3;

const warmupBars = ({ slow }: { readonly slow: number }): number =>
  Math.max(slow + 1, ATR_SETTLED_BARS);

/** The teaching example: read it from top to bottom, then copy it with `plimsoll new-strategy`. */
export const smaCross = defineStrategy({
  id: ID,
  name: 'SMA cross',
  rule:
    'When the average of the newest closes crosses the average of many more, trade in the direction ' +
    'it crossed, with the stop a few average ranges away.',
  timeframes: TIMEFRAMES,
  parameters: {
    fast: integer({
      default: 20,
      min: 2,
      max: 200,
      unit: 'bars',
      says: 'Closes in the fast average.',
    }),
    slow: integer({
      default: 50,
      min: 3,
      max: 400,
      unit: 'bars',
      says: 'Closes in the slow average.',
    }),
    stop: decimal({
      default: 2,
      min: 0.5,
      max: 10,
      step: 0.25,
      unit: 'ATR',
      says: 'Distance of the stop in average true ranges of 14 bars.',
    }),
    rewardRisk: decimal({
      default: 2,
      min: 1.5,
      max: 10,
      step: 0.25,
      unit: 'times',
      says: 'Distance of the target in distances of the stop.',
    }),
  },
  conflict: ({ fast, slow }) =>
    fast < slow ? undefined : `fast ${fast} must be less than slow ${slow}`,
  warmupBars,

  start({ values, barMs, keep }) {
    const fastAverage = keep(new Sma(values.fast));
    const slowAverage = keep(new Sma(values.slow));
    const averageRange = keep(new Atr(ATR_BARS));
    // Where the fast average was last seen: above (LONG) or below (SHORT) the slow one.
    const side = keep(new Memory<Direction | null>(null));

    return (bar, series) => {
      // Every indicator hears of every bar, whatever is said about it.
      const fast = fastAverage.push(bar.close);
      const slow = slowAverage.push(bar.close);
      const range = averageRange.push(bar);
      const before = side.value;
      // Averages that only touch have not crossed; a NaN of the warm-up compares as neither.
      const direction = fast > slow ? 'LONG' : fast < slow ? 'SHORT' : before;
      side.value = direction;

      if (series.length < warmupBars(values)) return nothing('warming up');
      if (direction === null || before === null || direction === before)
        return nothing('the averages have not crossed');

      const sign = signOf(direction);
      const entry = bar.close;
      const distance = Math.max(values.stop * range, smallestStopDistance(entry, range));
      const stop = entry - sign * distance;
      const target = targetAt(entry, stop, values.rewardRisk);
      if (stop <= 0 || target === undefined) return nothing('a level would be below zero');

      const [crossed, back] = direction === 'LONG' ? ['above', 'below'] : ['below', 'above'];
      return {
        kind: 'SIGNAL',
        strategyId: ID,
        direction,
        entry,
        stop,
        target,
        confidence: 0.6,
        riskBps: 100,
        expiresAfterMs: EXPIRY_BARS * barMs,
        setupId: `${ID}:${direction}:${bar.openTimeMs}`,
        because: `The fast average of closes has crossed ${crossed} the slow one.`,
        invalidation: `The fast average crosses back ${back} the slow one.`,
        evidence: [
          fact('fast', `SMA(${values.fast})`, fast, 'price', bar.openTimeMs),
          fact('slow', `SMA(${values.slow})`, slow, 'price', bar.openTimeMs),
          fact('range', `average true range of ${ATR_BARS} bars`, range, 'price', bar.openTimeMs),
        ],
      };
    };
  },
});
