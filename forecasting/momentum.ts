import type { Candle } from '../domain/candle.ts';
import type { Abstention } from '../domain/proposal.ts';
import type { Evidence } from '../domain/signal.ts';
import { Macd, type MacdReading } from '../market/indicators/macd.ts';
import { Sma } from '../market/indicators/sma.ts';
import { WilderRsi } from '../market/indicators/wilder-rsi.ts';

/** The share of each component in the score; they add up to one. */
export const MOMENTUM_WEIGHTS = {
  trend: 0.3,
  rsi: 0.2,
  macd: 0.25,
  volume: 0.15,
  change: 0.1,
} as const;

export type MomentumComponent = keyof typeof MOMENTUM_WEIGHTS;

export interface MomentumScore {
  readonly kind: 'SCORE';
  /** 0 (falling) to 1 (rising); 0.5 says neither. */
  readonly score: number;
  /** Each on the same scale as the score. */
  readonly components: Readonly<Record<MomentumComponent, number>>;
  /** The score and what it was read from, for agents to refer to. */
  readonly evidence: readonly Evidence[];
}

/**
 * A weighted vote of five readings of closed bars: trend by SMA(20) and SMA(50), RSI(14), MACD
 * (12, 26, 9), volume against its SMA(20), and the last change. The weights and steps are a rule of
 * thumb, not fitted and not calibrated: the score is evidence, never a probability. Where a reading
 * is missing it abstains, because a made-up middle value would look like an opinion.
 */
export class Momentum {
  readonly #sma20 = new Sma(20);
  readonly #sma50 = new Sma(50);
  readonly #rsi = new WilderRsi(14);
  readonly #macd = new Macd();
  readonly #volume = new Sma(20);
  #previousClose = Number.NaN;

  /** Call once for each closed bar, in order. */
  push(bar: Candle): MomentumScore | Abstention {
    const sma20 = this.#sma20.push(bar.close);
    const sma50 = this.#sma50.push(bar.close);
    const rsi = this.#rsi.push(bar.close);
    const macd = this.#macd.push(bar.close);
    const volumeRatio = bar.volume / this.#volume.push(bar.volume);
    const changePercent = 100 * (bar.close / this.#previousClose - 1);
    this.#previousClose = bar.close;

    if ([sma50, rsi, macd.signal, changePercent].some(Number.isNaN)) {
      return { kind: 'ABSTAIN', because: 'The momentum score is still warming up.' };
    }
    if (Number.isNaN(volumeRatio)) {
      return { kind: 'ABSTAIN', because: 'The feed has reported no volume for twenty bars.' };
    }
    const trend = trendScore(bar.close, sma20, sma50);
    const components = {
      trend,
      rsi: rsiScore(rsi),
      macd: macdScore(macd),
      volume: volumeScore(trend, volumeRatio),
      change: changeScore(changePercent),
    };
    const score = weighted(components);
    const fact = (name: string, label: string, value: number, unit: string): Evidence => ({
      id: `momentum.${name}`,
      label,
      value,
      unit,
      barTimeMs: bar.openTimeMs,
    });
    return {
      kind: 'SCORE',
      score,
      components,
      evidence: [
        fact('score', 'momentum score', score, 'score'),
        fact('sma-20', 'SMA(20)', sma20, 'price'),
        fact('sma-50', 'SMA(50)', sma50, 'price'),
        fact('rsi', 'RSI(14)', rsi, 'score'),
        fact('macd-line', 'MACD line', macd.line, 'price'),
        fact('macd-signal', 'MACD signal', macd.signal, 'price'),
        fact('volume-ratio', 'volume over its SMA(20)', volumeRatio, 'ratio'),
        fact('change', 'change of the last bar', changePercent, '%'),
      ],
    };
  }

  save() {
    return {
      sma20: this.#sma20.save(),
      sma50: this.#sma50.save(),
      rsi: this.#rsi.save(),
      macd: this.#macd.save(),
      volume: this.#volume.save(),
      previousClose: this.#previousClose,
    };
  }

  load(saved: ReturnType<Momentum['save']>): void {
    this.#sma20.load(saved.sma20);
    this.#sma50.load(saved.sma50);
    this.#rsi.load(saved.rsi);
    this.#macd.load(saved.macd);
    this.#volume.load(saved.volume);
    this.#previousClose = saved.previousClose;
  }
}

export function trendScore(close: number, sma20: number, sma50: number): number {
  if (close > sma20) return sma20 > sma50 ? 0.8 : 0.65;
  if (close < sma20) return sma20 < sma50 ? 0.2 : 0.35;
  return 0.5;
}

export function rsiScore(rsi: number): number {
  if (rsi < 30) return 0.7;
  if (rsi < 40) return 0.4;
  if (rsi < 60) return 0.5;
  return rsi <= 70 ? 0.6 : 0.3;
}

/** A line that equals its signal, as in a market that does not move, says neither. */
export function macdScore({ line, signal }: MacdReading): number {
  if (line > signal) return line > 0 ? 0.75 : 0.65;
  if (line < signal) return line < 0 ? 0.25 : 0.35;
  return 0.5;
}

/** The trend's distance from the middle, louder on heavy volume and quieter on thin. */
export function volumeScore(trend: number, volumeRatio: number): number {
  const loudness = volumeRatio > 1.5 ? 1.2 : volumeRatio < 0.7 ? 0.5 : 1;
  return 0.5 + (trend - 0.5) * loudness;
}

export function changeScore(changePercent: number): number {
  return 0.5 + Math.min(0.3, Math.max(-0.3, changePercent / 10));
}

function weighted(components: Readonly<Record<MomentumComponent, number>>): number {
  let score = 0;
  for (const name of Object.keys(MOMENTUM_WEIGHTS) as MomentumComponent[]) {
    score += MOMENTUM_WEIGHTS[name] * components[name];
  }
  return score;
}
