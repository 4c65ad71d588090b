import { type Command, Option } from 'commander';
import { type Impact, IMPACTS } from '../../../market/events/economic-event.ts';
import type { BlackoutRule } from '../../../market/events/blackout.ts';
import { BadInput } from '../errors.ts';
import { type StoreFlags, withStore } from './data/flags.ts';

export interface CalendarFlags extends StoreFlags {
  readonly from?: number;
  readonly to?: number;
  readonly events?: string;
  readonly blackout: Pick<BlackoutRule, 'beforeMs' | 'afterMs'>;
  readonly impact: Impact;
}

const BLACKOUT_DEFAULT = '30m,30m';
const IMPACT_DEFAULT = 'high';
const ZONES_HELP =
  '\nTimes are those of the market; --json gives UTC milliseconds. Each event of the file states its zone.';

export function addCalendar(program: Command): void {
  withStore(
    program
      .command('calendar')
      .argument('<instrument>', 'such as EUR/USD, or the ticker of a share')
      .description('When an instrument trades: sessions, holidays, early closes, and blackouts.')
      .option('--from <day>', 'first day, such as 2024-12-20; today when left out', dayOf('--from'))
      .option('--to <day>', 'last day; two weeks after the first when left out', dayOf('--to'))
      .option('--events <file>', 'economic events, as CSV or JSON, to keep away from')
      .addOption(
        new Option('--blackout <before,after>', 'how long around an event nothing is opened')
          .argParser(blackoutOf)
          .default(blackoutOf(BLACKOUT_DEFAULT), BLACKOUT_DEFAULT),
      )
      .addOption(
        new Option('--impact <level>', 'the least that counts: low, medium or high')
          .argParser(impactOf)
          .default(impactOf(IMPACT_DEFAULT), IMPACT_DEFAULT),
      )
      .addHelpText('after', ZONES_HELP),
  ).action(async (instrument: string, flags: CalendarFlags) =>
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

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d{1,4})([smh])$/;

/** `30m,1h`: half an hour before and an hour after. */
export function blackoutOf(value: string): Pick<BlackoutRule, 'beforeMs' | 'afterMs'> {
  const [beforeMs, afterMs, ...more] = value.split(',').map((text) => {
    const [, count, unit = ''] = DURATION.exec(text.trim()) ?? [];
    return Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  });
  if (
    beforeMs !== undefined &&
    afterMs !== undefined &&
    more.length === 0 &&
    beforeMs + afterMs > 0
  )
    return { beforeMs, afterMs };
  throw new BadInput(
    `--blackout "${value}" must be two spans of s, m or h, such as 30m,1h, and not both nothing`,
  );
}

export function impactOf(value: string): Impact {
  const impact = IMPACTS.find((known) => known === value.toUpperCase());
  if (impact !== undefined) return impact;
  throw new BadInput(`--impact "${value}" must be low, medium or high`);
}
