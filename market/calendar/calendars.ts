import type { AssetClass, Instrument } from '../../domain/instrument.ts';
import { EQUITY_SCHEDULE } from './equity-schedule.ts';
import { FX_SCHEDULE } from './fx-schedule.ts';
import { METAL_SCHEDULE } from './metal-schedule.ts';
import { clock, type Schedule } from './schedule.ts';
import { TradingCalendar } from './trading-calendar.ts';

/** Always open; a trading day is a day of UTC. */
const CRYPTO_SCHEDULE: Schedule = {
  name: 'the crypto market',
  zone: 'UTC',
  planOf: () => ({ kind: 'OPEN', opensAtMinute: 0, closesAtMinute: clock(24) }),
};

/** One each, because they remember the sessions they have reckoned. */
const CALENDARS: Readonly<Record<AssetClass, TradingCalendar>> = {
  CRYPTO: new TradingCalendar(CRYPTO_SCHEDULE),
  EQUITY: new TradingCalendar(EQUITY_SCHEDULE),
  FX: new TradingCalendar(FX_SCHEDULE),
  METAL: new TradingCalendar(METAL_SCHEDULE),
};

/** When an instrument, or a class of them, trades. Shares are New York's. */
export const calendarOf = (subject: Instrument | AssetClass): TradingCalendar =>
  CALENDARS[typeof subject === 'string' ? subject : subject.assetClass];

/**
 * When trading in an instrument stops, for an entry at `atMs` that shall not be held over it: the
 * evening for shares and metals, Friday for currencies. Undefined while it is closed, and always for
 * what never stops.
 */
export function sessionCloseFor(instrument: Instrument, atMs: number): number | undefined {
  const calendar = calendarOf(instrument);
  return calendar.isOpen(atMs) ? calendar.nextCloseMs(atMs) : undefined;
}
