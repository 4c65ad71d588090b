import type { Candle, Timeframe } from '../../domain/candle.ts';
import type { Instrument } from '../../domain/instrument.ts';

/** What the market says, in time order. A bar is only ever reported when it has closed. */
export type MarketEvent =
  | { readonly kind: 'TICK'; readonly atMs: number; readonly price: number }
  | { readonly kind: 'QUOTE'; readonly atMs: number; readonly bid: number; readonly ask: number }
  | { readonly kind: 'BAR'; readonly closedAtMs: number; readonly candle: Candle };

/** One instrument's market on one timeframe. */
export interface Feed {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  /** Shown to people and recorded: a file's name, or `synthetic, seed 7`. */
  readonly source: string;
  readonly synthetic: boolean;
  /** It happens while it is told: nobody can make it go faster, stand still or come again. */
  readonly live: boolean;
  /** TICKS: every bar was preceded by the prints it is made of. BARS: the bar is all there is. */
  readonly detail: 'TICKS' | 'BARS';
  /** Bars that closed before the feed's first event; strategies warm up on them, nothing trades on them. */
  readonly history: readonly Candle[];
  /** Open of the first bar after the history. */
  readonly startsAtMs: number;
  /** Bars after the history, or undefined when the market never ends. */
  readonly length: number | undefined;
  /**
   * Events later than `afterMs`, the same for the same feed each time it is asked. Live prices may overtake
   * a bar, so whoever goes on with a live feed says where the first bar opens that was not told yet.
   */
  events(afterMs: number, nextBarMs?: number): AsyncIterable<MarketEvent>;
}
