// Source: Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE (1988); of bars, by typical price.
import { type Bar, barAt, type Columns } from './indicator.ts';
import { checkedPeriod } from './period.ts';
import { SlidingFold } from './sliding-fold.ts';

/** A bar and the session it is of, such as the number of its UTC day: any number that changes with it. */
export interface SessionBar extends Bar {
  readonly session: number;
}

/**
 * Volume-weighted average price since the session began; NaN until there was volume in it, and to its
 * end once a bar of it was NaN.
 */
export class SessionVwap {
  #session = Number.NaN;
  #turnover = 0;
  #volume = 0;

  push(bar: SessionBar): number {
    if (bar.session !== this.#session) {
      this.#session = bar.session;
      this.#turnover = 0;
      this.#volume = 0;
    }
    this.#turnover += turnoverOf(bar);
    this.#volume += bar.volume;
    return this.#turnover / this.#volume;
  }

  save() {
    return { session: this.#session, turnover: this.#turnover, volume: this.#volume };
  }

  load({ session, turnover, volume }: ReturnType<SessionVwap['save']>): void {
    this.#session = session;
    this.#turnover = turnover;
    this.#volume = volume;
  }
}

/** Volume-weighted average price of the last `period` bars; NaN until there are as many, and without volume. */
export class RollingVwap {
  readonly #turnover: SlidingFold;
  readonly #volume: SlidingFold;

  constructor(period: number) {
    checkedPeriod('VWAP', period);
    this.#turnover = SlidingFold.sum(period);
    this.#volume = SlidingFold.sum(period);
  }

  push(bar: Bar): number {
    return this.#turnover.push(turnoverOf(bar)) / this.#volume.push(bar.volume);
  }

  save() {
    return { turnover: this.#turnover.save(), volume: this.#volume.save() };
  }

  load({ turnover, volume }: ReturnType<RollingVwap['save']>): void {
    this.#turnover.load(turnover);
    this.#volume.load(volume);
  }
}

/** `sessions` holds the session of each bar. */
export function sessionVwapOf(columns: Columns, sessions: Float64Array): Float64Array {
  const vwap = new SessionVwap();
  const averages = new Float64Array(sessions.length);
  for (let i = 0; i < averages.length; i++) {
    averages[i] = vwap.push({ ...barAt(columns, i), session: sessions[i]! });
  }
  return averages;
}

export function rollingVwapOf(columns: Columns, period: number): Float64Array {
  const vwap = new RollingVwap(period);
  const averages = new Float64Array(columns.close.length);
  for (let i = 0; i < averages.length; i++) averages[i] = vwap.push(barAt(columns, i));
  return averages;
}

const turnoverOf = ({ high, low, close, volume }: Bar): number =>
  ((high + low + close) / 3) * volume;
