import type { Timeframe } from '../../domain/candle.ts';
import { MINUTE_MS } from '../../domain/clock.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { calendarOf } from '../calendar/calendars.ts';
import { namedSession, type SessionName } from '../calendar/named-sessions.ts';
import type { TradingCalendar } from '../calendar/trading-calendar.ts';
import { type BlackoutCalendar, type BlackoutRule, blackouts } from './blackout.ts';
import type { EconomicEvent } from './economic-event.ts';

export interface EntryRules {
  /** Enter only while the instrument's market is open. */
  readonly sessions: boolean;
  /** Enter only during one of these; left out or empty, at any time of the day. */
  readonly hours?: readonly SessionName[];
  /** Enter only away from these events. */
  readonly news?: { readonly events: readonly EconomicEvent[]; readonly rule: BlackoutRule };
}

/** When one instrument may be entered; made once, asked at every bar. */
export interface EntryHours {
  readonly calendar: TradingCalendar | undefined;
  /** Empty when every hour will do. */
  readonly hours: readonly TradingCalendar[];
  readonly blackouts: BlackoutCalendar | undefined;
}

/**
 * Daily bars are not held to sessions: they end at midnight UTC, when most markets are closed, and what
 * follows from them waits for the next opening in any case.
 */
export const entryHours = (
  { sessions, hours = [], news }: EntryRules,
  instrument: Instrument,
  timeframe: Timeframe,
): EntryHours => ({
  calendar: sessions && timeframe !== '1d' ? calendarOf(instrument) : undefined,
  hours: timeframe === '1d' ? [] : hours.map(namedSession),
  blackouts: news && blackouts(news.events, instrument, news.rule),
});

/** Why nothing is opened at an instant, or undefined when nothing stands against it. Exits never ask. */
export const whyNotNow = (hours: EntryHours, atMs: number): string | undefined =>
  whyClosed(hours.calendar, atMs) ??
  whyOutside(hours.hours, atMs) ??
  whyBlackedOut(hours.blackouts, atMs);

function whyClosed(calendar: TradingCalendar | undefined, atMs: number): string | undefined {
  if (calendar === undefined || calendar.isOpen(atMs)) return undefined;
  const opens = new Date(calendar.nextOpenMs(atMs)).toISOString().slice(0, 16).replace('T', ' ');
  return `${calendar.name} is closed until ${opens} UTC`;
}

/** A bar that closes with a session was made in it, and what follows from it would not be. */
function whyOutside(hours: readonly TradingCalendar[], atMs: number): string | undefined {
  if (hours.length === 0 || hours.some((session) => session.isOpen(atMs))) return undefined;
  return `it is outside of ${hours.map(({ name }) => name).join(' and ')}`;
}

function whyBlackedOut(calendar: BlackoutCalendar | undefined, atMs: number): string | undefined {
  const event = calendar?.eventAt(atMs);
  if (event === undefined) return undefined;
  const minutes = Math.ceil(Math.abs(event.atMs - atMs) / MINUTE_MS);
  const span = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return `${span} ${atMs < event.atMs ? 'before' : 'after'} ${event.country} ${event.name}`;
}
