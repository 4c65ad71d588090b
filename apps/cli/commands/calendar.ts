import type { Command } from 'commander';
import { BadInput } from '../errors.ts';
import { type NewsFlags, withNews } from '../news.ts';
import { type StoreFlags, withStore } from './data/flags.ts';

export interface CalendarFlags extends StoreFlags, NewsFlags {
  readonly from?: number;
  readonly to?: number;
}

const ZONES_HELP =
  '\nTimes are those of the market; --json gives UTC milliseconds. Each event of the file states its zone.';

export function addCalendar(program: Command): void {
  const calendar = program
    .command('calendar')
    .argument('<instrument>', 'such as EUR/USD, or the ticker of a share')
    .description('When an instrument trades: sessions, holidays, early closes, and blackouts.')
    .option('--from <day>', 'first day, such as 2024-12-20; today when left out', dayOf('--from'))
    .option('--to <day>', 'last day; two weeks after the first when left out', dayOf('--to'))
    .addHelpText('after', ZONES_HELP);
  withStore(withNews(calendar)).action(async (instrument: string, flags: CalendarFlags) =>
    (await import('./run-calendar.ts')).runCalendar(instrument, flags),
  );
}

const dayOf =
  (option: string) =>
  (value: string): number => {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
    // Some engines read 30 February as a day of March.
    if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value)) return ms;
    throw new BadInput(`${option} "${value}" must be a day, such as 2024-12-24`);
  };
