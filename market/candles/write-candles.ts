import { gzipSync } from 'node:zlib';
import { USUAL_HEADER } from './read/csv-layout.ts';
import type { CandleSeries } from './series.ts';

export type CandleFormat = 'CSV' | 'JSON';

/** So many rows are put into one piece of text. */
const PIECE_ROWS = 8_192;

/** A series as a file, in pieces. Numbers are written so that they are read as the same doubles. */
export function* candleText(series: CandleSeries, format: CandleFormat): Generator<Buffer> {
  const { openTimeMs, open, high, low, close, volume, length } = series;
  const isCsv = format === 'CSV';
  yield Buffer.from(isCsv ? `${USUAL_HEADER}\n` : '[');
  for (let from = 0; from < length; from += PIECE_ROWS) {
    let text = '';
    for (let i = from; i < Math.min(length, from + PIECE_ROWS); i++) {
      const row = `${openTimeMs[i]},${open[i]},${high[i]},${low[i]},${close[i]},${volume[i]}`;
      text += isCsv ? `${row}\n` : `${i === 0 ? '' : ',\n'}[${row}]`;
    }
    yield Buffer.from(text);
  }
  if (!isCsv) yield Buffer.from(']\n');
}

export const gzipped = (pieces: Iterable<Buffer>): Buffer => gzipSync(Buffer.concat([...pieces]));
