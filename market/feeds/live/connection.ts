import { TIMEFRAME_MS } from '../../../domain/candle.ts';
import { candlePages } from '../asking/candle-pages.ts';
import type { Delivery } from './delivery.ts';
import type { Fallback, Source } from './fallback.ts';
import { Intake } from './intake.ts';
import type { Outbox } from './outbox.ts';
import { barFault, priceFault } from '../asking/price-fault.ts';
import {
  type Outside,
  ProviderFault,
  type ProviderFaultKind,
  type StreamNews,
  type Subscription,
} from '../provider.ts';

/** How long things may take before something is done about them. */
export interface Patience {
  /** A stream that says nothing for so long, heartbeats included, is dead. */
  readonly staleMs: number;
  /** So long after its time a bar is asked for, when the stream has not brought it. */
  readonly settleMs: number;
  /** So long prices wait for the bar before them. */
  readonly lateBarMs: number;
  /** While the market is closed, silence is no fault. */
  readonly isOpen: (atMs: number) => boolean;
}

interface ConnectionParts extends Subscription {
  readonly outside: Outside;
  readonly patience: Patience;
  readonly fallback: Fallback;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  /** Everything that was missed has been told, and the stream speaks. */
  readonly onLive: () => void;
}

/** A connection that has stood so long is no longer thought of as one that may break at once. */
const HEALTHY_MS = 60_000;
/** So often a better provider is asked whether it is well again. */
const PROBE_MS = 20_000;
/** A clock that goes back by more than this was set; less is how clocks are kept right. */
const CLOCK_BACK_MS_MAX = 2_000;
const WORDS = { TICK: 'trade', QUOTE: 'quote' } as const;
/** So often a closed market is looked at, or once in a bar where that is longer. */
const CLOSED_LOOK_MS = 300_000;

