import { BadCandles } from './bad-candles.ts';
import { type CandleFile, readCandleFile } from './read-candle-file.ts';
import type { ReadOptions } from './read/csv-rows.ts';
import type { CandleSeries } from './series.ts';

/**
 * The candles of a file that is sound from its first row to its last. One row that cannot be believed
 * refuses the whole file with `BadCandles`, because a strategy run over a repaired file proves nothing.
 */
export function readCandles(path: string, options: ReadOptions = {}): CandleSeries {
  const file = readCandleFile(path, options);
  refuseFaults(file);
  return file.series;
}

/** Throws `BadCandles` for the first row of the file that is at fault, if there is one. */
export function refuseFaults(file: CandleFile): void {
  const [first] = faultsOf(file).sort((a, b) => a.place - b.place);
  if (first === undefined) return;
  const { place, reason } = first;
  if (file.format === 'CSV') throw new BadCandles(file.path, place, reason);
  throw new BadCandles(file.path, 0, `candle ${place}: ${reason}`);
}

function faultsOf({ bad, misplaced, repeated }: CandleFile): { place: number; reason: string }[] {
  const order = (place: number, timeMs: number, afterMs: number) => ({
    place,
    reason: `time ${timeMs} does not come after ${afterMs}, the time of the candle before it`,
  });
  return [
    ...bad,
    ...misplaced.map(({ place, openTimeMs, afterMs }) => order(place, openTimeMs, afterMs)),
    ...repeated.map(({ place, openTimeMs }) => order(place, openTimeMs, openTimeMs)),
  ];
}
