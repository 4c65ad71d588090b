import { createHash } from 'node:crypto';
import { COLUMN_NAMES, type CandleSeries } from './series.ts';

/** Names the bars of a series by what they are: equal for equal bars, whatever file they came from. */
export function fingerprint(series: CandleSeries): string {
  const hash = createHash('sha256');
  for (const name of COLUMN_NAMES) {
    const { buffer, byteOffset } = series[name];
    hash.update(new Uint8Array(buffer, byteOffset, series.length * Float64Array.BYTES_PER_ELEMENT));
  }
  return hash.digest('hex');
}
