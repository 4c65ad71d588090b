/**
 * A process that replaces all bars of a store again and again, each time by one other close, until it is
 * killed. Its argument is the folder of the store; it says so once the first change is done.
 */
import { GrowableSeries } from '../growable-series.ts';
import { openCandleStore } from '../store.ts';
import { MINUTES, RESTLESS } from './restless.ts';

const store = openCandleStore(process.argv[2]!);
// It goes on from what the writer before it left.
const first = (store.read(RESTLESS).close[0] ?? 10) + 1;
for (let close = first; ; close++) {
  const bars = MINUTES.map((minute) => ({
    openTimeMs: minute * 60_000,
    open: close,
    high: close,
    low: close,
    close,
    volume: 0,
  }));
  store.add(RESTLESS, GrowableSeries.of(bars), 'restless', { replace: true, atMs: close });
  if (close === first) process.stdout.write('begun\n');
}
