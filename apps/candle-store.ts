import { join } from 'node:path';
import { type CandleStore, openCandleStore } from '../market/candles/store.ts';
import { DEFAULT_DATA_DIR } from './defaults.ts';

/** A folder that was named wins; then `PLIMSOLL_CANDLES_DIR`; then one beside the journal's default. */
export function openCandles(folder: string | undefined): CandleStore {
  const named = folder ?? process.env['PLIMSOLL_CANDLES_DIR'];
  return openCandleStore(
    named === undefined || named === '' ? join(DEFAULT_DATA_DIR, 'candles') : named,
  );
}
