import type { Candle } from '../../../domain/candle.ts';
import { gaussian, type Random } from '../../../domain/random.ts';
import { nextRegime, type Regime, regimeBars } from './regimes.ts';
import { ClusteredVolatility } from './volatility.ts';

export const TICKS_PER_BAR = 60;

export interface SyntheticBar {
  readonly regime: Regime['name'];
  /** The prints, in order; the candle is exactly their aggregate. */
  readonly prices: readonly number[];
  readonly candle: Candle;
}

export interface SyntheticMarket {
  readonly random: Random;
  readonly firstOpenMs: number;
  readonly spanMs: number;
  readonly startPrice: number;
  /** Standard deviation of one ordinary bar's return, as a fraction. */
  readonly sigma: number;
  /** Volume of one ordinary bar, in base units. */
  readonly barVolume: number;
  /** Brings a price onto the instrument's tick. */
  readonly toTick: (price: number) => number;
}

/**
 * A market without end: regimes follow one another and volatility clusters. It ignores order flow,
 * spread, sessions and news, and nobody's trading moves it.
 */
export function* syntheticBars(market: SyntheticMarket): Generator<SyntheticBar, never> {
  const { random, startPrice, sigma } = market;
  const volatility = new ClusteredVolatility();
  let price = startPrice;
  for (let openTimeMs = market.firstOpenMs; ;) {
    const regime = nextRegime(random, price / startPrice - 1);
    const bars = regimeBars(random, regime);
    if (regime.openingGapSigmas > 0) {
      const direction = random.next() < 0.5 ? -1 : 1;
      price *= 1 + direction * regime.openingGapSigmas * sigma;
    }
    const centre = price;
    for (let bar = 0; bar < bars; bar++, openTimeMs += market.spanMs) {
      const loudness = regime.volatility * volatility.multiple;
      const prices: number[] = [];
      let shock = 0;
      for (let tick = 0; tick < TICKS_PER_BAR; tick++) {
        const noise = gaussian(random) / Math.sqrt(TICKS_PER_BAR);
        const pull = (regime.pullPerBar * (centre / price - 1)) / TICKS_PER_BAR;
        const drift = (regime.driftSigmasPerBar * sigma) / TICKS_PER_BAR;
        price *= 1 + drift + pull + loudness * sigma * noise;
        shock += noise;
        prices.push(market.toTick(price));
      }
      volatility.absorb(shock);
      const activity = loudness * (0.6 + Math.abs(shock)) * (0.5 + random.next());
      const candle = aggregate(openTimeMs, prices, market.barVolume * activity);
      yield { regime: regime.name, prices, candle };
    }
  }
}

function aggregate(openTimeMs: number, prices: readonly number[], volume: number): Candle {
  return {
    openTimeMs,
    open: prices[0]!,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices[prices.length - 1]!,
    volume: Math.round(volume * 10_000) / 10_000,
  };
}
