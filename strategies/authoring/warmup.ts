import type { Timeframe } from '../../domain/candle.ts';
import type { Evidence, Opinion } from '../../domain/signal.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import type { Strategy } from '../strategy.ts';
import { inPlainSight } from './lookahead.ts';

/** How runs that had heard only so much history compare with the run that had heard all of it. */
export interface WarmupRow {
  /** Closed bars they had heard, the first one compared among them. */
  readonly historyBars: number;
  readonly comparedBars: number;
  /** Bars on which they said something else. */
  readonly differing: number;
  /** The largest difference of a number where they said the same, as a share. */
  readonly drift: number;
}

export interface WarmupReport {
  readonly declaredBars: number;
  /** The least history after which it says the same things; undefined where none was found. */
  readonly sameWordsBars: number | undefined;
  /** The least after which its numbers are the same too: what a strategy should declare. */
  readonly neededBars: number | undefined;
  /** Signals and exits among the bars compared: without any, only silence was compared. */
  readonly opinions: number;
  /** From little history to much. */
  readonly rows: readonly WarmupRow[];
}

/** Numbers that differ by less are the same: an average that never quite forgets is settled by then. */
export const WARMUP_TOLERANCE = 1e-6;

/** A series that is too short to tell. */
export class TooFewCandles extends Error {
  override readonly name = 'TooFewCandles';
}

const PLACES_MAX = 32;
const BARS_AFTER_PLACE = 16;
/** The most history a fresh run is given, in declared warm-ups. */
const HISTORY_TIMES_MAX = 32;
/** Multiples of the declared warm-up that are looked at: the tail shows how fast a strategy settles. */
const LADDER = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16] as const;

/**
 * How much history a strategy needs until it says what it says with all of it. Fresh runs begin so
 * many bars before places all over the second half of the series, half of them where the full run had
 * something to say, and are compared from there on. Throws `TooFewCandles` when the series is too short.
 */
export function warmup(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
  onProgress: (done: number, total: number) => void = () => undefined,
): WarmupReport {
  const { warmupBars: declaredBars } = strategy;
  const roomBars = Math.floor(series.length / 2);
  if (declaredBars > roomBars || roomBars <= BARS_AFTER_PLACE) {
    const wanted = 2 * Math.max(declaredBars, BARS_AFTER_PLACE + 1);
    throw new TooFewCandles(
      `${series.length} candles cannot show a warm-up of ${declaredBars} bars; ${wanted} or more can`,
    );
  }
  const full = strategy.start(timeframe);
  const view = inPlainSight(series);
  const said = Array.from({ length: series.length }, (_, index) => full.onBar(view(index)));
  const places = placesIn(said, roomBars);
  const rowOf = (historyBars: number): WarmupRow =>
    compare(strategy, series, timeframe, said, places, historyBars);

  const rungs = LADDER.map((times) => Math.max(1, Math.round(times * declaredBars)));
  const mostBars = Math.min(roomBars, HISTORY_TIMES_MAX * declaredBars);
  const histories = [...new Set([...rungs.filter((bars) => bars <= mostBars), mostBars])];
  const rows = histories.map((historyBars, index) => {
    const row = rowOf(historyBars);
    onProgress(index + 1, histories.length);
    return row;
  });
  const sameWordsBars = leastOf(rows, rowOf, ({ differing }) => differing === 0);
  const neededBars = leastOf(rows, rowOf, isSettled);
  if (neededBars !== undefined && !histories.includes(neededBars)) rows.push(rowOf(neededBars));
  return {
    declaredBars,
    sameWordsBars,
    neededBars,
    opinions: places.reduce((sum, place) => sum + toldAfter(said, place), 0),
    rows: rows.toSorted((one, other) => one.historyBars - other.historyBars),
  };
}

const isSettled = ({ differing, drift }: WarmupRow): boolean =>
  differing === 0 && drift <= WARMUP_TOLERANCE;

