/** Tells every open page what changes: each frame is made once, whoever listens. */
import { priceFromNumber, text } from '../../../domain/units.ts';
import type { ChainedEvent } from '../../../ledger/ledger.ts';
import type { EntryView, StreamMessage } from '../../api/views.ts';
import { candleView } from '../folds/candle-window.ts';
import type { MarketNews } from '../market.ts';
import type { Sources } from '../sources.ts';
import { entryView } from '../views/entry-view.ts';
import { stateView } from '../views/state-view.ts';
import { Listener, type Wire } from './listener.ts';
import { Pulse } from './pulse.ts';

/** Four pictures a second, ten prices: as fast as people can follow. */
const STATE_GAP_MS = 250;
const PRICE_GAP_MS = 100;
export const LISTENERS_MAX = 32;

export class StreamHub {
  readonly #sources: Sources;
  readonly #onFault: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #state = new Pulse(STATE_GAP_MS, () => this.#guarded(() => this.#tellState()));
  readonly #price = new Pulse(PRICE_GAP_MS, () => this.#guarded(() => this.#tellPrice()));
  readonly #stops: readonly (() => void)[];
  #entries: EntryView[] = [];
  #tick: { readonly price: number; readonly atMs: number } | undefined;

  /** `onFault` hears of frames that could not be made; trading must not suffer from them. */
  constructor(sources: Sources, onFault: (error: unknown) => void) {
    this.#sources = sources;
    this.#onFault = onFault;
    const { runtime, market } = sources;
    this.#stops = [
      runtime.options.ledger.subscribe((chained) => this.#guarded(() => this.#onEvent(chained))),
      market.subscribe((news) => this.#guarded(() => this.#onNews(news))),
    ];
  }

  get isFull(): boolean {
    return this.#listeners.size >= LISTENERS_MAX;
  }

  /** The newest picture goes out at once; returns the way to leave. */
  join(wire: Wire): () => void {
    const listener = new Listener(wire);
    listener.push('state', frame({ type: 'state', state: stateView(this.#sources) }));
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#entries = [];
    };
  }

  /** Says goodbye to everybody and hears of nothing more. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.#state.stop();
    this.#price.stop();
    for (const listener of this.#listeners) listener.goAway();
  }

  /** For readers that did not answer the goodbye. */
  destroy(): void {
    for (const listener of this.#listeners) listener.destroy();
  }

  #onEvent(chained: ChainedEvent): void {
    if (this.#listeners.size === 0) return;
    this.#entries.push(entryView(chained));
    const { event } = chained;
    if (event.type === 'market.bar-closed') {
      this.#tell({ type: 'candle', candle: candleView(event.body.bar) });
    }
    this.#state.ask();
  }

  #onNews(news: MarketNews): void {
    this.#state.ask();
    if (news.kind !== 'TICK') return;
    this.#tick = news;
    this.#price.ask();
  }

  #tellState(): void {
    const entries = this.#entries;
    this.#entries = [];
    if (this.#listeners.size === 0) return;
    if (entries.length > 0) this.#tell({ type: 'entries', entries });
    this.#tell({ type: 'state', state: stateView(this.#sources) });
  }

  #tellPrice(): void {
    const { forming } = this.#sources.projection.candles;
    // A bar that closed meanwhile has said more than its last tick.
    if (this.#tick === undefined || forming === null) return;
    const { instrument } = this.#sources.runtime.options.feed;
    const price = text(priceFromNumber(this.#tick.price, instrument.tick));
    this.#tell({ type: 'price', price, atMs: this.#tick.atMs, forming });
  }

  #tell(message: StreamMessage): void {
    const told = frame(message);
    for (const listener of this.#listeners) listener.push(message.type, told);
  }

  #guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#onFault(error);
    }
  }
}

const frame = (message: StreamMessage): string => JSON.stringify(message);
