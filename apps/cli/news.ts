/** How far entries keep away from economic events. */
import { type Command, Option } from 'commander';
import type { BlackoutRule } from '../../market/events/blackout.ts';
import { type EconomicEvent, type Impact, IMPACTS } from '../../market/events/economic-event.ts';
import { readEvents } from '../../market/events/read-events.ts';
import { BadInput, reading } from './errors.ts';

export interface NewsFlags {
  readonly events?: string;
  readonly blackout?: Pick<BlackoutRule, 'beforeMs' | 'afterMs'>;
  readonly impact?: Impact;
}

const BLACKOUT_DEFAULT = '30m,30m';
const IMPACT_DEFAULT = 'high';

export const withNews = (command: Command): Command =>
  command
    .option('--events <file>', 'economic events, as CSV or JSON, to keep away from')
    .addOption(
      new Option('--blackout <before,after>', 'how long around an event nothing is opened')
        .argParser(blackoutOf)
        .default(undefined, BLACKOUT_DEFAULT),
    )
    .addOption(
      new Option('--impact <level>', 'the least that counts: low, medium or high')
        .argParser(impactOf)
        .default(undefined, IMPACT_DEFAULT),
    );

/** The events of the file that was named, and how far to keep away from them. */
export function newsOf({
  events,
  blackout,
  impact,
}: NewsFlags):
  { readonly events: readonly EconomicEvent[]; readonly rule: BlackoutRule } | undefined {
  if (events === undefined) {
    const idle =
      blackout !== undefined ? '--blackout' : impact !== undefined ? '--impact' : undefined;
    if (idle !== undefined)
      throw new BadInput(`${idle} is about events; name their file with --events`);
    return undefined;
  }
  const rule = {
    ...(blackout ?? blackoutOf(BLACKOUT_DEFAULT)),
    impact: impact ?? impactOf(IMPACT_DEFAULT),
  };
  return { events: reading(() => readEvents(events)), rule };
}

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
