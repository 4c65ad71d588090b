import pc from 'picocolors';
import { DAY_MS } from '../../../domain/clock.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { calendarOf } from '../../../market/calendar/calendars.ts';
import type {
  Holiday,
  Session,
  TradingCalendar,
} from '../../../market/calendar/trading-calendar.ts';
import { wallTimeMs } from '../../../market/calendar/zone.ts';
import { type Blackout, blackouts } from '../../../market/events/blackout.ts';
import { readInstrumentBook } from '../../../market/instruments/instrument-file.ts';
import { instrumentByName } from '../../../market/instruments/instruments.ts';
import { openCandles } from '../../candle-store.ts';
import { EDGE } from '../edge.ts';
import { BadInput, reading } from '../errors.ts';
import { newsOf } from '../news.ts';
import { printFacts, printJson, printLine, printTable } from '../output.ts';
import type { CalendarFlags } from './calendar.ts';

const DAYS_SHOWN = 14;
const DAYS_MAX = 3_660;

export function runCalendar(name: string, flags: CalendarFlags): void {
  const fromMs = flags.from ?? startOfDay(EDGE.clock.now());
  const toMs = (flags.to ?? fromMs + (DAYS_SHOWN - 1) * DAY_MS) + DAY_MS;
  if (toMs <= fromMs)
    throw new BadInput(
      `--to ${dateOf(toMs - DAY_MS)} must not come before --from ${dateOf(fromMs)}`,
    );
  if (toMs - fromMs > DAYS_MAX * DAY_MS)
    throw new BadInput(
      `--from ${dateOf(fromMs)} --to ${dateOf(toMs - DAY_MS)} is more than ${DAYS_MAX} days; ask for fewer`,
    );
  const instrument = instrumentNamed(name, flags, toMs);
  const calendar = calendarOf(instrument);
  const [first, last] = [dateOf(fromMs), dateOf(toMs - DAY_MS)];
  // A session may lie on other days of UTC than its own date.
  const sessions = [...calendar.sessions(fromMs - DAY_MS, toMs + DAY_MS)].filter(
    ({ date }) => date >= first && date <= last,
  );
  const holidays = [...calendar.holidays(fromMs, toMs)];
  const windows = windowsOf(instrument, flags, fromMs, toMs);
  if (flags.json) {
    printJson({
      instrument: instrument.id,
      market: calendar.name,
      zone: calendar.zone,
      from: first,
      to: last,
      sessions,
      holidays,
      ...(windows === undefined ? {} : { blackouts: windows }),
    });
    return;
  }
  printLine();
  printLine(pc.bold(`  ${instrument.id}: ${calendar.name}`));
  printLine();
  printDays(calendar, sessions, holidays);
  if (windows !== undefined) printBlackouts(calendar, windows);
  printLine();
}

function instrumentNamed(name: string, flags: CalendarFlags, atMs: number): Instrument {
  return reading(() =>
    instrumentByName(
      name,
      readInstrumentBook(openCandles(flags.candlesDir).folder).instrumentsAt(atMs),
    ),
  );
}

function windowsOf(
  instrument: Instrument,
  flags: CalendarFlags,
  fromMs: number,
  toMs: number,
): readonly Blackout[] | undefined {
  const news = newsOf(flags);
  if (news === undefined) return undefined;
  const { windows } = blackouts(news.events, instrument, news.rule);
  return windows.filter((window) => window.toMs > fromMs && window.fromMs < toMs);
}

function printDays(
  calendar: TradingCalendar,
  sessions: readonly Session[],
  holidays: readonly Holiday[],
): void {
  const rows = [
    ...sessions.map((session) => ({ date: session.date, cells: sessionCells(calendar, session) })),
    ...holidays.map(({ date, because }) => ({ date, cells: ['closed', '', because] })),
  ].sort((a, b) => (a.date < b.date ? -1 : 1));
  if (rows.length === 0) return printLine('  A weekend: nothing trades.');
  printTable(
    ['', 'day', `opens, ${calendar.zone}`, 'closes', ''],
    rows.map(({ date, cells }) => [weekday(date), date, ...cells]),
  );
}

const sessionCells = ({ zone }: TradingCalendar, session: Session): string[] => [
  dayAndTime(zone, session.opensAtMs),
  dayAndTime(zone, session.closesAtMs),
  session.because === undefined ? '' : `early: ${session.because}`,
];

function printBlackouts({ zone }: TradingCalendar, windows: readonly Blackout[]): void {
  printLine();
  if (windows.length === 0) return printLine('  No event of the file keeps it from being entered.');
  printLine(pc.bold('  Nothing is opened around these events'));
  printFacts(
    windows.map(({ fromMs, toMs, events }) => [
      `${dateOf(wallTimeMs(zone, fromMs))} ${dayAndTime(zone, fromMs)} to ${dayAndTime(zone, toMs)}`,
      events.map(({ country, name }) => `${country} ${name}`).join(', '),
    ]),
  );
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const weekday = (date: string): string => WEEKDAYS[new Date(date).getUTCDay()] ?? '';

const startOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `Sun 17:00`, by the clocks of the market. */
function dayAndTime(zone: string, ms: number): string {
  const wall = new Date(wallTimeMs(zone, ms)).toISOString();
  return `${weekday(wall.slice(0, 10))} ${wall.slice(11, 16)}`;
}
