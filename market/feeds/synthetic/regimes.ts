import type { Random } from '../../../domain/random.ts';

/** One way for a market to behave. Moves are counted in ordinary bar volatilities ("sigmas"). */
export interface Regime {
  readonly name: 'TREND_UP' | 'TREND_DOWN' | 'RANGE' | 'GAP' | 'CRASH';
  readonly driftSigmasPerBar: number;
  /** Volatility as a multiple of the ordinary. */
  readonly volatility: number;
  /** Share of the distance from where the regime began that each bar takes back. */
  readonly pullPerBar: number;
  /** Size of the jump before the first bar; its direction is chance. */
  readonly openingGapSigmas: number;
  readonly barsMin: number;
  readonly barsMax: number;
}

const REGIMES = {
  trendUp: {
    name: 'TREND_UP',
    driftSigmasPerBar: 0.22,
    volatility: 0.9,
    pullPerBar: 0,
    openingGapSigmas: 0,
    barsMin: 70,
    barsMax: 180,
  },
  trendDown: {
    name: 'TREND_DOWN',
    driftSigmasPerBar: -0.22,
    volatility: 1,
    pullPerBar: 0,
    openingGapSigmas: 0,
    barsMin: 70,
    barsMax: 180,
  },
  range: {
    name: 'RANGE',
    driftSigmasPerBar: 0,
    volatility: 0.8,
    pullPerBar: 0.06,
    openingGapSigmas: 0,
    barsMin: 50,
    barsMax: 140,
  },
  gap: {
    name: 'GAP',
    driftSigmasPerBar: 0,
    volatility: 1.4,
    pullPerBar: 0,
    openingGapSigmas: 5,
    barsMin: 10,
    barsMax: 30,
  },
  crash: {
    name: 'CRASH',
    driftSigmasPerBar: -1.6,
    volatility: 2.2,
    pullPerBar: 0,
    openingGapSigmas: 0,
    barsMin: 6,
    barsMax: 14,
  },
} as const satisfies Record<string, Regime>;

/**
 * The regime that follows. Trends lean back towards the starting price (`displacement` is price over
 * starting price, less one), so that a market left running for months keeps a believable price.
 */
export function nextRegime(random: Random, displacement: number): Regime {
  const chance = random.next();
  if (chance < 0.04) return REGIMES.crash;
  if (chance < 0.12) return REGIMES.gap;
  if (chance < 0.36) return REGIMES.range;
  const towardsUp = Math.min(0.95, Math.max(0.05, 0.53 - 1.5 * displacement));
  return random.next() < towardsUp ? REGIMES.trendUp : REGIMES.trendDown;
}

export function regimeBars(random: Random, regime: Regime): number {
  return regime.barsMin + Math.floor(random.next() * (regime.barsMax - regime.barsMin + 1));
}
