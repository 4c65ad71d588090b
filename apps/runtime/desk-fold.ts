import type { EntryGate } from '../../agents/entry-gate.ts';
import { type BarReading, StrategyDesk } from '../../agents/strategy-desk.ts';
import type { BarText, DomainEvent } from '../../domain/event.ts';
import { type CycleId, cycleId } from '../../domain/ids.ts';
import type { Fold } from '../../ledger/snapshots/fold.ts';
import { unpackLike } from '../../ledger/snapshots/shape.ts';
import { pack, type Saved } from '../../ledger/snapshots/state-text.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { barText, candleFromText } from './bar-text.ts';

/** A closed bar that the strategies have read, and the cycle it belongs to. */
export interface ReadBar {
  readonly cycle: CycleId;
  readonly openTimeMs: number;
  readonly reading: BarReading;
}

interface State {
  readonly desk: ReturnType<StrategyDesk['save']>;
  readonly lastBar: ReadBar | null;
}

/** The cycle of the bar that opened then. */
export const cycleOf = ({ instrument, timeframe }: Feed, openTimeMs: number): CycleId =>
  cycleId(`${instrument.id}-${timeframe}-${openTimeMs}`);

/** What the strategies remember of the journal's bars, and of the market's history before them. */
export class DeskFold implements Fold {
  readonly desk: StrategyDesk;
  readonly #feed: Feed;
  #lastBar: ReadBar | undefined;

  /** The feed's history is read when there is anything to read; a desk that is loaded has read it. */
  constructor(strategies: readonly Strategy[], feed: Feed, gate?: EntryGate) {
    this.desk = new StrategyDesk(strategies, feed.timeframe, gate);
    this.#feed = feed;
  }

  /** The newest bar of the journal; undefined before the first. */
  get lastBar(): ReadBar | undefined {
    return this.#lastBar;
  }

  /** The bars that were there before the journal began. */
  readHistory(): void {
    const { history, instrument } = this.#feed;
    for (const candle of history) this.desk.onBar(candleFromText(barText(candle, instrument)));
  }

  apply(event: DomainEvent): void {
    if (event.type === 'market.bar-closed') this.read(event.body.bar);
  }

  /** Reads the bar that has just closed. */
  read(bar: BarText): ReadBar {
    this.#lastBar = {
      cycle: cycleOf(this.#feed, bar.openTimeMs),
      openTimeMs: bar.openTimeMs,
      reading: this.desk.onBar(candleFromText(bar)),
    };
    return this.#lastBar;
  }

  save(): Saved {
    return pack({ desk: this.desk.save(), lastBar: this.#lastBar ?? null } satisfies State);
  }

  load(saved: Saved): void {
    const { desk, lastBar } = unpackLike<State>(saved, { desk: this.desk.save(), lastBar: null });
    this.desk.load(desk);
    this.#lastBar = lastBar ?? undefined;
  }
}
