/** What an author of strategies imports as 'plimsoll'. */
export { type Candle, type Timeframe, TIMEFRAME_MS, TIMEFRAMES } from '../domain/candle.ts';
export { strategyId } from '../domain/ids.ts';
export type {
  Direction,
  Evidence,
  ExitSignal,
  NoSetup,
  Opinion,
  Signal,
  SignalManagement,
} from '../domain/signal.ts';
export { Resampler } from '../market/candles/resample.ts';
export type { CandleSeries } from '../market/candles/series.ts';
export { Adx } from '../market/indicators/adx.ts';
export { Atr } from '../market/indicators/atr.ts';
export { Bollinger } from '../market/indicators/bollinger.ts';
export { ConfirmedPivot } from '../market/indicators/confirmed-pivot.ts';
export { Correlation } from '../market/indicators/correlation.ts';
export { Donchian } from '../market/indicators/donchian.ts';
export { Ema } from '../market/indicators/ema.ts';
export { RETRACEMENTS, retracementOf } from '../market/indicators/fibonacci.ts';
export { Jma } from '../market/indicators/jma.ts';
export { Keltner } from '../market/indicators/keltner.ts';
export { Macd } from '../market/indicators/macd.ts';
export { Obv } from '../market/indicators/obv.ts';
export { Sma } from '../market/indicators/sma.ts';
export { Stochastic } from '../market/indicators/stochastic.ts';
export { Supertrend } from '../market/indicators/supertrend.ts';
export { TrendState } from '../market/indicators/trend-state.ts';
export { VolumeProfile } from '../market/indicators/volume-profile.ts';
export { RollingVwap, SessionVwap } from '../market/indicators/vwap.ts';
export { WilderMean } from '../market/indicators/wilder-mean.ts';
export { WilderRsi } from '../market/indicators/wilder-rsi.ts';
export { Wma } from '../market/indicators/wma.ts';
export { checkSignals } from './authoring/check-signals.ts';
export { checkedStrategy, StrategyFault } from './authoring/checked-strategy.ts';
export { lookahead, type LookaheadReport } from './authoring/lookahead.ts';
export { opinionsOn, signalsAmong } from './authoring/opinions-on.ts';
export { syntheticCandles } from './authoring/synthetic-candles.ts';
export { warmup, type WarmupReport } from './authoring/warmup.ts';
export { evidenceBy, nothingBy } from './opinions.ts';
export { choice, decimal, integer, type Parameters, toggle } from './parameters.ts';
export {
  type Beginning,
  defineStrategy,
  type Keepable,
  LOOK_BACK_BARS_MAX,
  Memory,
  type OnBar,
  type Strategy,
  type StrategyRun,
  type StrategySpec,
} from './strategy.ts';
export { signOf, smallestStopDistance, targetAt } from './trade-plan.ts';
