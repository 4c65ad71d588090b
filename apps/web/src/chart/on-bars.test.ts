import { describe, expect, it } from 'vitest';
import type { MarkerView } from '../../../api/views.ts';
import { barTimeAt } from './bar-time.ts';
import type { ChartColours } from './chart-colours.ts';
import { equityLine } from './equity-line.ts';
import { fillMarkers } from './fill-markers.ts';

const bars = [60, 120, 240].map((time) => ({ time, open: 1, high: 1, low: 1, close: 1 }));
const fill = (fillId: string, timeMs: number, side: 'BUY' | 'SELL', role: string): MarkerView => ({
  fillId,
  timeMs,
  side,
  role,
  price: '1',
  quantity: '1',
  cycleId: null,
});
const colours = { up: 'green', down: 'red' } as ChartColours;

describe('what stands on bars', () => {
  it('stands on the last bar that had begun', () => {
    expect([59_999, 60_000, 130_000, 999_000].map((ms) => barTimeAt(ms, bars))).toEqual([
      null,
      60,
      120,
      240,
    ]);
  });

  it('draws one equity value a bar, the newest', () => {
    const points = [
      { timeMs: 10_000, equity: '1' },
      { timeMs: 61_000, equity: '2' },
      { timeMs: 90_000, equity: '3' },
      { timeMs: 250_000, equity: '4' },
    ];
    expect(equityLine(points, bars)).toEqual([
      { time: 60, value: 3 },
      { time: 240, value: 4 },
    ]);
  });

  it('marks fills in time order and leaves out those older than the chart', () => {
    const marked = fillMarkers(
      [
        fill('exit', 250_000, 'SELL', 'STOP'),
        fill('entry', 61_000, 'BUY', 'ENTRY'),
        fill('old', 1_000, 'BUY', 'ENTRY'),
      ],
      bars,
      colours,
    );
    expect(marked.map(({ id, text }) => `${id} ${text}`)).toEqual(['entry buy', 'exit stop']);
  });
});