/** One line to one provider, from the resynchronisation to the fault that ends it. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #source: Source;
  readonly #signal: AbortSignal;
  readonly #intake: Intake;
  readonly #spanMs: number;
  /** The first look comes before anything the stream says. */
  #lookAtMs = -Infinity;
  #emptyLooks = 0;
  #probeAtMs: number;
  #healthyAtMs: number | undefined;
  #latestMs: number;

  constructor(parts: ConnectionParts, source: Source, signal: AbortSignal) {
    const { outside, instrument, timeframe } = parts;
    this.#parts = parts;
    this.#source = source;
    this.#signal = signal;
    this.#spanMs = TIMEFRAME_MS[timeframe];
    this.#latestMs = outside.now();
    this.#probeAtMs = this.#latestMs + PROBE_MS;
    // It is listened to before the candles are asked for, so that nothing falls between the two.
    const stream = source.provider.stream({ instrument, timeframe }, signal);
    this.#intake = new Intake(source.provider.name, stream, outside, signal);
  }

  /** Returns when a better provider is well again; throws what ended the line. */
  async follow(): Promise<void> {
    while (!this.#signal.aborted) {
      if (this.#parts.outside.now() >= this.#lookAtMs) await this.#look();
      this.#checkHealth();
      this.#stopHolding();
      if (await this.#betterIsWell()) return;
      for (const news of this.#intake.take()) await this.#deal(news);
      await this.#intake.wait(this.#nextMs());
    }
  }

  async #deal(news: StreamNews): Promise<void> {
    const { delivery, outside } = this.#parts;
    switch (news.kind) {
      case 'ALIVE':
        return;
      case 'GAP':
        return this.#look();
      case 'TICK':
      case 'QUOTE':
        return this.#price(news);
      case 'BAR': {
        const { openTimeMs } = news.candle;
        // By our clock it may not be over: then it is asked for once it is.
        if (openTimeMs + this.#spanMs > outside.now()) return;
        // Bars are missing before it, or it is off their grid: the candles say what there is.
        const expected = delivery.nextOpenMs;
        if (openTimeMs > expected - this.#spanMs && openTimeMs !== expected) return this.#look();
        const fault = barFault(news.candle, this.#parts.instrument.tick);
        if (fault !== undefined) throw this.#fault('GARBLED', `a bar's ${fault}`);
        if (delivery.bar(news.candle)) this.#found();
      }
    }
  }

  #price(news: Extract<StreamNews, { kind: 'TICK' | 'QUOTE' }>): void {
    const { delivery, outside, patience, instrument } = this.#parts;
    for (const price of news.kind === 'TICK' ? [news.price] : [news.bid, news.ask]) {
      const fault = priceFault(price, instrument.tick, delivery.lastPrice);
      if (fault !== undefined) throw this.#fault('GARBLED', `a ${WORDS[news.kind]}'s ${fault}`);
    }
    const heldBefore = delivery.heldSinceMs !== undefined;
    delivery.price(news, outside.now());
    if (!heldBefore && delivery.heldSinceMs !== undefined)
      this.#lookAtMs = Math.min(this.#lookAtMs, outside.now() + patience.settleMs);
  }

  /** Asks for every closed bar since the last that was told, and for the last two again. */
  async #look(): Promise<void> {
    const { delivery, outbox, outside, instrument, timeframe } = this.#parts;
    const { provider } = this.#source;
    const request = { instrument, timeframe, fromMs: delivery.askFromMs, toMs: outside.now() };
    let found = false;
    for await (const page of candlePages(provider, request, outside, this.#signal)) {
      for (const candle of page) found = delivery.bar(candle) || found;
      await outbox.room();
    }
    if (found) this.#found();
    else this.#lookLater();
  }

  #found(): void {
    const { delivery, patience } = this.#parts;
    this.#emptyLooks = 0;
    this.#lookAtMs = delivery.nextOpenMs + this.#spanMs + patience.settleMs;
  }

  #lookLater(): void {
    const { delivery, outside, patience } = this.#parts;
    const nowMs = outside.now();
    this.#emptyLooks += 1;
    const again = patience.isOpen(nowMs)
      ? Math.min(this.#spanMs, patience.settleMs * 2 ** (this.#emptyLooks - 1))
      : Math.max(this.#spanMs, CLOSED_LOOK_MS);
    const dueMs = delivery.nextOpenMs + this.#spanMs + patience.settleMs;
    this.#lookAtMs = Math.max(dueMs, nowMs + again);
  }

  #stopHolding(): void {
    const { delivery, outside, patience } = this.#parts;
    const sinceMs = delivery.heldSinceMs;
    if (sinceMs !== undefined && outside.now() - sinceMs >= patience.lateBarMs)
      delivery.giveUpWaiting();
  }

  #checkHealth(): void {
    const { outside, patience, onLive } = this.#parts;
    const nowMs = outside.now();
    // What was planned for a time that is further away now would keep everybody waiting.
    if (nowMs < this.#latestMs - CLOCK_BACK_MS_MAX) {
      const seconds = Math.round((this.#latestMs - nowMs) / 1_000);
      throw this.#fault('LOST', `the clock of this machine was set back by ${seconds} s`);
    }
    this.#latestMs = Math.max(this.#latestMs, nowMs);
    const silentMs = nowMs - this.#intake.lastHeardMs;
    if (silentMs >= patience.staleMs && patience.isOpen(nowMs)) {
      const seconds = Math.round(silentMs / 1_000);
      throw this.#fault('LOST', `the stream has said nothing for ${seconds} s`);
    }
    if (!this.#intake.heard) return;
    if (this.#healthyAtMs === undefined) {
      this.#healthyAtMs = nowMs + HEALTHY_MS;
      onLive();
    }
    if (nowMs >= this.#healthyAtMs) {
      this.#healthyAtMs = Infinity;
      this.#source.breaker.healed();
    }
  }

  /** Three good answers in a row, spread over a minute, so that two half-well providers do not take turns. */
  async #betterIsWell(): Promise<boolean> {
    const { fallback, outside, delivery, instrument, timeframe } = this.#parts;
    const nowMs = outside.now();
    if (nowMs < this.#probeAtMs) return false;
    this.#probeAtMs = nowMs + PROBE_MS;
    const better = fallback.better(this.#source, nowMs);
    if (better === undefined) return false;
    const request = { instrument, timeframe, fromMs: delivery.askFromMs, toMs: nowMs };
    try {
      for await (const _ of candlePages(better.provider, request, outside, this.#signal)) break;
      return fallback.answeredWell(better);
    } catch (error) {
      if (!(error instanceof ProviderFault) || this.#signal.aborted) throw error;
      fallback.answeredBadly();
      better.breaker.failed(error, outside.now());
      return false;
    }
  }

  #nextMs(): number {
    const { delivery, outside, patience } = this.#parts;
    const held = delivery.heldSinceMs;
    return Math.min(
      this.#lookAtMs,
      this.#probeAtMs,
      patience.isOpen(outside.now()) ? this.#intake.lastHeardMs + patience.staleMs : Infinity,
      held === undefined ? Infinity : held + patience.lateBarMs,
      this.#healthyAtMs ?? Infinity,
    );
  }

  #fault(kind: ProviderFaultKind, sentence: string): ProviderFault {
    return new ProviderFault(this.#source.provider.name, kind, sentence);
  }
}
