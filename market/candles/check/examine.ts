import type { CandleSeries } from '../series.ts';

/** Bars that are not there between two that are. */
export interface Gap {
  /** Index of the bar behind it. */
  readonly index: number;
  /** Open of the first and the last bar that is missing, and how many are. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly missing: number;
}

export interface Jump {
  readonly index: number;
  /** Close over the close before it, minus one. */
  readonly change: number;
}

/** Bars on end that have something in common. */
export interface Stretch {
  readonly index: number;
  readonly bars: number;
}

export interface Findings {
  readonly gaps: readonly Gap[];
  /** Bars that were to be expected and are not there. */
  readonly missing: number;
  /** Places and bars that no market had: nights, weekends, holidays. */
  readonly closures: { readonly places: number; readonly bars: number };
  /** Bars that are there though the market was closed. */
  readonly outside: readonly number[];
  /** Bars that open before the one before them is over. */
  readonly overlaps: readonly number[];
  readonly jumps: readonly Jump[];
  /** No volume at all, for ten bars and longer. */
  readonly silences: readonly Stretch[];
  /** One price, for ten bars and longer. */
  readonly flats: readonly Stretch[];
}

export interface ExamineOptions {
  readonly barMs: number;
  /** 0.5 reports closes that are more than half above or below the one before. */
  readonly jumpMin: number;
  /** Whether a bar that opens then is to be expected; every one is where nothing is known of sessions. */
  readonly isExpected?: (openTimeMs: number) => boolean;
}

const STRETCH_MIN = 10;

/** What looks wrong, or worth a look, in bars that can each be believed. */
export function examine(series: CandleSeries, options: ExamineOptions): Findings {
  const { high, low, close, volume, length } = series;
  return {
    ...examineSteps(series, options),
    outside: outsideIn(series, options.isExpected),
    jumps: jumpsIn(series, options.jumpMin),
    silences: stretches(length, (i) => volume[i] === 0),
    flats: stretches(
      length,
      (i) => high[i] === low[i],
      (i) => close[i] === close[i - 1],
    ),
  };
}

function examineSteps(
  { openTimeMs, length }: CandleSeries,
  { barMs, isExpected = () => true }: ExamineOptions,
): Pick<Findings, 'gaps' | 'missing' | 'closures' | 'overlaps'> {
  const gaps: Gap[] = [];
  const overlaps: number[] = [];
  let [missing, places, bars] = [0, 0, 0];
  for (let i = 1; i < length; i++) {
    const beforeMs = openTimeMs[i - 1]!;
    const stepMs = openTimeMs[i]! - beforeMs;
    if (stepMs < barMs) overlaps.push(i);
    if (stepMs <= barMs) continue;
    const absent = Math.ceil(stepMs / barMs) - 1;
    const gap = gapOf(i, beforeMs, absent, barMs, isExpected);
    if (gap !== undefined) gaps.push(gap);
    const unexplained = gap?.missing ?? 0;
    missing += unexplained;
    bars += absent - unexplained;
    if (gap === undefined) places++;
  }
  return { gaps, missing, closures: { places, bars }, overlaps };
}

/** Undefined when every bar that is not there was not to be expected either. */
function gapOf(
  index: number,
  beforeMs: number,
  absent: number,
  barMs: number,
  isExpected: (openTimeMs: number) => boolean,
): Gap | undefined {
  let [fromMs, toMs, missing] = [0, 0, 0];
  for (let step = 1; step <= absent; step++) {
    const ms = beforeMs + step * barMs;
    if (!isExpected(ms)) continue;
    if (missing === 0) fromMs = ms;
    toMs = ms;
    missing++;
  }
  return missing === 0 ? undefined : { index, fromMs, toMs, missing };
}

function outsideIn(
  { openTimeMs, length }: CandleSeries,
  isExpected: ExamineOptions['isExpected'],
): readonly number[] {
  const outside: number[] = [];
  if (isExpected === undefined) return outside;
  for (let index = 0; index < length; index++)
    if (!isExpected(openTimeMs[index]!)) outside.push(index);
  return outside;
}

function jumpsIn({ close, length }: CandleSeries, jumpMin: number): readonly Jump[] {
  const jumps: Jump[] = [];
  for (let index = 1; index < length; index++) {
    const change = close[index]! / close[index - 1]! - 1;
    if (Math.abs(change) > jumpMin) jumps.push({ index, change });
  }
  return jumps;
}

/** Bars on end of which each `belongs`, and each but the first `joins` the one before it. */
function stretches(
  length: number,
  belongs: (index: number) => boolean,
  joins: (index: number) => boolean = () => true,
): readonly Stretch[] {
  const found: Stretch[] = [];
  let bars = 0;
  for (let i = 0; i <= length; i++) {
    const isOne = i < length && belongs(i);
    if (isOne && bars > 0 && joins(i)) {
      bars++;
      continue;
    }
    if (bars >= STRETCH_MIN) found.push({ index: i - bars, bars });
    bars = isOne ? 1 : 0;
  }
  return found;
}
