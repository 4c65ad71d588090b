import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Instrument } from '../../domain/instrument.ts';
import { type Timeframe, TIMEFRAMES } from '../../domain/candle.ts';
import { readCandles } from '../../market/candles/csv-candles.ts';
import type { CandleSeries } from '../../market/candles/series.ts';
import { timeframeOf } from '../../market/candles/timeframe.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import { replayFeed } from '../../market/feeds/replay-feed.ts';
import { instrumentByName, instrumentForFile } from '../../market/instruments/instruments.ts';
import { openCandles } from '../candle-store.ts';
import { instrumentAsOf, knownInstruments } from '../instruments.ts';
import { BadInput, reading } from './errors.ts';

/** A recording, and what is known about it. */
export interface Recording {
  readonly series: CandleSeries;
  readonly timeframe: Timeframe;
  readonly instrument: Instrument;
  /** The file's name, or the name of the stored candles. */
  readonly source: string;
}

/** Candles of a file whose name tells its instrument unless one is named, or of the candle store. */
export function recordingOf(name: string, instrument?: string): Recording {
  const stored = storedName(name);
  if (stored === undefined) return reading(() => recordedIn(name, instrument));
  if (instrument !== undefined)
    throw new BadInput(`--instrument is for files; "${name}" says which instrument it is`);
  return storedRecording(name, stored);
}

/** The recording as a market; its first `historyBars` only warm the strategies up. */
export function candlesFeed(name: string, instrument?: string, historyBars?: number): Feed {
  const recording = recordingOf(name, instrument);
  return reading(() =>
    replayFeed({ ...recording, ...(historyBars === undefined ? {} : { historyBars }) }),
  );
}

function recordedIn(path: string, name: string | undefined): Recording {
  const series = readCandles(path);
  const instruments = knownInstruments();
  const { id } =
    name === undefined ? instrumentForFile(path, instruments) : instrumentByName(name, instruments);
  const instrument = instrumentAsOf(id, series.openTimeMs[0]!);
  return { series, timeframe: timeframeIn(path, series), instrument, source: basename(path) };
}

function timeframeIn(path: string, series: CandleSeries): Timeframe {
  try {
    return timeframeOf(series);
  } catch (error) {
    throw new BadInput(`${path}: ${(error as Error).message}`);
  }
}

/** Candles whatever they are of: a file need not be named after an instrument. */
export function anyCandles(name: string): Omit<Recording, 'instrument'> {
  const stored = storedName(name);
  if (stored !== undefined) return storedRecording(name, stored);
  const series = reading(() => readCandles(name));
  return { series, timeframe: timeframeIn(name, series), source: name };
}

export interface StoredName {
  readonly instrument: string;
  readonly timeframe: Timeframe;
}

/** Undefined for a name that is not one of stored candles, or is that of a file. */
export function storedName(name: string): StoredName | undefined {
  if (existsSync(name)) return undefined;
  const [, instrument, written] = /^([^@]+)@([^@]+)$/.exec(name) ?? [];
  const timeframe = TIMEFRAMES.find((one) => one === written);
  if (instrument === undefined) return undefined;
  if (timeframe !== undefined) return { instrument, timeframe };
  throw new BadInput(
    `"${name}" is no file, and "${written}" is no timeframe of stored candles; one of ${TIMEFRAMES.join(', ')} is`,
  );
}

function storedRecording(said: string, { instrument: name, timeframe }: StoredName): Recording {
  const instrument = reading(() => instrumentByName(name, knownInstruments()));
  const store = openCandles(undefined);
  const series = reading(() => store.read({ instrumentId: instrument.id, timeframe }));
  if (series.length > 0) {
    const asOf = instrumentAsOf(instrument.id, series.openTimeMs[0]!);
    // As the store names it, so that the same candles are the same run however they were asked for.
    return { series, timeframe, instrument: asOf, source: `${instrument.id}@${timeframe}` };
  }
  const there = store.list().map(({ instrumentId, timeframe }) => `${instrumentId}@${timeframe}`);
  throw new BadInput(
    `"${said}" is neither a file nor stored candles; ` +
      (there.length === 0
        ? 'nothing is stored yet: plimsoll data import brings a file in'
        : `stored are ${there.join(', ')}`),
  );
}
