import { describe, expect, it } from 'vitest';
import type { EntryView, StateView } from '../../../api/views.ts';
import { backoffMs } from './backoff.ts';
import { staleAfter, withFrame } from './frames.ts';
import { EMPTY_PAGE, type PageState } from './page-state.ts';

const bar = { time: 60, open: 1, high: 2, low: 1, close: 2 };
const loaded: PageState = {
  ...EMPTY_PAGE,
  chart: { candles: [bar], forming: null, fills: [], equity: [] },
  journal: { entries: [], keep: 500, atEnd: true },
};
const entry = (seq: number, type: string): EntryView =>
  ({ seq, type, hash: `h${seq}` }) as EntryView;

describe('frames of the stream', () => {
  it('moves the price and the forming bar together', () => {
    const forming = { ...bar, time: 120 };
    const next = withFrame(loaded, { type: 'price', price: '2.00', atMs: 5, forming }, 9);
    expect(next.price).toEqual({ price: '2.00', atMs: 5 });
    expect(next.chart?.forming).toBe(forming);
  });

  it('takes the picture, its price and its equity', () => {
    const server = {
      market: { nowMs: 61_000, lastPrice: '3', lastPriceAtMs: 61_000 },
      account: { equity: '10' },
      approvals: [],
    } as unknown as StateView;
    const next = withFrame(loaded, { type: 'state', state: server }, 9);
    expect(next.serverAtMs).toBe(9);
    expect(next.price?.price).toBe('3');
    expect(next.chart?.equity).toEqual([{ timeMs: 61_000, equity: '10' }]);
  });

  it('empties a journal that missed an entry', () => {
    const one = withFrame(loaded, { type: 'entries', entries: [entry(1, 'system.started')] }, 0);
    expect(one.journal?.entries).toHaveLength(1);
    expect(withFrame(one, { type: 'entries', entries: [entry(3, 'x')] }, 0).journal).toBeNull();
  });

  it('keeps what it cannot use yet out of the way before the first load', () => {
    expect(withFrame(EMPTY_PAGE, { type: 'candle', candle: bar }, 0)).toBe(EMPTY_PAGE);
  });

  it('knows what an entry makes stale', () => {
    expect(staleAfter([entry(1, 'market.bar-closed')])).toEqual({ fills: false, decisions: false });
    expect(staleAfter([entry(1, 'order.filled')])).toEqual({ fills: true, decisions: true });
    expect(staleAfter([entry(1, 'cycle.closed')])).toEqual({ fills: false, decisions: true });
  });
});

describe('reconnecting', () => {
  it('waits twice as long each time, up to eight seconds', () => {
    expect([0, 1, 2, 3, 4, 10].map(backoffMs)).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  });
});
