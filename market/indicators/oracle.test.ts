/**
 * The indicators beside an independent library, bar by bar on real prices. Its exponential averages begin
 * at the first value and ours at the mean of the first `period`: those are compared once the beginning no
 * longer counts. Its RSI of a market that has not moved is 100 and its %b without width 0.5, where ours
 * are 50 and NaN; no such bar is in the file.
 */
import {
  ATR,
  BollingerBands,
  BollingerBandsWidth,
  DonchianChannels,
  EMA,
  getCorrelation,
  KeltnerChannels,
  MACD,
  OBV,
  PercentB,
  RSI,
  SMA,
  StochasticOscillator,
  SuperTrend,
  VWAP,
  WMA,
  WSMA,
} from 'trading-signals';
import { expect, test } from 'vitest';

import { describeWithData } from '../../tests/support/data.ts';
import { readCandles } from '../candles/csv-candles.ts';
import { atrOf } from './atr.ts';
import { bollingerOf } from './bollinger.ts';
import { correlationOf } from './correlation.ts';
import { donchianOf } from './donchian.ts';
import { emaOf } from './ema.ts';
import { barAt, type Columns } from './indicator.ts';
import { keltnerOf } from './keltner.ts';
import { macdOf } from './macd.ts';
import { obvOf } from './obv.ts';
import { smaOf } from './sma.ts';
import { stochasticOf } from './stochastic.ts';
import { supertrendOf } from './supertrend.ts';
import { sessionVwapOf } from './vwap.ts';
import { wilderMeanOf } from './wilder-mean.ts';
import { rsiOf } from './wilder-rsi.ts';
import { wmaOf } from './wma.ts';

const BARS = 4_000;
/** After so many bars less than 1e-15 of where the slowest average here began is left in it. */
const SETTLED = 500;
const DIGITS = 1e-9;

interface Oracle<Input, Answer> {
  update(input: Input, replace: boolean): Answer | null;
}

describeWithData(
  'indicators agree with an independent library',
  ['btcusd-coinbase-4h-2016-2024.csv'],
  (path) => {
    const columns: Columns = (() => {
      const { high, low, close, volume } = readCandles(path!);
      const first = (column: Float64Array): Float64Array => column.slice(0, BARS);
      return { high: first(high), low: first(low), close: first(close), volume: first(volume) };
    })();
    const { close } = columns;
    const bars = Array.from(close, (_, i) => barAt(columns, i));

    /** Compares where the library has an answer, and wants ours to begin no later. */
    function expectSame<Input, Answer>(
      ours: Float64Array,
      oracle: Oracle<Input, Answer>,
      inputs: Iterable<Input>,
      read: (answer: Answer) => number,
      from = 0,
    ): void {
      let compared = 0;
      let worst = 0;
      let i = 0;
      for (const input of inputs) {
        const answer = oracle.update(input, false);
        if (answer !== null && i >= from) {
          const right = read(answer);
          compared++;
          worst = Math.max(worst, Math.abs(ours[i]! - right) / Math.max(1, Math.abs(right)));
        }
        i++;
      }
      expect(compared).toBeGreaterThan(BARS - SETTLED - 1);
      expect(worst).toBeLessThan(DIGITS);
    }

    const itself = (value: number): number => value;

    test('SMA, WMA and Wilder’s mean', () => {
      expectSame(smaOf(close, 20), new SMA(20), close, itself);
      expectSame(wmaOf(close, 20), new WMA(20), close, itself);
      expectSame(wilderMeanOf(close, 14), new WSMA(14), close, itself);
    });

    test('EMA and MACD once their beginning no longer counts', () => {
      expectSame(emaOf(close, 20), new EMA(20), close, itself, SETTLED);
      const { line, signal } = macdOf(close);
      const macd = (): MACD => new MACD(new EMA(12), new EMA(26), new EMA(9));
      expectSame(line, macd(), close, (answer) => answer.macd, SETTLED);
      expectSame(signal, macd(), close, (answer) => answer.signal, SETTLED);
    });

    test('RSI and ATR', () => {
      expectSame(rsiOf(close, 14), new RSI(14), close, itself);
      expectSame(atrOf(columns, 14), new ATR(14), bars, itself);
    });

    test('Bollinger bands, their width and the position in them', () => {
      const { middle, upper, lower, width, position } = bollingerOf(close, 20, 2);
      const bands = (): BollingerBands => new BollingerBands(20, 2);
      expectSame(middle, bands(), close, (answer) => answer.middle);
      expectSame(upper, bands(), close, (answer) => answer.upper);
      expectSame(lower, bands(), close, (answer) => answer.lower);
      expectSame(width, new BollingerBandsWidth(bands()), close, itself);
      expectSame(position, new PercentB({ interval: 20, deviationMultiplier: 2 }), close, itself);
    });

    test('stochastic', () => {
      const { k, d } = stochasticOf(columns);
      const lane = (): StochasticOscillator =>
        new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 });
      expectSame(k, lane(), bars, (answer) => answer.stochK);
      expectSame(d, lane(), bars, (answer) => answer.stochD);
    });

    test('OBV, and VWAP of one long session', () => {
      const ohlc = bars.map((bar) => ({ ...bar, open: bar.close }));
      expectSame(obvOf(columns), new OBV(2), ohlc, itself);
      expectSame(sessionVwapOf(columns, new Float64Array(BARS)), new VWAP(), bars, itself);
    });

    test('Donchian and Keltner channels', () => {
      const donchian = donchianOf(columns, 20);
      expectSame(donchian.upper, new DonchianChannels(20), bars, ({ upper }) => upper);
      expectSame(donchian.lower, new DonchianChannels(20), bars, ({ lower }) => lower);
      const keltner = keltnerOf(columns);
      expectSame(keltner.upper, new KeltnerChannels(), bars, ({ upper }) => upper, SETTLED);
      expectSame(keltner.lower, new KeltnerChannels(), bars, ({ lower }) => lower, SETTLED);
    });

    test('Supertrend from the first bar that leaves no doubt of the trend', () => {
      const { line, direction } = supertrendOf(columns);
      const known = direction.findIndex((value) => !Number.isNaN(value));
      expect(known).toBeLessThan(SETTLED);
      expectSame(line, new SuperTrend(), bars, ({ supertrend }) => supertrend, known);
      expect(new Set(direction.slice(known))).toEqual(new Set([1, -1]));
    });

    test('correlation of the changes of close and volume', () => {
      const changes = (column: Float64Array): Float64Array =>
        column.map((value, i) => (i === 0 ? 0 : Math.log(value / column[i - 1]!)));
      const first = changes(close);
      const second = changes(columns.volume);
      const ours = correlationOf(first, second, 30);
      for (let end = 29; end < BARS; end += 13) {
        const window = (column: Float64Array): number[] =>
          Array.from(column.subarray(end - 29, end + 1));
        expect(ours[end]).toBeCloseTo(getCorrelation(window(first), window(second)), 9);
      }
    });
  },
);
