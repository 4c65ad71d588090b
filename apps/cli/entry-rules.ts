/** What may keep a set-up from being entered: hours, news, the evening. */
import type { Command } from 'commander';
import { type EntryGate, entryGate } from '../../agents/entry-gate.ts';
import { MINUTE_MS } from '../../domain/clock.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import { BadInput, reading } from './errors.ts';
import { SESSION_NAMES, type SessionName } from '../../market/calendar/named-sessions.ts';
import { type NewsFlags, newsOf, withNews } from './news.ts';
import { wholeNumber } from './options.ts';

export interface EntryFlags extends NewsFlags {
  readonly sessions?: true;
  readonly hours?: readonly SessionName[];
  readonly flatBeforeClose?: number;
}

const MINUTES_MAX = 24 * 60;

export const withEntryRules = (command: Command): Command =>
  withNews(
    command
      .option('--sessions', 'enter only while the market of the instrument is open')
      .option(
        '--hours <sessions>',
        `enter only during these, comma-separated: ${SESSION_NAMES.join(', ')}`,
        hoursOf,
      )
      .option(
        '--flat-before-close <minutes>',
        'close what was entered so long before trading stops',
        wholeNumber('--flat-before-close', 1, MINUTES_MAX),
      ),
  );

/** What the flags ask for, or undefined when every hour will do. */
export function gateOf(flags: EntryFlags, { instrument, timeframe }: Feed): EntryGate | undefined {
  const { sessions = false, hours, flatBeforeClose } = flags;
  const news = newsOf(flags);
  const asked = sessions || [hours, news, flatBeforeClose].some((rule) => rule !== undefined);
  if (!asked) return undefined;
  const flat =
    flatBeforeClose === undefined ? {} : { flatBeforeCloseMs: flatBeforeClose * MINUTE_MS };
  const rules = {
    sessions,
    ...(hours === undefined ? {} : { hours }),
    ...(news === undefined ? {} : { news }),
    ...flat,
  };
  return reading(() => entryGate(rules, instrument, timeframe));
}

function hoursOf(value: string): readonly SessionName[] {
  return value.split(',').map((text) => {
    const name = SESSION_NAMES.find((session) => session === text.trim());
    if (name !== undefined) return name;
    throw new BadInput(`--hours "${value}" must name some of ${SESSION_NAMES.join(', ')}`);
  });
}
