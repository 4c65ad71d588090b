import { parsePlainNumber } from '../plain-number.ts';
import { epochUnit, parseEpoch } from './epoch.ts';
import { readTime } from './time-text.ts';
import type { Instants } from './zone.ts';

/** Reads the time at `bytes[start, end)`: a number since 1970 or, undefined, a text. */
export type EpochReader = (bytes: Buffer, start: number, end: number) => number;

/** How the times of a file are written, told by the first of them. */
export function epochReader(
  first: string,
  inMilliseconds: boolean,
): { readonly read: EpochReader; readonly note?: string } | undefined {
  if (inMilliseconds) return { read: parsePlainNumber };
  // `20180102` and `20180102170000` are numbers and days.
  if (!/^-?\d+(\.\d+)?$/.test(first) || readTime(first) !== undefined) return undefined;
  const unit = epochUnit(Number(first));
  return {
    read: (bytes, start, end) => parseEpoch(bytes, start, end, unit),
    note: `times were read as ${unit} since 1970`,
  };
}

export interface TextTimes {
  /** The instants that a text may mean, earlier first: one, none, or two. Undefined: it is no time. */
  read(text: string): Instants | undefined;
  notes(): readonly string[];
}

/** Times as people write them. A day without a time is the session of that day, which opens at 00:00 UTC. */
export function textTimes(
  zone: string | undefined,
  clock: (wallMs: number) => Instants,
): TextTimes {
  let [days, walls] = [0, 0];
  return {
    read(text) {
      const time = readTime(text);
      if (time === undefined) return undefined;
      if (time.kind === 'DATE') days++;
      if (time.kind !== 'WALL') return [time.ms];
      walls++;
      return clock(time.ms);
    },
    notes: () => [
      ...(days > 0 ? ['days without a time were read as sessions, which open at 00:00 UTC'] : []),
      ...(walls > 0
        ? [`times without a zone were read as ${zone ?? 'UTC; --timezone names another'}`]
        : []),
    ],
  };
}
