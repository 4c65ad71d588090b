import { TIMEFRAME_MS, type Timeframe } from '../../../../domain/candle.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import { namedAfter } from '../../../../market/candles/file-name.ts';
import type { CandleFile } from '../../../../market/candles/read-candle-file.ts';
import { commonestStepMs, spanText, timeframeOf } from '../../../../market/candles/timeframe.ts';
import { instrumentForFile } from '../../../../market/instruments/instruments.ts';
import type { CandleSeries } from '../../../../market/candles/series.ts';
import { BadInput } from '../../errors.ts';
import { instrumentIdOf } from './flags.ts';

/** Which instrument a file is of: what was said, or what its name tells. */
export function instrumentIn(
  path: string,
  said: string | undefined,
  known: readonly Instrument[],
): string {
  const named = said ?? namedAfter(path).instrumentId;
  if (named !== undefined) return instrumentIdOf(named, known);
  try {
    return instrumentForFile(path, known).id;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${why}; --instrument names it, also one that is not among them`);
  }
}

/** The timeframe of a file: what was said, or what its candles show; a name that says otherwise is refused. */
export function timeframeIn({ path, series }: CandleFile, said: Timeframe | undefined): Timeframe {
  const named = said ?? namedAfter(path).timeframe;
  if (named === undefined) return shownBy(path, series);
  if (series.length < 2) return named;
  const stepMs = commonestStepMs(series);
  // A quiet market has fewer bars than its timeframe has slots, and never more.
  if (
    stepMs % TIMEFRAME_MS[named] === 0 &&
    (said !== undefined || stepMs === TIMEFRAME_MS[named])
  ) {
    return named;
  }
  const source = said === undefined ? 'its name says' : '--timeframe says';
  throw new BadInput(
    `${path}: its candles are mostly ${spanText(stepMs)} apart, but ${source} ${named}; ` +
      `name the right one with --timeframe`,
  );
}

function shownBy(path: string, series: CandleSeries): Timeframe {
  try {
    return timeframeOf(series);
  } catch (error) {
    const way =
      series.length < 2
        ? '--timeframe names it'
        : 'if bars are missing, --timeframe says which they are';
    throw new BadInput(`${path}: ${(error as Error).message}; ${way}`);
  }
}
