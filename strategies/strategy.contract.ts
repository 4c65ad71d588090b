/** What every strategy owes its callers; each strategy's own test calls this. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Candle, TIMEFRAME_MS, type Timeframe, TIMEFRAMES } from '../domain/candle.ts';
import type { Evidence, ExitSignal, Opinion, Signal } from '../domain/signal.ts';
import { readCandles } from '../market/candles/csv-candles.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { timeframeOf } from '../market/candles/timeframe.ts';
import { describeWithData } from '../tests/support/data.ts';
import { LOOK_BACK_BARS_MAX, type Strategy } from './strategy.ts';

/** What the kernel wants at least; most rules want more of themselves. */
const REWARD_RISK_MIN = 1.5 * (1 - 1e-9);

const DATA_FILES = [
  'btcusd-bitfinex-1m-2018.csv.gz',
  'btcusd-bitfinex-1m-2019.csv.gz',
  'ethusd-bitfinex-1m-2019.csv.gz',
  'btcusd-coinbase-4h-2016-2024.csv',
  'ethusd-coinbase-1d-2016-2024.csv',
  'goog-1d-2004-2013.csv',
  'eurusd-1h-2017-2018.csv',
  'xauusd-1h-2012-2022.csv.gz',
  'aapl-1d-2018-2024.csv',
  'googl-1d-2018-2024.csv',
  'amzn-1d-2018-2024.csv',
  'pltr-1d-2020-2024.csv',
  'spy-1d-1998-2021.csv',
];

/**
 * A series that ends at `length` while its columns run on into the future: a strategy that reads
 * beyond the last closed bar finds something there.
 */
function endingAt(series: CandleSeries, length: number): CandleSeries {
  return {
    length,
    openTimeMs: series.openTimeMs,
    open: series.open,
    high: series.high,
    low: series.low,
    close: series.close,
    volume: series.volume,
    candle: (index) => series.candle(index),
  };
}

/** The opinions on each bar in turn, with the bars to come in plain sight. */
export function opinionsOn(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
): readonly Opinion[] {
  const run = strategy.start(timeframe);
  return Array.from({ length: series.length }, (_, i) => run.onBar(endingAt(series, i + 1)));
}

export const signalsAmong = (opinions: readonly Opinion[]): readonly Signal[] =>
  opinions.filter((opinion) => opinion.kind === 'SIGNAL');

export function countSides(opinions: readonly Opinion[]): {
  readonly long: number;
  readonly short: number;
} {
  const signals = signalsAmong(opinions);
  const long = signals.filter(({ direction }) => direction === 'LONG').length;
  return { long, short: signals.length - long };
}

export function strategyContract(strategy: Strategy): void {
  describe(`${strategy.id} keeps the strategy contract`, () => {
    test('its signals are sound on a synthetic market', () => {
      fc.assert(
        fc.property(fc.nat(100_000), (seed) => {
          const { history } = syntheticFeed({ seed });
          checkSignals(strategy, GrowableSeries.of(history), '5m');
        }),
        { numRuns: 25 },
      );
    });

    test('the future never changes an opinion', () => {
      fc.assert(
        fc.property(fc.nat(100_000), (seed) => {
          const { history } = syntheticFeed({ seed });
          const run = strategy.start('5m');
          const growing = new GrowableSeries();
          const withoutFuture = history.map((bar) => {
            growing.append(bar);
            return run.onBar(growing);
          });
          const withFuture = opinionsOn(strategy, GrowableSeries.of(history), '5m');
          expect(withFuture).toEqual(withoutFuture);
        }),
        { numRuns: 40 },
      );
    });

    test('two runs share no memory', () => {
      const series = GrowableSeries.of(syntheticFeed().history);
      const one = strategy.start('5m');
      const other = strategy.start('5m');
      for (let length = 1; length <= series.length; length++) {
        expect(one.onBar(endingAt(series, length))).toEqual(other.onBar(endingAt(series, length)));
      }
    });

    test('a run saved after any bar and taken up again has the same opinions from there on', () => {
      fc.assert(
        fc.property(fc.nat(100_000), fc.nat(), (seed, cut) => {
          const { history } = syntheticFeed({ seed });
          const until = cut % history.length;
          const series = GrowableSeries.of(history);
          const original = strategy.start('5m');
          for (let length = 1; length <= until; length++) original.onBar(endingAt(series, length));
          const saved = original.save();
          const kept = structuredClone(saved);
          const again = strategy.start('5m');
          again.load(saved);
          for (let length = until + 1; length <= series.length; length++) {
            const bar = endingAt(series, length);
            expect(again.onBar(bar)).toEqual(original.onBar(bar));
          }
          expect(again.save()).toEqual(original.save());
          expect(saved).toEqual(kept);
        }),
        { numRuns: 20 },
      );
    });

    test('bars older than it may look back change nothing', () => {
      const candles = [...manyBars()];
      const forgetful = new GrowableSeries();
      const [one, other] = [strategy.start('5m'), strategy.start('5m')];
      const whole = GrowableSeries.of(candles);
      candles.forEach((candle, index) => {
        forgetful.append(candle);
        forgetful.keepNewest(LOOK_BACK_BARS_MAX);
        expect(other.onBar(forgetful)).toEqual(one.onBar(endingAt(whole, index + 1)));
      });
    });

    test('it calls itself by its own id', () => {
      const opinions = opinionsOn(strategy, GrowableSeries.of(syntheticFeed().history), '5m');
      expect(new Set(opinions.map(({ strategyId }) => strategyId))).toEqual(new Set([strategy.id]));
    });
  });

  const fitting = DATA_FILES.filter((name) => strategy.timeframes.includes(timeframeOfFile(name)));
  describeWithData(`${strategy.id} on real markets`, fitting, (...paths) => {
    const all = { long: 0, short: 0 };
    test.each(fitting.map((name, index) => [name, paths[index]!] as const))(
      'gives sound signals on %s',
      { timeout: 120_000 },
      (_, path) => {
        const series = readCandles(path);
        const { long, short } = countSides(checkSignals(strategy, series, timeframeOf(series)));
        all.long += long;
        all.short += short;
        expect(long + short).toBeGreaterThan(0);
      },
    );

    test('fires long and short over all of them', () => {
      expect(all.long).toBeGreaterThan(0);
      expect(all.short).toBeGreaterThan(0);
    });
  });
}

