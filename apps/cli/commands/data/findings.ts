import { TIMEFRAME_MS, type Timeframe } from '../../../../domain/candle.ts';
import { examine, type Findings, type Stretch } from '../../../../market/candles/check/examine.ts';
import type { Misplaced, Repeated } from '../../../../market/candles/read/settle.ts';
import type { BadRow } from '../../../../market/candles/read/raw-rows.ts';
import type { CandleSeries } from '../../../../market/candles/series.ts';
import type { ExpectedBars } from './expected-bars.ts';
import { bars, count, utc } from './words.ts';

/** Candles to be checked; what only files can have is empty for stored ones. */
export interface Checked {
  readonly series: CandleSeries;
  /** Undefined when there are too few bars to tell. */
  readonly timeframe: Timeframe | undefined;
  /** `line` or `candle`, and the number of each bar's; undefined for stored ones. */
  readonly places: { readonly name: string; readonly of: Uint32Array } | undefined;
  readonly bad: readonly BadRow[];
  readonly misplaced: readonly Misplaced[];
  readonly repeated: readonly Repeated[];
}

/** One kind of thing that was looked for, and what was found of it. */
export interface Finding {
  readonly name: string;
  readonly count: number;
  /** Whether one of them means that the candles should not be trusted. */
  readonly isFault: boolean;
  readonly summary: string;
  /** The first of them, each with its place. */
  readonly first: readonly string[];
}

export interface FindingOptions {
  readonly jumpPercent: number;
  readonly places: number;
  /** Every bar is expected when it is undefined. */
  readonly expected: ExpectedBars | undefined;
}

export function findingsOf(checked: Checked, options: FindingOptions): readonly Finding[] {
  return [...rowFindings(checked, options.places), ...barFindings(checked, options)];
}

function rowFindings(checked: Checked, places: number): readonly Finding[] {
  const { bad, repeated, misplaced } = checked;
  const name = checked.places?.name ?? 'line';
  const at = (place: number, what: string): string => `${name} ${place}: ${what}`;
  const again = (one: Repeated): string =>
    at(one.place, `${utc(one.openTimeMs)}, first in ${name} ${one.firstPlace}`);
  return [
    finding('bad rows', bad, places, ({ place, reason }) => at(place, reason), kindsOf(bad)),
    finding(
      'repeated, the same',
      repeated.filter(({ same }) => same),
      places,
      again,
    ),
    finding(
      'repeated, other values',
      repeated.filter(({ same }) => !same),
      places,
      again,
    ),
    finding('out of order', misplaced, places, (one) =>
      at(one.place, `${utc(one.openTimeMs)} after ${utc(one.afterMs)}`),
    ),
  ];
}

function kindsOf(bad: readonly BadRow[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of bad) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, times]) => `${count(times)} ${kind}`).join(', ');
}

function barFindings(checked: Checked, options: FindingOptions): readonly Finding[] {
  const { series, timeframe } = checked;
  if (timeframe === undefined) return [];
  const found = examine(series, {
    barMs: TIMEFRAME_MS[timeframe],
    jumpMin: options.jumpPercent / 100,
    ...(options.expected === undefined ? {} : { isExpected: options.expected.isExpected }),
  });
  const { places } = options;
  const at = (index: number): string => {
    const line =
      checked.places === undefined ? '' : ` (${checked.places.name} ${checked.places.of[index]})`;
    return `${utc(series.openTimeMs[index]!)}${line}`;
  };
  const stretch = ({ index, bars: length }: Stretch): string => `${at(index)}: ${bars(length)}`;
  return [
    finding(
      'gaps',
      found.gaps,
      places,
      ({ index, fromMs, toMs, missing }) =>
        missing === 1
          ? `${utc(fromMs)}: 1 bar, before ${at(index)}`
          : `${utc(fromMs)} to ${utc(toMs)}: ${bars(missing)}, before ${at(index)}`,
      gapSummary(found),
    ),
    {
      ...finding('while closed', found.outside, places, at, shareOf(found.outside, series)),
      isFault: false,
    },
    finding('overlaps', found.overlaps, places, at),
    finding(
      'jumps',
      found.jumps,
      places,
      ({ index, change }) => `${at(index)}: ${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`,
      `over ${options.jumpPercent} %`,
    ),
    {
      ...finding('no volume', found.silences, places, stretch, longest(found.silences)),
      isFault: false,
    },
    {
      ...finding('no movement', found.flats, places, stretch, longest(found.flats)),
      isFault: false,
    },
  ];
}

function gapSummary({ gaps, missing, closures }: Findings): string {
  const closed =
    closures.places > 0
      ? [`${count(closures.places)} ${closures.places === 1 ? 'closure' : 'closures'} apart`]
      : [];
  if (gaps.length === 0) return closed.join();
  const longestGap = gaps.reduce((a, b) => (b.missing > a.missing ? b : a));
  const most = `longest ${bars(longestGap.missing)} at ${utc(longestGap.fromMs)}`;
  return [`${bars(missing)} missing`, most, ...closed].join('; ');
}

/** Late prints make a few; a clock that is an hour off makes one of twenty-three. */
const WRONG_CLOCK_SHARE = 0.02;

function shareOf(some: readonly number[], { length }: CandleSeries): string {
  const share = some.length / length;
  const doubt = share >= WRONG_CLOCK_SHARE ? '; perhaps they are of another clock than UTC' : '';
  return `${(share * 100).toFixed(1)} % of the bars${doubt}`;
}

function longest(stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return '';
  return `longest ${bars(Math.max(...stretches.map(({ bars: length }) => length)))}`;
}

function finding<T>(
  name: string,
  found: readonly T[],
  places: number,
  text: (one: T) => string,
  summary = '',
): Finding {
  const isEmpty = found.length === 0;
  return {
    name,
    count: found.length,
    isFault: !isEmpty,
    summary: isEmpty && name !== 'gaps' ? '' : summary,
    first: found.slice(0, places).map(text),
  };
}
