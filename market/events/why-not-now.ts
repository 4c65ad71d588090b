import type { Timeframe } from '../../domain/candle.ts';
import { MINUTE_MS } from '../../domain/clock.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { calendarOf } from '../calendar/calendars.ts';
import type { TradingCalendar } from '../calendar/trading-calendar.ts';
import { type BlackoutCalendar, type BlackoutRule, blackouts } from './blackout.ts';
import type { EconomicEvent } from './economic-event.ts';

export interface EntryRules {
  /** Enter only while the instrument's market is open. */
  readonly sessions: boolean;
  /** Enter only away from these events. */
  readonly news?: { readonly events: readonly EconomicEvent[]; readonly rule: BlackoutRule };
}

/** When one instrument may be entered; made once, asked at every bar. */
export interface EntryHours {
  readonly calendar: TradingCalendar | undefined;
  readonly blackouts: BlackoutCalendar | undefined;
}

/**
 * Daily bars are not held to sessions: they end at midnight UTC, when most markets are closed, and what
 * follows from them waits for the next opening in any case.
 */
export const entryHours = (
  { sessions, news }: EntryRules,
  instrument: Instrument,
  timeframe: Timeframe,
): EntryHours => ({
  calendar: sessions && timeframe !== '1d' ? calendarOf(instrument) : undefined,
  blackouts: news && blackouts(news.events, instrument, news.rule),
});

/** Why nothing is opened at an instant, or undefined when nothing stands against it. Exits never ask. */
export const whyNotNow = (hours: EntryHours, atMs: number): string | undefined =>
  whyClosed(hours.calendar, atMs) ?? whyBlackedOut(hours.blackouts, atMs);

function whyClosed(calendar: TradingCalendar | undefined, atMs: number): string | undefined {
  if (calendar === undefined || calendar.isOpen(atMs)) return undefined;
  const opens = new Date(calendar.nextOpenMs(atMs)).toISOString().slice(0, 16).replace('T', ' ');
  return `${calendar.name} is closed until ${opens} UTC`;
}

function whyBlackedOut(calendar: BlackoutCalendar | undefined, atMs: number): string | undefined {
  const event = calendar?.eventAt(atMs);
  if (event === undefined) return undefined;
  const minutes = Math.ceil(Math.abs(event.atMs - atMs) / MINUTE_MS);
  const span = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return `${span} ${atMs < event.atMs ? 'before' : 'after'} ${event.country} ${event.name}`;
}
