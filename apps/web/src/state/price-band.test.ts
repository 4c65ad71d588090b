import { describe, expect, it } from 'vitest';
import { bandPlace, isInsideBand } from './price-band.ts';

describe('the price band', () => {
  it('includes both of its ends, to the last digit', () => {
    expect(isInsideBand('100', '100', '101')).toBe(true);
    expect(isInsideBand('101', '100', '101')).toBe(true);
    expect(isInsideBand('101.000000000001', '100', '101')).toBe(false);
  });

  it('leaves room on both sides for a price that left it', () => {
    const place = bandPlace('100.5', '100', '101', '100.5');
    expect(place.at).toBeCloseTo(0.5);
    expect(place.low).toBeCloseTo(0.1875);
    expect(place.high).toBeCloseTo(0.8125);
    expect(bandPlace('120', '100', '101', '100.5')).toMatchObject({ inside: false, at: 1 });
  });
});
