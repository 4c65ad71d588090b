// Source: the public Pine Script "buzz and squeeze" reading of John Bollinger's BandWidth and %b.
import { Bollinger } from './bollinger.ts';
import { fillWindow } from './period.ts';

/** 2 and −2: the bands flew open, with price in their upper or lower half. −1: they are squeezed. 0: neither. */
type BandMood = -2 | -1 | 0 | 2;

const BAND_BARS = 15;
const BAND_DEVIATIONS = 1.5;
const BARS_BEFORE_PIVOT = 20;
const BARS_AFTER_PIVOT = 10;
const PIVOT_SPAN = BARS_BEFORE_PIVOT + 1 + BARS_AFTER_PIVOT;
/** As the original has it: some two thousand values until all of them are there. */
const PIVOTS_KEPT = 50;
/** A peak and a trough turn up about once in forty values; so many leave room for those that are late. */
const VALUES_PER_PIVOT = 60;
/** So far short of the usual peak of the width the bands count as wide, and so far above the usual trough as narrow. */
const NEARNESS = 0.7;
const FLIP_BELOW = 0.2;
const FLIP_ABOVE = 0.8;
const FALLS_TO_CALM = 3;

/** Values until the means rest on as many peaks and troughs as they will ever remember. */
export const bandStateWarmup = (pivotsKept = PIVOTS_KEPT): number =>
  BAND_BARS + PIVOT_SPAN + VALUES_PER_PIVOT * pivotsKept;

/**
 * The state of Bollinger's bands, of 15 closes and 1.5 deviations. Their width is compared with its own
 * last peaks and troughs, 50 of each unless told otherwise: rising through `buzz`, 0.7 of the mean peak, it sets 2 or −2 by the half
 * in which price lies; falling through `squeeze`, the mean trough over 0.7, it sets −1. A price in the
 * opposite fifth of the bands turns 2 into −2 and back, and a width that falls three times in a row ends
 * either. Peaks and troughs count from when ten values have followed them, so nothing repaints. NaN until
 * the first of each is known; the means settle as more become known.
 *
 * Left out of the original: a second, slower width and an average of the width, which only draw.
 */
export class BandState {
  readonly #bands = new Bollinger(BAND_BARS, BAND_DEVIATIONS);
  readonly #widths = new Float64Array(PIVOT_SPAN);
  #count = 0;
  readonly #peaks: KeptMean;
  readonly #troughs: KeptMean;
  #falls = 0;
  #state: BandMood = 0;

  constructor(pivotsKept = PIVOTS_KEPT) {
    this.#peaks = new KeptMean(pivotsKept);
    this.#troughs = new KeptMean(pivotsKept);
  }

  push(close: number): number {
    const { width, position } = this.#bands.push(close);
    if (Number.isNaN(width)) return this.#beginAfresh();
    const before =
      this.#count === 0 ? width : this.#widths[(this.#count + PIVOT_SPAN - 1) % PIVOT_SPAN]!;
    this.#widths[this.#count++ % PIVOT_SPAN] = width;
    this.#falls = width < before ? this.#falls + 1 : 0;
    if (this.#count < PIVOT_SPAN) return Number.NaN;
    this.#learn();
    const buzz = this.#peaks.mean * NEARNESS;
    const squeeze = this.#troughs.mean / NEARNESS;
    if (Number.isNaN(buzz + squeeze)) return Number.NaN;
    this.#state = this.#next(position, before, width, buzz, squeeze);
    return this.#state;
  }

  /** Before the bands are known there is nothing to forget; after a hole in the data there is. */
  #beginAfresh(): number {
    this.#count = 0;
    this.#falls = 0;
    this.#state = 0;
    this.#peaks.clear();
    this.#troughs.clear();
    return Number.NaN;
  }

  #next(position: number, before: number, width: number, buzz: number, squeeze: number): BandMood {
    if (before <= buzz && width > buzz) return position > 0.5 ? 2 : -2;
    if (before >= squeeze && width < squeeze) return -1;
    if (this.#state !== 2 && this.#state !== -2) return this.#state;
    if (this.#falls >= FALLS_TO_CALM) return 0;
    if (position < FLIP_BELOW) return -2;
    return position > FLIP_ABOVE ? 2 : this.#state;
  }

  /** Keeps the width of ten values ago when it stands out from the twenty before it and the ten after. */
  #learn(): void {
    const middle = this.#widths[(this.#count + BARS_BEFORE_PIVOT) % PIVOT_SPAN]!;
    let isPeak = true;
    let isTrough = true;
    for (let age = 0; age < PIVOT_SPAN; age++) {
      if (age === BARS_BEFORE_PIVOT) continue;
      const other = this.#widths[(this.#count + age) % PIVOT_SPAN]!;
      // Of equal widths the first is the pivot.
      const isEarlier = age < BARS_BEFORE_PIVOT;
      if (isEarlier ? other >= middle : other > middle) isPeak = false;
      if (isEarlier ? other <= middle : other < middle) isTrough = false;
    }
    if (isPeak) this.#peaks.keep(middle);
    if (isTrough) this.#troughs.keep(middle);
  }

  save() {
    return {
      bands: this.#bands.save(),
      widths: this.#widths.slice(),
      count: this.#count,
      peaks: this.#peaks.save(),
      troughs: this.#troughs.save(),
      falls: this.#falls,
      state: this.#state,
    };
  }

  load(saved: ReturnType<BandState['save']>): void {
    this.#bands.load(saved.bands);
    fillWindow(this.#widths, saved.widths);
    this.#count = saved.count;
    this.#peaks.load(saved.peaks);
    this.#troughs.load(saved.troughs);
    this.#falls = saved.falls;
    this.#state = saved.state;
  }
}

/** The mean of the newest values that were kept; NaN before the first. */
class KeptMean {
  readonly #kept: Float64Array;
  #count = 0;
  #mean = Number.NaN;

  constructor(most: number) {
    this.#kept = new Float64Array(most);
  }

  get mean(): number {
    return this.#mean;
  }

  clear(): void {
    this.#count = 0;
    this.#mean = Number.NaN;
  }

  keep(value: number): void {
    this.#kept[this.#count++ % this.#kept.length] = value;
    const there = Math.min(this.#count, this.#kept.length);
    let sum = 0;
    for (let i = 0; i < there; i++) sum += this.#kept[i]!;
    this.#mean = sum / there;
  }

  save() {
    return { kept: this.#kept.slice(), count: this.#count, mean: this.#mean };
  }

  load({ kept, count, mean }: ReturnType<KeptMean['save']>): void {
    fillWindow(this.#kept, kept);
    this.#count = count;
    this.#mean = mean;
  }
}

export function bandStateOf(closes: Float64Array): Float64Array {
  const bands = new BandState();
  return closes.map((close) => bands.push(close));
}
