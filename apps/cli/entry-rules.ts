import type { Command } from 'commander';
import { type EntryGate, entryGate, type GateRules } from '../../agents/entry-gate.ts';
import { MINUTE_MS } from '../../domain/clock.ts';
import { type Impact, IMPACTS } from '../../market/events/economic-event.ts';
import { readEvents } from '../../market/events/read-events.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import { BadInput, reading } from './errors.ts';
import { wholeNumber } from './options.ts';

export interface EntryFlags {
  readonly sessions?: true;
  readonly news?: string;
  readonly newsWindow: readonly [before: number, after: number];
  readonly newsImpact: Impact;
  readonly flatBeforeClose?: number;
}

const WINDOW_DEFAULT = '30,30';
const MINUTES_MAX = 24 * 60;

export const addEntryOptions = (command: Command): Command =>
  command
    .option('--sessions', 'enter only while the market of the instrument is open')
    .option('--news <file>', 'economic events, CSV or JSON; nothing is entered around them')
    .option(
      '--news-window <before,after>',
      'minutes around each event',
      windowOf,
      windowOf(WINDOW_DEFAULT),
    )
    .option('--news-impact <impact>', 'the least impact that counts', impactOf, 'HIGH')
    .option(
      '--flat-before-close <minutes>',
      'close what was entered so long before trading stops',
      wholeNumber('--flat-before-close', 1, MINUTES_MAX),
    );

/** What the flags ask for, or undefined when every hour will do. */
export function gateOf(flags: EntryFlags, { instrument, timeframe }: Feed): EntryGate | undefined {
  const { sessions = false, news, flatBeforeClose } = flags;
  if (!sessions && news === undefined && flatBeforeClose === undefined) return undefined;
  const [before, after] = flags.newsWindow;
  const rules: GateRules = {
    sessions,
    ...(news === undefined
      ? {}
      : {
          news: {
            events: reading(() => readEvents(news)),
            rule: {
              beforeMs: before * MINUTE_MS,
              afterMs: after * MINUTE_MS,
              impact: flags.newsImpact,
            },
          },
        }),
    ...(flatBeforeClose === undefined ? {} : { flatBeforeCloseMs: flatBeforeClose * MINUTE_MS }),
  };
  return reading(() => entryGate(rules, instrument, timeframe));
}

function windowOf(value: string): readonly [number, number] {
  const parts = value.split(',');
  const [before, after] = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length === 2 && before! <= MINUTES_MAX && after! <= MINUTES_MAX)
    return [before!, after!];
  throw new BadInput(
    `--news-window "${value}" must be two whole numbers of minutes, such as ${WINDOW_DEFAULT}`,
  );
}

function impactOf(value: string): Impact {
  const impact = IMPACTS.find((one) => one === value.toUpperCase());
  if (impact !== undefined) return impact;
  throw new BadInput(`--news-impact "${value}" must be one of ${IMPACTS.join(', ')}`);
}