/** Between the last rung that disagrees and the one after it, halved until one bar is left. */
function leastOf(
  rows: readonly WarmupRow[],
  rowOf: (historyBars: number) => WarmupRow,
  agrees: (row: WarmupRow) => boolean,
): number | undefined {
  const last = rows.findLastIndex((row) => !agrees(row));
  const enough = rows[last + 1];
  if (enough === undefined) return undefined;
  let tooFew = rows[last]?.historyBars ?? 0;
  let least = enough.historyBars;
  while (least - tooFew > 1) {
    const middle = Math.floor((tooFew + least) / 2);
    if (agrees(rowOf(middle))) least = middle;
    else tooFew = middle;
  }
  return least;
}

/** Bars to compare from: half of them told something, the others are spread evenly. */
function placesIn(said: readonly Opinion[], from: number): readonly number[] {
  const until = said.length - BARS_AFTER_PLACE;
  const all = Array.from({ length: until - from }, (_, index) => from + index);
  const telling = all.filter((index) => said[index]?.kind !== 'NO_SETUP');
  const places = [...spread(telling, PLACES_MAX / 2), ...spread(all, PLACES_MAX / 2)];
  return [...new Set(places)];
}

const spread = (places: readonly number[], count: number): readonly number[] =>
  places.filter(
    (_, index) =>
      Math.floor((index * count) / places.length) !==
      Math.floor(((index - 1) * count) / places.length),
  );

const toldAfter = (said: readonly Opinion[], place: number): number =>
  said.slice(place, place + BARS_AFTER_PLACE).filter(({ kind }) => kind !== 'NO_SETUP').length;

function compare(
  strategy: Strategy,
  series: CandleSeries,
  timeframe: Timeframe,
  said: readonly Opinion[],
  places: readonly number[],
  historyBars: number,
): WarmupRow {
  let differing = 0;
  let drift = 0;
  for (const place of places) {
    const first = place - historyBars + 1;
    const run = strategy.start(timeframe);
    const view = inPlainSight(beginningAt(series, first));
    for (let index = first; index < place + BARS_AFTER_PLACE; index++) {
      const opinion = run.onBar(view(index - first));
      if (index < place) continue;
      const off = driftBetween(said[index]!, opinion, series.close[index]!);
      if (off === undefined) differing++;
      else drift = Math.max(drift, off);
    }
  }
  return { historyBars, comparedBars: places.length * BARS_AFTER_PLACE, differing, drift };
}

const beginningAt = (series: CandleSeries, first: number): CandleSeries => ({
  length: series.length - first,
  openTimeMs: series.openTimeMs.subarray(first),
  open: series.open.subarray(first),
  high: series.high.subarray(first),
  low: series.low.subarray(first),
  close: series.close.subarray(first),
  volume: series.volume.subarray(first),
  candle: (index) => series.candle(first + index),
});

/** How far the numbers of two opinions lie apart, or undefined when they say different things. */
function driftBetween(one: Opinion, other: Opinion, close: number): number | undefined {
  // Why a strategy says nothing may depend on what it has seen; that it says nothing may not.
  if (one.kind === 'NO_SETUP' || other.kind === 'NO_SETUP')
    return one.kind === other.kind ? 0 : undefined;
  if (one.direction !== other.direction) return undefined;
  const facts = factsDrift(one.evidence, other.evidence, close);
  if (one.kind === 'EXIT' || other.kind === 'EXIT')
    return one.kind === other.kind ? facts : undefined;
  if (facts === undefined || one.setupId !== other.setupId) return undefined;
  const levels = [one.stop - other.stop, one.target - other.target].map(Math.abs);
  return Math.max(facts, ...levels.map((off) => off / close));
}

function factsDrift(
  facts: readonly Evidence[],
  others: readonly Evidence[],
  close: number,
): number | undefined {
  if (facts.length !== others.length) return undefined;
  let drift = 0;
  for (const [index, { id, unit, value, barTimeMs }] of facts.entries()) {
    const other = others[index]!;
    if (other.id !== id || other.barTimeMs !== barTimeMs) return undefined;
    // A small difference of prices, such as a MACD, is as exact as the prices it was made of.
    const scale = unit === 'price' ? close : Math.max(1, Math.abs(value), Math.abs(other.value));
    drift = Math.max(drift, Math.abs(value - other.value) / scale);
  }
  return drift;
}
