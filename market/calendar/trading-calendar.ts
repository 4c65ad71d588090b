import { TIMEFRAME_MS, type Timeframe } from '../../domain/candle.ts';
import { DAY_MS, MINUTE_MS, utcDay } from '../../domain/clock.ts';
import { dateText } from './civil-day.ts';
import type { Schedule } from './schedule.ts';
import { instantOf } from './zone.ts';

/** One trading day of a market: open from `opensAtMs` until just before `closesAtMs`. */
export interface Session {
  /** The trading day's name, `2025-01-09`; one that begins on an evening is named after the next day. */
  readonly date: string;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
  /** It closes earlier than on other days. */
  readonly early: boolean;
  /** Why it does; absent otherwise. */
  readonly because?: string;
}

/** A day that would have been a session, and is none. */
export interface Holiday {
  readonly date: string;
  readonly because: string;
}

/** A stretch of time that is all one session, or all closed. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly session: Session | undefined;
}

const NOWHERE: Span = { fromMs: Infinity, toMs: -Infinity, session: undefined };

/** No market of ours stays closed, and none but those that never close stays open, for so long. */
const SEARCH_DAYS_MAX = 14;

/**
 * When a market trades. Answers about the same session as the question before cost a comparison, and
 * sessions once reckoned are kept, so that it can be asked at every bar of a backtest.
 */
export class TradingCalendar {
  readonly name: string;
  readonly zone: string;
  readonly #schedule: Schedule;
  readonly #sessions = new Map<number, Session | undefined>();
  #span: Span = NOWHERE;

  constructor(schedule: Schedule) {
    this.name = schedule.name;
    this.zone = schedule.zone;
    this.#schedule = schedule;
  }

  isOpen(ms: number): boolean {
    return this.#spanAt(ms).session !== undefined;
  }

  sessionAt(ms: number): Session | undefined {
    return this.#spanAt(ms).session;
  }

  /** The first instant, from `ms` on, at which it trades: `ms` itself while it is open. */
  nextOpenMs(ms: number): number {
    const { session, toMs } = this.#spanAt(ms);
    return session === undefined ? toMs : ms;
  }

  /**
   * When trading stops next, seen from `ms`. Sessions that follow each other without a pause are gone
   * through: currencies stop on Friday. Undefined for a market that never stops.
   */
  nextCloseMs(ms: number): number | undefined {
    let { closesAtMs } = this.#sessionFrom(ms);
    for (let followed = 0; followed < SEARCH_DAYS_MAX; followed++) {
      const following = this.#sessionFrom(closesAtMs);
      if (following.opensAtMs > closesAtMs) return closesAtMs;
      ({ closesAtMs } = following);
    }
    return undefined;
  }

  /** Every session that has a part in [fromMs, toMs), oldest first. */
  *sessions(fromMs: number, toMs: number): Generator<Session> {
    for (let day = utcDay(fromMs) - 1; day <= utcDay(toMs) + 1; day++) {
      const session = this.#sessionOn(day);
      if (session !== undefined && session.closesAtMs > fromMs && session.opensAtMs < toMs)
        yield session;
    }
  }

  /** The days without a session, weekends left out, that begin in [fromMs, toMs) by UTC. */
  *holidays(fromMs: number, toMs: number): Generator<Holiday> {
    for (let day = Math.ceil(fromMs / DAY_MS); day * DAY_MS < toMs; day++) {
      const plan = this.#schedule.planOf(day);
      if (plan.kind === 'CLOSED' && plan.because !== undefined)
        yield { date: dateText(day), because: plan.because };
    }
  }

  /**
   * Whether a bar that is missing was owed. A daily bar at 00:00 UTC stands for the trading day of that
   * date; any other bar is owed when a part of it lies in a session.
   */
  isExpectedBar(openTimeMs: number, timeframe: Timeframe): boolean {
    if (timeframe === '1d' && openTimeMs % DAY_MS === 0)
      return this.#sessionOn(utcDay(openTimeMs)) !== undefined;
    return this.nextOpenMs(openTimeMs) < openTimeMs + TIMEFRAME_MS[timeframe];
  }

  #spanAt(ms: number): Span {
    if (ms >= this.#span.fromMs && ms < this.#span.toMs) return this.#span;
    const session = this.#sessionFrom(ms);
    const { opensAtMs, closesAtMs } = session;
    this.#span =
      opensAtMs <= ms
        ? { fromMs: opensAtMs, toMs: closesAtMs, session }
        : { fromMs: ms, toMs: opensAtMs, session: undefined };
    return this.#span;
  }

  /** The session at an instant, or the first one after it. */
  #sessionFrom(ms: number): Session {
    // A session's date lies at most a day behind UTC while it lasts, whatever its zone.
    const today = utcDay(ms);
    for (let day = today - 1; day <= today + SEARCH_DAYS_MAX; day++) {
      const session = this.#sessionOn(day);
      if (session !== undefined && session.closesAtMs > ms) return session;
    }
    throw new RangeError(
      `${this.name} has no session within ${SEARCH_DAYS_MAX} days after ${ms} ms; times are milliseconds since 1970, UTC`,
    );
  }

  #sessionOn(day: number): Session | undefined {
    if (this.#sessions.has(day)) return this.#sessions.get(day);
    const session = this.#reckon(day);
    this.#sessions.set(day, session);
    return session;
  }

  #reckon(day: number): Session | undefined {
    const plan = this.#schedule.planOf(day);
    if (plan.kind === 'CLOSED') return undefined;
    const { opensAtMinute, closesAtMinute, earlyBecause } = plan;
    return {
      date: dateText(day),
      opensAtMs: instantOf(this.zone, day * DAY_MS + opensAtMinute * MINUTE_MS),
      closesAtMs: instantOf(this.zone, day * DAY_MS + closesAtMinute * MINUTE_MS),
      early: earlyBecause !== undefined,
      ...(earlyBecause === undefined ? {} : { because: earlyBecause }),
    };
  }
}
