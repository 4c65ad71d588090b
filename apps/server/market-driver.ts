/** Plays a feed into the runtime in wall time. Timers and the wall clock of the market live here. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { TIMEFRAME_MS } from '../../domain/candle.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Market, MarketNews, MarketStatus } from './market.ts';
import { Pace } from './pace.ts';

/** Market seconds per wall second while a person has a proposal to read. */
const WAITING_SPEED_MAX = 3;

/** How fast a market of ticks moves while a proposal waits. */
export const waitingSpeed = (speed: number): number => Math.min(speed, WAITING_SPEED_MAX);

export interface MarketDriverOptions {
  readonly runtime: Runtime;
  readonly feed: Feed;
  /** Market seconds per wall second, for a feed of ticks while no proposal waits. */
  readonly speed: number;
  /** For a feed of bars, whose times may have gaps of days. */
  readonly barsPerSecond: number;
  /** Stand still while a proposal waits for a person. */
  readonly holdForDecisions: boolean;
  /**
   * How long nobody has listened to a live market, in milliseconds: one that is quiet on a line that is
   * well owes nothing.
   */
  readonly unheardMs?: (() => number) | undefined;
}

export class MarketDriver implements Market {
  readonly #options: MarketDriverOptions;
  readonly #listeners = new Set<(news: MarketNews) => void>();
  readonly #halt = new AbortController();
  readonly #pace = new Pace();
  #driving: Promise<void> | undefined;
  #lastAtMs: number | undefined;
  /** The last event, and when it was dealt with, in real time. */
  #played: { readonly atMs: number; readonly sinceMs: number } | undefined;
  #ended = false;
  #stopped: string | null = null;
  /** Since when the feed owes the next event, in real time; undefined while it owes none. */
  #owedSinceMs: number | undefined;

  constructor(options: MarketDriverOptions) {
    for (const name of ['speed', 'barsPerSecond'] as const) {
      const value = options[name];
      if (Number.isFinite(value) && value > 0) continue;
      throw new Error(`${name} ${value} must be a positive number`);
    }
    this.#options = options;
  }

  /** Begins where the journal ends; calling it again changes nothing. */
  start(): void {
    this.#driving ??= this.#drive();
  }

  /** Resolves when the event at hand is dealt with; the runtime and the ledger stay open. */
  async stop(): Promise<void> {
    this.#halt.abort();
    await this.#driving;
  }

  status(): MarketStatus {
    const { feed, barsPerSecond } = this.#options;
    const barSeconds = TIMEFRAME_MS[feed.timeframe] / 1_000;
    return {
      speed: feed.detail === 'TICKS' ? this.#speed() : barsPerSecond * barSeconds,
      waitsForDecision: this.#isHeld(),
      ended: this.#ended,
      stopped: this.#stopped,
    };
  }

  /** How long the feed has been waited for, in real milliseconds. A feed that failed is silent for good. */
  silentMs(): number {
    const { unheardMs } = this.#options;
    if (unheardMs !== undefined && this.#stopped === null && !this.#ended) return unheardMs();
    return this.#owedSinceMs === undefined ? 0 : performance.now() - this.#owedSinceMs;
  }

  /**
   * The time of a live market: that of its last event, and what has passed since. Undefined before the
   * first, and for a market whose clock only its events move.
   */
  nowMs(): number | undefined {
    if (!this.#options.feed.live || this.#played === undefined) return undefined;
    return this.#played.atMs + (performance.now() - this.#played.sinceMs);
  }

  subscribe(listener: (news: MarketNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #drive(): Promise<void> {
    const { feed, runtime } = this.#options;
    try {
      const events = feed.events(runtime.playedUntilMs, runtime.nextBarMs);
      for await (const event of this.#listen(events)) {
        await this.#untilDue(event);
        while (this.#isHeld() && !this.#halt.signal.aborted) await this.#untilDecided();
        if (this.#halt.signal.aborted) return;
        await this.#play(event);
      }
      this.#ended = true;
    } catch (error) {
      // Whatever failed, prices that the runtime did not take must not be followed by later ones.
      this.#stopped = error instanceof Error ? error.message : String(error);
      this.#owedSinceMs ??= performance.now();
    }
    this.#tell({ kind: 'STATUS' });
  }

  async *#listen(events: AsyncIterable<MarketEvent>): AsyncGenerator<MarketEvent> {
    const iterator = events[Symbol.asyncIterator]();
    for (;;) {
      this.#owedSinceMs = performance.now();
      const next = await iterator.next();
      this.#owedSinceMs = undefined;
      if (next.done === true) return;
      yield next.value;
    }
  }

  async #play(event: MarketEvent): Promise<void> {
    const { runtime } = this.#options;
    await runtime.play(event);
    const atMs = event.kind === 'BAR' ? event.closedAtMs : event.atMs;
    this.#played = { atMs, sinceMs: performance.now() };
    if (event.kind === 'TICK') this.#tell(event);
    if (event.kind === 'BAR') await runtime.options.ledger.flush();
  }

  async #untilDue(event: MarketEvent): Promise<void> {
    const waitMs = this.#pace.waitMs(this.#gapMs(event), performance.now());
    const { signal } = this.#halt;
    // Even a market that is behind lets the server answer between two events.
    const due = waitMs === 0 ? nextTurn() : sleep(waitMs, undefined, { signal });
    await due.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  #gapMs(event: MarketEvent): number {
    const { feed, barsPerSecond } = this.#options;
    if (feed.live) return 0;
    if (feed.detail === 'BARS') return 1_000 / barsPerSecond;
    const atMs = event.kind === 'BAR' ? event.closedAtMs : event.atMs;
    const gap = (atMs - (this.#lastAtMs ?? atMs)) / this.#speed();
    this.#lastAtMs = atMs;
    return gap;
  }

  #speed(): number {
    if (this.#options.feed.live) return 1;
    return this.#isAsking() ? waitingSpeed(this.#options.speed) : this.#options.speed;
  }

  #isHeld(): boolean {
    const { holdForDecisions, feed } = this.#options;
    return holdForDecisions && !feed.live && this.#isAsking();
  }

  #isAsking(): boolean {
    const { runtime, feed } = this.#options;
    return runtime.parts.approvals.isWaiting(feed.instrument.id);
  }

  #untilDecided(): Promise<void> {
    const { ledger } = this.#options.runtime.options;
    const { signal } = this.#halt;
    return new Promise((resolve) => {
      const done = (): void => {
        unsubscribe();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const unsubscribe = ledger.subscribe(({ event }) => {
        if (event.type === 'approval.decided') done();
      });
      signal.addEventListener('abort', done);
    });
  }

  #tell(news: MarketNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
