/** What may stand between a set-up and an entry although the set-up is there: hours, news, the evening. */
import { TIMEFRAME_MS, type Timeframe } from '../domain/candle.ts';
import { MINUTE_MS } from '../domain/clock.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { NoSetup, Signal } from '../domain/signal.ts';
import { sessionCloseFor } from '../market/calendar/calendars.ts';
import { entryHours, type EntryRules, whyNotNow } from '../market/events/why-not-now.ts';

/** Exits never ask. */
export interface EntryGate {
  /** The rules in force, one sentence each: a start records them. */
  readonly says: readonly string[];
  /** The signal as it may be entered at an instant, or why it is not. */
  admit(signal: Signal, atMs: number): Signal | NoSetup;
}

export interface GateRules extends EntryRules {
  /** Whatever is entered is closed so long before trading stops; left out, it may be held over. */
  readonly flatBeforeCloseMs?: number;
}

export function entryGate(
  rules: GateRules,
  instrument: Instrument,
  timeframe: Timeframe,
): EntryGate {
  const hours = entryHours(rules, instrument, timeframe);
  const { flatBeforeCloseMs } = rules;
  if (flatBeforeCloseMs !== undefined && timeframe === '1d')
    throw new Error('daily bars close when the session is over; nothing can be closed before that');
  return {
    says: sayings(rules),
    admit(signal, atMs) {
      const why = whyNotNow(hours, atMs);
      if (why !== undefined) return notEntered(signal, why);
      if (flatBeforeCloseMs === undefined) return signal;
      const closesAtMs = sessionCloseFor(instrument, atMs);
      if (closesAtMs === undefined) return signal;
      const closeAtMs = closesAtMs - flatBeforeCloseMs;
      // Not worth entering for less than a bar.
      if (closeAtMs < atMs + TIMEFRAME_MS[timeframe])
        return notEntered(signal, 'trading is about to stop');
      return { ...signal, management: { ...signal.management, closeAtMs } };
    },
  };
}

const notEntered = ({ strategyId, direction }: Signal, why: string): NoSetup => ({
  kind: 'NO_SETUP',
  strategyId,
  because: `a ${direction} set-up is not entered: ${why}`,
});

function sayings({ sessions, hours = [], news, flatBeforeCloseMs }: GateRules): readonly string[] {
  return [
    ...(sessions ? ['Entries only while the market is open.'] : []),
    ...(hours.length === 0 ? [] : [`Entries only during the session of ${hours.join(' or ')}.`]),
    ...(news === undefined
      ? []
      : [
          `No entries from ${news.rule.beforeMs / MINUTE_MS} minutes before to ${news.rule.afterMs / MINUTE_MS} ` +
            `minutes after ${news.events.length} events of ${news.rule.impact} impact or more.`,
        ]),
    ...(flatBeforeCloseMs === undefined
      ? []
      : [`Positions are closed ${flatBeforeCloseMs / MINUTE_MS} minutes before trading stops.`]),
  ];
}
