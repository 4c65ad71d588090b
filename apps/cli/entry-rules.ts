/** What may keep a set-up from being entered: hours, news, the evening. */
import type { Command } from 'commander';
import { type EntryGate, entryGate } from '../../agents/entry-gate.ts';
import { MINUTE_MS } from '../../domain/clock.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import { reading } from './errors.ts';
import { type NewsFlags, newsOf, withNews } from './news.ts';
import { wholeNumber } from './options.ts';

export interface EntryFlags extends NewsFlags {
  readonly sessions?: true;
  readonly flatBeforeClose?: number;
}

const MINUTES_MAX = 24 * 60;

export const withEntryRules = (command: Command): Command =>
  withNews(
    command
      .option('--sessions', 'enter only while the market of the instrument is open')
      .option(
        '--flat-before-close <minutes>',
        'close what was entered so long before trading stops',
        wholeNumber('--flat-before-close', 1, MINUTES_MAX),
      ),
  );

/** What the flags ask for, or undefined when every hour will do. */
export function gateOf(flags: EntryFlags, { instrument, timeframe }: Feed): EntryGate | undefined {
  const { sessions = false, flatBeforeClose } = flags;
  const news = newsOf(flags);
  if (!sessions && news === undefined && flatBeforeClose === undefined) return undefined;
  const flat =
    flatBeforeClose === undefined ? {} : { flatBeforeCloseMs: flatBeforeClose * MINUTE_MS };
  const rules = { sessions, ...(news === undefined ? {} : { news }), ...flat };
  return reading(() => entryGate(rules, instrument, timeframe));
}
