/** A market that moves when a test says so. */
import type { Feed, MarketEvent } from '../../../market/feeds/feed.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Market, MarketNews, MarketStatus } from '../market.ts';

export class HandMarket implements Market {
  readonly #runtime: Runtime;
  readonly #events: AsyncIterator<MarketEvent>;
  readonly #listeners = new Set<(news: MarketNews) => void>();
  #status: MarketStatus = { speed: 20, waitsForDecision: false, ended: false, stopped: null };

  constructor(runtime: Runtime, feed: Feed) {
    this.#runtime = runtime;
    this.#events = feed.events(runtime.playedUntilMs)[Symbol.asyncIterator]();
  }

  status(): MarketStatus {
    return this.#status;
  }

  subscribe(listener: (news: MarketNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(status: Partial<MarketStatus>): void {
    this.#status = { ...this.#status, ...status };
    this.#tell({ kind: 'STATUS' });
  }

  /** Plays one event; returns it. */
  async step(): Promise<MarketEvent> {
    const next = await this.#events.next();
    if (next.done === true) throw new Error('the market is over');
    const event = next.value;
    await this.#runtime.play(event);
    if (event.kind === 'TICK') this.#tell(event);
    return event;
  }

  async bars(count: number): Promise<void> {
    for (let closed = 0; closed < count;) if ((await this.step()).kind === 'BAR') closed++;
  }

  /** Plays until something holds, and fails when it does not within `barsMax` bars. */
  async until(holds: () => boolean, barsMax = 200): Promise<void> {
    for (let bars = 0; bars < barsMax;) {
      if (holds()) return;
      if ((await this.step()).kind === 'BAR') bars++;
    }
    throw new Error(`it did not happen within ${barsMax} bars`);
  }

  #tell(news: MarketNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
