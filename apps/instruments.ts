/** Every instrument that this machine knows: those that are built in, and those of the candle folder's file. */
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { InstrumentBook } from '../market/instruments/instrument-book.ts';
import { readInstrumentBook } from '../market/instruments/instrument-file.ts';
import { openCandles } from './candle-store.ts';

/** Later than every version of terms that is in force or announced. */
const NEWEST_MS = Number.POSITIVE_INFINITY;

/** On their newest terms. Throws `BadInstruments` when the file cannot be used. */
export const knownInstruments = (candlesDir?: string): readonly Instrument[] =>
  bookOf(candlesDir).instrumentsAt(NEWEST_MS);

/** On the terms of an instant; before the first that are known, on those. */
export function instrumentAsOf(id: InstrumentId, atMs: number, candlesDir?: string): Instrument {
  const book = bookOf(candlesDir);
  const terms = book.termsAt(id, atMs) ?? book.versions(id)[0];
  if (terms === undefined) throw new Error(`nobody knows the terms of ${id}`);
  return terms.instrument;
}

/** For folds of a journal, which may hold any of them. */
export const instrumentsById = (): ReadonlyMap<InstrumentId, Instrument> =>
  new Map(knownInstruments().map((instrument) => [instrument.id, instrument]));

const bookOf = (candlesDir: string | undefined): InstrumentBook =>
  readInstrumentBook(openCandles(candlesDir).folder);
