/** What the screen shows and nobody decides by: folded from the journal, rebuilt or taken up again at every start. */
import type { AgentName, DomainEvent, EventOf } from '../../../domain/event.ts';
import type { CycleId } from '../../../domain/ids.ts';
import type { Feed } from '../../../market/feeds/feed.ts';
import type { Fold } from '../../../ledger/snapshots/fold.ts';
import { unpackLike } from '../../../ledger/snapshots/shape.ts';
import { pack, partsOf, type Saved } from '../../../ledger/snapshots/state-text.ts';
import { barText } from '../../runtime/bar-text.ts';
import { CandleWindow } from './candle-window.ts';
import { EquitySeries } from './equity-series.ts';
import { TradeResults } from './trade-results.ts';

/** The newest say enough; all of them are in the journal. */
const ALARMS_KEPT = 20;
/** More than the chart's window of bars can hold under the kernel's limits on entries. */
const FILLS_KEPT = 1_000;

export class Projection implements Fold {
  readonly candles: CandleWindow;
  readonly equity: EquitySeries;
  readonly results = new TradeResults();
  #fills: EventOf<'order.filled'>[] = [];
  #alarms: readonly EventOf<'alarm.raised'>[] = [];
  #lastStep = new Map<AgentName, DomainEvent>();
  #lastCycle: CycleId | undefined;
  #tradingStateSinceMs: number | null = null;
  #hasOperator = false;
  #seq = 0;

  constructor(feed: Feed) {
    this.candles = new CandleWindow(feed.timeframe);
    for (const candle of feed.history) this.candles.close(barText(candle, feed.instrument));
    this.equity = new EquitySeries(new Map([[feed.instrument.id, feed.instrument]]));
  }

  /** The newest event it has seen. */
  get seq(): number {
    return this.#seq;
  }

  /** The newest fills, oldest first. */
  get fills(): readonly EventOf<'order.filled'>[] {
    return this.#fills;
  }

  /** Raised since the last start, newest first: what still troubles after it is raised again. */
  get alarms(): readonly EventOf<'alarm.raised'>[] {
    return this.#alarms;
  }

  /** The cycle that moved last. */
  get lastCycle(): CycleId | undefined {
    return this.#lastCycle;
  }

  /** When the trading state became what it is; null while it never moved. */
  get tradingStateSinceMs(): number | null {
    return this.#tradingStateSinceMs;
  }

  /** Whether anybody is registered who could loosen the trading state. */
  get hasOperator(): boolean {
    return this.#hasOperator;
  }

  /** The last thing an agent was recorded doing. */
  lastStepOf(agent: AgentName): DomainEvent | undefined {
    return this.#lastStep.get(agent);
  }

  save(): Saved {
    return {
      own: pack(this.#state()),
      candles: this.candles.save(),
      equity: this.equity.save(),
      results: this.results.save(),
    };
  }

  load(saved: Saved): void {
    const parts = partsOf(saved, ['own', 'candles', 'equity', 'results']);
    this.candles.load(parts.candles);
    this.equity.load(parts.equity);
    this.results.load(parts.results);
    const state = unpackLike(parts.own, this.#state());
    this.#fills = state.fills;
    this.#alarms = state.alarms;
    this.#lastStep = state.lastStep;
    this.#lastCycle = state.lastCycle;
    this.#tradingStateSinceMs = state.tradingStateSinceMs;
    this.#hasOperator = state.hasOperator;
    this.#seq = state.seq;
  }

  /** Every field that events change, but for those that save themselves. */
  #state() {
    return {
      fills: this.#fills,
      alarms: this.#alarms,
      lastStep: this.#lastStep,
      lastCycle: this.#lastCycle,
      tradingStateSinceMs: this.#tradingStateSinceMs,
      hasOperator: this.#hasOperator,
      seq: this.#seq,
    };
  }

  apply(event: DomainEvent): void {
    this.#seq = event.seq;
    if (event.actor.kind === 'AGENT') this.#lastStep.set(event.actor.name, event);
    this.equity.apply(event);
    switch (event.type) {
      case 'market.bar-closed':
        return this.candles.close(event.body.bar);
      case 'cycle.opened':
      case 'cycle.phase-moved':
      case 'cycle.closed':
        this.#lastCycle = event.body.cycleId;
        return;
      case 'trading.state-changed':
        if (event.body.from !== event.body.to) this.#tradingStateSinceMs = event.atMs;
        return;
      case 'system.started':
        this.#alarms = [];
        return;
      case 'alarm.raised':
        this.#alarms = [event, ...this.#alarms.filter((one) => !isSameAlarm(one, event))].slice(
          0,
          ALARMS_KEPT,
        );
        return;
      case 'operator.added':
        this.#hasOperator = true;
        return;
      case 'order.filled':
        this.results.apply(event);
        this.#fills.push(event);
        if (this.#fills.length > FILLS_KEPT) this.#fills.shift();
        return;
      default:
        return;
    }
  }
}

/** What went wrong again is told once, as of now: twenty of a kind would hide the one that matters. */
const isSameAlarm = (one: EventOf<'alarm.raised'>, other: EventOf<'alarm.raised'>): boolean =>
  one.body.code === other.body.code && one.body.subject === other.body.subject;
