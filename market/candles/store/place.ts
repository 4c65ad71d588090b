import { join } from 'node:path';
import { type Timeframe, TIMEFRAMES } from '../../../domain/candle.ts';
import type { CandleKey } from '../store.ts';

const NAME = '[A-Za-z0-9][A-Za-z0-9._:-]{0,31}';
const INSTRUMENT_ID = new RegExp(`^${NAME}/${NAME}$`);

/** `BTC/USDT`, and what a venue adds to it: `BTC/USDT:USDT`, `BRK.B/USD`. */
export const isInstrumentId = (id: string): boolean => INSTRUMENT_ID.test(id);

export const isTimeframe = (name: string): name is Timeframe =>
  TIMEFRAMES.some((timeframe) => timeframe === name);

/** `BTC/USD` at `1h` lies in `BTC-USD/1h`; signs that a file name may not hold are written as `%3A`. */
export function folderOf(root: string, { instrumentId, timeframe }: CandleKey): string {
  if (!isInstrumentId(instrumentId)) {
    throw new Error(
      `"${instrumentId}" cannot name an instrument; base and quote with a slash between them can, such as BTC/USDT`,
    );
  }
  if (!isTimeframe(timeframe)) {
    throw new Error(`"${timeframe}" is no timeframe; the known ones are ${TIMEFRAMES.join(', ')}`);
  }
  const name = instrumentId
    .replace(/[:-]/g, (sign) => (sign === ':' ? '%3A' : '%2D'))
    .replace('/', '-');
  return join(root, name, timeframe);
}
