/** Fills as arrows at their price: up for bought, down for sold, named when they closed something. */
import type { SeriesMarker, UTCTimestamp } from 'lightweight-charts';
import type { CandleView, MarkerView } from '../../../api/views.ts';
import { barTimeAt } from './bar-time.ts';
import type { ChartColours } from './chart-colours.ts';

function marker(
  { fillId, timeMs, side, role }: MarkerView,
  bars: readonly CandleView[],
  colours: ChartColours,
): readonly SeriesMarker<UTCTimestamp>[] {
  const time = barTimeAt(timeMs, bars);
  if (time === null) return [];
  const bought = side === 'BUY';
  return [
    {
      id: fillId,
      time,
      position: bought ? 'belowBar' : 'aboveBar',
      shape: bought ? 'arrowUp' : 'arrowDown',
      color: bought ? colours.up : colours.down,
      text: role === 'ENTRY' ? side.toLowerCase() : role.toLowerCase(),
    },
  ];
}

export const fillMarkers = (
  fills: readonly MarkerView[],
  bars: readonly CandleView[],
  colours: ChartColours,
): SeriesMarker<UTCTimestamp>[] =>
  fills.flatMap((fill) => marker(fill, bars, colours)).sort((a, b) => a.time - b.time);
