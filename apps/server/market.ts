/** What the server knows of the market beside the journal: how it moves, and the prices between bars. */
export interface MarketStatus {
  /** Market seconds per wall second. */
  readonly speed: number;
  /** It stands still until a person decides on the proposal that waits. */
  readonly waitsForDecision: boolean;
  /** The recording is over. */
  readonly ended: boolean;
  /** Why nothing moves any more although it is not over; null while it moves. */
  readonly stopped: string | null;
}

export type MarketNews =
  | { readonly kind: 'TICK'; readonly atMs: number; readonly price: number }
  | { readonly kind: 'STATUS' };

export interface Market {
  status(): MarketStatus;
  /** Calls `listener` with each price once the runtime has dealt with it, and when the status changed. */
  subscribe(listener: (news: MarketNews) => void): () => void;
}

/** Wall milliseconds that a span of market time takes; null while the market's clock stands. */
export function wallMs(status: MarketStatus, marketMs: number): number | null {
  if (status.waitsForDecision || status.ended || status.stopped !== null) return null;
  return Math.max(0, Math.round(marketMs / status.speed));
}
