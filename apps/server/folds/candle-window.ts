import { TIMEFRAME_MS, type Timeframe } from '../../../domain/candle.ts';
import type { BarText } from '../../../domain/event.ts';
import { unpackLike } from '../../../ledger/snapshots/shape.ts';
import { pack, type Saved } from '../../../ledger/snapshots/state-text.ts';
import type { CandleView } from '../../api/views.ts';

/** Closed bars the chart begins with. */
export const CANDLES_KEPT = 300;

export const candleView = (bar: BarText): CandleView => ({
  time: bar.openTimeMs / 1_000,
  open: Number(bar.open),
  high: Number(bar.high),
  low: Number(bar.low),
  close: Number(bar.close),
});

/** The newest closed bars, and the one in the making as far as ticks told it. */
export class CandleWindow {
  readonly #spanMs: number;
  #closed: CandleView[] = [];
  #forming: CandleView | null = null;

  constructor(timeframe: Timeframe) {
    this.#spanMs = TIMEFRAME_MS[timeframe];
  }

  get closed(): readonly CandleView[] {
    return this.#closed;
  }

  get forming(): CandleView | null {
    return this.#forming;
  }

  close(bar: BarText): void {
    const candle = candleView(bar);
    this.#closed.push(candle);
    if (this.#closed.length > CANDLES_KEPT) this.#closed.shift();
    if (this.#forming !== null && this.#forming.time <= candle.time) this.#forming = null;
  }

  /** The closed bars only: ticks are in no journal, and the bar in the making forms again. */
  save(): Saved {
    return pack(this.#closed);
  }

  load(saved: Saved): void {
    this.#closed = unpackLike(saved, this.#closed);
  }

  tick(price: number, atMs: number): void {
    const time = (Math.floor(atMs / this.#spanMs) * this.#spanMs) / 1_000;
    const last = this.#closed.at(-1);
    if (last !== undefined && time <= last.time) return;
    const forming = this.#forming?.time === time ? this.#forming : undefined;
    this.#forming = {
      time,
      open: forming?.open ?? price,
      high: Math.max(forming?.high ?? price, price),
      low: Math.min(forming?.low ?? price, price),
      close: price,
    };
  }
}
