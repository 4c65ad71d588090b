import type { Timeframe } from '../../../../domain/candle.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import { calendarOf } from '../../../../market/calendar/calendars.ts';

/** Which bars a market owes. */
export interface ExpectedBars {
  /** Whose sessions they are. */
  readonly market: string;
  isExpected(openTimeMs: number): boolean;
}

/** By the calendar of the instrument that `find` finds; undefined for one that Plimsoll does not know. */
export function expectedBars(
  find: () => Instrument,
  timeframe: Timeframe,
): ExpectedBars | undefined {
  let instrument: Instrument;
  try {
    instrument = find();
  } catch {
    return undefined;
  }
  const calendar = calendarOf(instrument);
  return {
    market: calendar.name,
    isExpected: (openTimeMs) => calendar.isExpectedBar(openTimeMs, timeframe),
  };
}
