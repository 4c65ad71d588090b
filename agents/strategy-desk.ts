import { type Candle, TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Evidence, Opinion } from '../domain/signal.ts';
import { Momentum } from '../forecasting/momentum.ts';
import { GrowableSeries } from '../market/candles/growable-series.ts';
import type { CandleSeries } from '../market/candles/series.ts';
import type { EntryGate } from './entry-gate.ts';
import { LOOK_BACK_BARS_MAX, type Strategy, type StrategyRun } from '../strategies/strategy.ts';

export interface BarReading {
  /** One per strategy, in the order they were given. */
  readonly opinions: readonly Opinion[];
  /** What the forecasters add; empty while they are warming up. */
  readonly evidence: readonly Evidence[];
}

/** Bars are forgotten in one go, so that most of them cost nothing to keep. */
const BARS_KEPT_MAX = 2 * LOOK_BACK_BARS_MAX;

/** Runs the strategies and forecasters over one instrument's closed bars. */
export class StrategyDesk {
  readonly #series = new GrowableSeries();
  readonly #momentum = new Momentum();
  readonly #runs: ReadonlyMap<StrategyId, StrategyRun>;
  readonly #barMs: number;
  readonly #gate: EntryGate | undefined;
  #faults = new Map<StrategyId, string>();

  /** Without a gate, every hour will do. */
  constructor(strategies: readonly Strategy[], timeframe: Timeframe, gate?: EntryGate) {
    this.#barMs = TIMEFRAME_MS[timeframe];
    this.#gate = gate;
    this.#runs = new Map(strategies.map((strategy) => [strategy.id, strategy.start(timeframe)]));
  }

  /** The newest bars, oldest first; at least as many as a strategy may look back. */
  get bars(): CandleSeries {
    return this.#series;
  }

  /** The strategies that threw, and what; they are left out for as long as their code is the same. */
  get faults(): ReadonlyMap<StrategyId, string> {
    return this.#faults;
  }

  /** Bars must come closed and in order; the first ones only warm up what is said later. */
  onBar(candle: Candle): BarReading {
    this.#series.append(candle);
    if (this.#series.length === BARS_KEPT_MAX) this.#series.keepNewest(LOOK_BACK_BARS_MAX);
    const momentum = this.#momentum.push(candle);
    const closedAtMs = candle.openTimeMs + this.#barMs;
    return {
      opinions: [...this.#runs].map(([id, run]) =>
        this.#admitted(this.#opinionOf(id, run), closedAtMs),
      ),
      evidence: momentum.kind === 'SCORE' ? momentum.evidence : [],
    };
  }

  /**
   * A strategy that throws has lost its memory of this bar, so it is never asked again; the others go on.
   * A journal in which it did is read like any other: the same bar brings the same fault.
   */
  #opinionOf(strategyId: StrategyId, run: StrategyRun): Opinion {
    let fault = this.#faults.get(strategyId);
    if (fault === undefined) {
      try {
        return run.onBar(this.#series);
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error);
        this.#faults.set(strategyId, fault);
      }
    }
    return { kind: 'NO_SETUP', strategyId, because: `it failed and is left out: ${fault}` };
  }

  #admitted(opinion: Opinion, atMs: number): Opinion {
    return opinion.kind === 'SIGNAL' && this.#gate !== undefined
      ? this.#gate.admit(opinion, atMs)
      : opinion;
  }

  /** Everything it remembers, as plain data with doubles and typed arrays: a snapshot packs it. */
  save() {
    return {
      series: this.#series.save(),
      momentum: this.#momentum.save(),
      runs: Object.fromEntries([...this.#runs].map(([id, run]) => [id, run.save()])),
      faults: new Map(this.#faults),
    };
  }

  /** Only on a fresh desk of the same strategies and timeframe. */
  load(saved: ReturnType<StrategyDesk['save']>): void {
    this.#series.load(saved.series);
    this.#momentum.load(saved.momentum);
    for (const [id, run] of this.#runs) run.load(saved.runs[id]);
    this.#faults = new Map(saved.faults);
  }
}
