/** The equity as one point a bar; within a bar the newest value stands. */
import type { UTCTimestamp } from 'lightweight-charts';
import type { CandleView } from '../../../api/views.ts';
import type { EquityPoint } from '../state/chart-data.ts';
import { barTimeAt } from './bar-time.ts';

interface LinePoint {
  readonly time: UTCTimestamp;
  readonly value: number;
}

export function equityLine(
  points: readonly EquityPoint[],
  bars: readonly CandleView[],
): LinePoint[] {
  const byBar = new Map<UTCTimestamp, number>();
  for (const { timeMs, equity } of points) {
    const time = barTimeAt(timeMs, bars);
    if (time !== null) byBar.set(time, Number(equity));
  }
  return [...byBar].map(([time, value]) => ({ time, value }));
}
