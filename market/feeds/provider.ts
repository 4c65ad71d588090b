import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';

/** Which bars of which market. */
export interface Subscription {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
}

export interface CandleRequest extends Subscription {
  /** Open of the first bar that is wanted, UTC milliseconds. */
  readonly fromMs: number;
  /** The bars wanted open before this instant. */
  readonly toMs: number;
}

/** What a provider's stream says, in the order in which it was said. */
export type StreamNews =
  | { readonly kind: 'TICK'; readonly atMs: number; readonly price: number }
  | { readonly kind: 'QUOTE'; readonly atMs: number; readonly bid: number; readonly ask: number }
  /** A bar that the provider itself calls closed. */
  | { readonly kind: 'BAR'; readonly candle: Candle }
  /** Nothing new, and the line is alive: heartbeats, and the answer to a subscription. */
  | { readonly kind: 'ALIVE' }
  /** The provider's own numbering shows that something was missed. */
  | { readonly kind: 'GAP'; readonly because: string };

/** Somebody who gives market data: the answers to requests, and a stream. */
export interface MarketProvider {
  /** `binance`, `twelvedata`: shown to people, and part of every error. */
  readonly name: string;
  readonly candlesPerRequestMax: number;
  /**
   * Closed bars alone, oldest first, the oldest of the span when there are more than fit one answer;
   * empty when the span holds none. Rejects with `ProviderFault`.
   */
  candles(request: CandleRequest, signal: AbortSignal): Promise<readonly Candle[]>;
  /**
   * Connects when it is iterated. A lost line, a refusal or an answer that cannot be read throws
   * `ProviderFault`; it returns only when `signal` is aborted. It never reconnects by itself.
   */
  stream(subscription: Subscription, signal: AbortSignal): AsyncIterable<StreamNews>;
  close(): Promise<void>;
}

/**
 * LOST: the line broke or nobody answered, and trying again may help. RATE_LIMITED: wait, then try again.
 * REFUSED: a wrong key or a thing that this account may not have; trying again is no use. NOT_OFFERED:
 * the provider has no such instrument or timeframe. GARBLED: the answer is none of the protocol's.
 */
export type ProviderFaultKind = 'LOST' | 'RATE_LIMITED' | 'REFUSED' | 'NOT_OFFERED' | 'GARBLED';

/** The message is a sentence: who was asked for what, what came, what would be right. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly provider: string;
  readonly kind: ProviderFaultKind;
  /** How long the provider asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    provider: string,
    kind: ProviderFaultKind,
    sentence: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(`${provider}: ${sentence}`, { cause: options.cause });
    this.provider = provider;
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether asking the same again can help. */
export const isPassing = (kind: ProviderFaultKind): boolean =>
  kind === 'LOST' || kind === 'RATE_LIMITED' || kind === 'GARBLED';

/** Time and chance of the world outside, handed in so that tests own them. */
export interface Outside {
  /** UTC milliseconds. */
  now(): number;
  /** Resolves early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 (included) to 1 (excluded). */
  random(): number;
}
