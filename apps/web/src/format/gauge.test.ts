import { describe, expect, it } from 'vitest';
import { gaugeShare, gaugeTone, placeBetween } from './gauge.ts';

const measured = (value: string, limit: string, headroom: string, unit = 'entries') => ({
  value,
  limit,
  headroom,
  unit,
});

describe('gauges', () => {
  it('fills with the value below a maximum', () => {
    expect(gaugeShare(measured('30', '120', '90'))).toBe(0.25);
    expect(gaugeShare(measured('150', '120', '-30'))).toBe(1.25);
  });

  it('fills toward a minimum from the other side', () => {
    expect(gaugeShare(measured('3', '1.5', '1.5'))).toBe(0.5);
    expect(gaugeShare(measured('1', '1.5', '-0.5'))).toBe(1.5);
  });

  it('has nothing to fill when a state was compared', () => {
    expect(gaugeShare(measured('ACTIVE', 'ACTIVE', '', ''))).toBeNull();
    expect(gaugeShare(measured('8752.97', '8812.5', '59.53', ''))).toBeNull();
  });

  it('is broken by anything above a limit of zero', () => {
    expect(gaugeShare(measured('0', '0', '0'))).toBe(0);
    expect(gaugeShare(measured('1', '0', '-1'))).toBe(2);
  });

  it('turns from calm to near to broken', () => {
    expect([0.2, 0.75, 1, 1.01].map(gaugeTone)).toEqual(['calm', 'near', 'near', 'broken']);
  });

  it('places a value inside a range and clamps it outside', () => {
    expect(placeBetween(5, 0, 10)).toBe(0.5);
    expect(placeBetween(-1, 0, 10)).toBe(0);
    expect(placeBetween(1, 2, 2)).toBe(0.5);
  });
});