/** The timeframe of a shared file, which its name tells. */
const timeframeOfFile = (name: string): Timeframe => {
  const told = TIMEFRAMES.find((timeframe) => name.includes(`-${timeframe}-`));
  if (told === undefined) throw new Error(`${name} tells no timeframe`);
  return told;
};

/** Synthetic markets one after another, long enough that the first bars are forgotten. */
function* manyBars(): Generator<Candle> {
  let bars = 0;
  for (let seed = 1; bars < LOOK_BACK_BARS_MAX + 600; seed++) {
    for (const candle of syntheticFeed({ seed }).history)
      yield { ...candle, openTimeMs: bars++ * TIMEFRAME_MS['5m'] };
  }
}

/** Runs the strategy over the series and throws at the first signal that breaks a promise. */
function checkSignals(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
): readonly Opinion[] {
  const seen = new Set<string>();
  const opinions = opinionsOn(strategy, series, timeframe);
  opinions.forEach((opinion, index) => {
    if (opinion.kind === 'NO_SETUP') {
      if (opinion.because === '') throw new Error(`bar ${index}: no reason is given`);
      return;
    }
    const fault = opinionFault(opinion, series.candle(index), seen);
    if (fault !== undefined) throw new Error(`bar ${index}: ${fault}: ${JSON.stringify(opinion)}`);
    if (index + 1 < strategy.warmupBars) throw new Error(`bar ${index}: a signal during warm-up`);
  });
  return opinions;
}

const opinionFault = (
  opinion: Signal | ExitSignal,
  bar: Candle,
  seen: Set<string>,
): string | undefined =>
  opinion.kind === 'EXIT'
    ? evidenceFault(opinion.evidence, bar)
    : (levelsFault(opinion, bar) ??
      managementFault(opinion) ??
      evidenceFault(opinion.evidence, bar) ??
      setupFault(opinion, seen));

function levelsFault(signal: Signal, bar: Candle): string | undefined {
  const { entry, stop, target, confidence, riskBps, expiresAfterMs } = signal;
  const sign = signal.direction === 'LONG' ? 1 : -1;
  if (![entry, stop, target].every(Number.isFinite)) return 'a number is not finite';
  if (!(stop > 0 && target > 0)) return 'a level is not positive';
  if (entry !== bar.close) return 'the entry is not the close of the bar';
  if (!(sign * (entry - stop) > 0)) return 'the stop is not on the losing side';
  if (!(sign * (target - entry) > 0)) return 'the target is not on the winning side';
  if (Math.abs(entry - stop) < 0.002 * entry * (1 - 1e-9)) return 'the stop is too near the entry';
  if (Math.abs(target - entry) < REWARD_RISK_MIN * Math.abs(entry - stop))
    return 'the reward is under one and a half times the risk';
  if (!(confidence > 0 && confidence <= 1)) return 'the confidence is no share';
  if (!(riskBps > 0 && riskBps <= 200)) return 'the risk is more than the kernel allows';
  if (!(expiresAfterMs > 0)) return 'it expires before it is made';
  return undefined;
}

/** Every level lies where the position can reach it, nearest first. */
function managementFault(signal: Signal): string | undefined {
  const { entry, stop, target, management = {} } = signal;
  const { partialTargets = [], adds = [] } = management;
  const rising = signal.direction === 'LONG';
  const outward = partialTargets.map(({ price }) => price);
  if (!isOrdered([entry, ...outward, target], rising)) return 'a partial target is out of order';
  const inward = adds.map(({ price }) => price);
  if (!isOrdered([entry, ...inward, stop], !rising)) return 'an add is out of order';
  const shares = partialTargets.map(({ share }) => share);
  if (shares.some((share) => !(share > 0)) || shares.reduce((sum, share) => sum + share, 0) >= 1)
    return 'the shares of the partial targets leave nothing';
  if (adds.some(({ ratio }) => !(ratio > 0))) return 'an add has no size';
  return undefined;
}

const isOrdered = (prices: readonly number[], rising: boolean): boolean =>
  prices.every((price, index) => {
    const before = prices[index - 1];
    return before === undefined || (rising ? price > before : price < before);
  });

function evidenceFault(evidence: readonly Evidence[], bar: Candle): string | undefined {
  if (evidence.length === 0) return 'there is no evidence';
  if (!evidence.every(({ value }) => Number.isFinite(value))) return 'evidence is not finite';
  if (new Set(evidence.map(({ id }) => id)).size !== evidence.length) return 'evidence ids repeat';
  if (evidence.some(({ barTimeMs }) => barTimeMs > bar.openTimeMs))
    return 'evidence is from the future';
  return undefined;
}

function setupFault({ setupId }: Signal, seen: Set<string>): string | undefined {
  if (seen.has(setupId)) return 'the set-up has signalled before';
  seen.add(setupId);
  return undefined;
}
