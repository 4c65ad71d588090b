import { type Candle, candleFault } from '../../domain/candle.ts';
import type { CandleSeries } from './series.ts';

const FIRST_CAPACITY = 1024;

/**
 * A series that its owner appends to; everybody else is handed the `CandleSeries` view of it.
 *
 * The columns double when they are full, so they are usually longer than `length` (the rest is zeros)
 * and are replaced by copies as the series grows: read up to `length`, and do not keep a column.
 */
export class GrowableSeries implements CandleSeries {
  #length = 0;
  #openTimeMs = new Float64Array(FIRST_CAPACITY);
  #open = new Float64Array(FIRST_CAPACITY);
  #high = new Float64Array(FIRST_CAPACITY);
  #low = new Float64Array(FIRST_CAPACITY);
  #close = new Float64Array(FIRST_CAPACITY);
  #volume = new Float64Array(FIRST_CAPACITY);

  /** A series of the given candles; throws where `append` would. */
  static of(candles: Iterable<Candle>): GrowableSeries {
    const series = new GrowableSeries();
    for (const candle of candles) series.append(candle);
    return series;
  }

  get length(): number {
    return this.#length;
  }
  get openTimeMs(): Float64Array {
    return this.#openTimeMs;
  }
  get open(): Float64Array {
    return this.#open;
  }
  get high(): Float64Array {
    return this.#high;
  }
  get low(): Float64Array {
    return this.#low;
  }
  get close(): Float64Array {
    return this.#close;
  }
  get volume(): Float64Array {
    return this.#volume;
  }

  /** Throws a sentence when the candle cannot be believed or does not come after the last one. */
  append(candle: Candle): void {
    const fault = candleFault(candle) ?? this.#orderFault(candle.openTimeMs);
    if (fault !== undefined) throw new Error(fault);
    if (this.#length === this.#openTimeMs.length) this.#grow();
    const index = this.#length;
    this.#openTimeMs[index] = candle.openTimeMs;
    this.#open[index] = candle.open;
    this.#high[index] = candle.high;
    this.#low[index] = candle.low;
    this.#close[index] = candle.close;
    this.#volume[index] = candle.volume;
    this.#length = index + 1;
  }

  candle(index: number): Candle {
    if (!Number.isInteger(index) || index < 0 || index >= this.#length) {
      throw new Error(`there is no candle ${index} in a series of ${this.#length}`);
    }
    return {
      openTimeMs: this.#openTimeMs[index]!,
      open: this.#open[index]!,
      high: this.#high[index]!,
      low: this.#low[index]!,
      close: this.#close[index]!,
      volume: this.#volume[index]!,
    };
  }

  /** Forgets all but the newest; from then on indices count from the oldest that is left. */
  keepNewest(bars: number): void {
    const from = this.#length - bars;
    if (from <= 0) return;
    for (const column of this.#columns()) {
      column.copyWithin(0, from, this.#length);
      column.fill(0, bars, this.#length);
    }
    this.#length = bars;
  }

  save() {
    const [openTimeMs, open, high, low, close, volume] = this.#columns().map((column) =>
      column.slice(0, this.#length),
    );
    return { openTimeMs, open, high, low, close, volume } as Readonly<
      Record<keyof Candle, Float64Array>
    >;
  }

  /** Only into an empty series. Throws where `append` would. */
  load(saved: ReturnType<GrowableSeries['save']>): void {
    for (const [index, openTimeMs] of saved.openTimeMs.entries())
      this.append({
        openTimeMs,
        open: saved.open[index]!,
        high: saved.high[index]!,
        low: saved.low[index]!,
        close: saved.close[index]!,
        volume: saved.volume[index]!,
      });
  }

  #columns() {
    return [
      this.#openTimeMs,
      this.#open,
      this.#high,
      this.#low,
      this.#close,
      this.#volume,
    ] as const;
  }

  #orderFault(openTimeMs: number): string | undefined {
    const last = this.#length === 0 ? -Infinity : this.#openTimeMs[this.#length - 1]!;
    if (openTimeMs > last) return undefined;
    return `time ${openTimeMs} does not come after ${last}, the time of the candle before it`;
  }

  #grow(): void {
    this.#openTimeMs = doubled(this.#openTimeMs);
    this.#open = doubled(this.#open);
    this.#high = doubled(this.#high);
    this.#low = doubled(this.#low);
    this.#close = doubled(this.#close);
    this.#volume = doubled(this.#volume);
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
