import { describe, expect, it } from 'vitest';
import type { StateView } from '../../../api/views.ts';
import { feedAgeMs, isFeedStale } from './feed-age.ts';

const market = {
  timeframe: '1m',
  nowMs: 200_000,
  lastPriceAtMs: 50_000,
  waitsForDecision: false,
  ended: false,
} as StateView['market'];

describe('the age of the feed', () => {
  it('is counted on the market clock from the newest price heard', () => {
    expect(feedAgeMs(market, null)).toBe(150_000);
    expect(feedAgeMs(market, { price: '1', atMs: 190_000 })).toBe(10_000);
    expect(feedAgeMs({ ...market, lastPriceAtMs: null }, null)).toBeNull();
  });

  it('is stale after two bars, but not while the market waits or is over', () => {
    expect(isFeedStale(market, 120_001)).toBe(true);
    expect(isFeedStale(market, 120_000)).toBe(false);
    expect(isFeedStale({ ...market, waitsForDecision: true }, 999_999)).toBe(false);
    expect(isFeedStale({ ...market, ended: true }, 999_999)).toBe(false);
  });
});
