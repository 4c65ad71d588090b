import { describe, expect, it } from 'vitest';
import { formatAge, formatCountdown } from './duration.ts';
import { formatDense, formatFull, formatMinute } from './instant.ts';
import { formatMeasure, humanise } from './measure.ts';

describe('measures', () => {
  it('shows basis points as percent', () => {
    expect(formatMeasure('125', 'bps')).toBe('1.25 %');
    expect(formatMeasure('1500', 'bps')).toBe('15.00 %');
    expect(formatMeasure('-25', 'bps')).toBe('−0.25 %');
  });

  it('keeps the digits of small amounts and the cents of large ones', () => {
    expect(formatMeasure('1.08455', 'USD')).toBe('1.08455 USD');
    expect(formatMeasure('65000.1234', 'USD')).toBe('65,000.12 USD');
    expect(formatMeasure('3', 'positions')).toBe('3 positions');
  });

  it('passes words through', () => {
    expect(formatMeasure('ACTIVE', 'state')).toBe('ACTIVE');
  });

  it('shows milliseconds as an age', () => {
    expect(formatMeasure('4200', 'ms')).toBe('4 s');
  });

  it('makes names of every habit readable', () => {
    expect(['dailyLoss', 'daily-loss', 'DAILY_LOSS'].map(humanise)).toEqual([
      'Daily loss',
      'Daily loss',
      'Daily loss',
    ]);
  });
});

describe('time', () => {
  it('says an age in its largest telling unit', () => {
    expect([-5, 999, 12_000, 61_000, 7_200_000, 200_000_000].map(formatAge)).toEqual([
      '0 s',
      '0 s',
      '12 s',
      '1 min',
      '2 h',
      '2 days',
    ]);
  });

  it('reaches 0:00 only when the time is over', () => {
    expect([61_000, 1, 0, -1].map(formatCountdown)).toEqual(['1:01', '0:01', '0:00', '0:00']);
  });

  it('is written in UTC', () => {
    const ms = Date.UTC(2019, 5, 1, 14, 5, 9, 120);
    expect(formatMinute(ms)).toBe('2019-06-01 14:05');
    expect(formatDense(ms)).toBe('06-01 14:05:09');
    expect(formatFull(ms)).toBe('2019-06-01 14:05:09.120 UTC');
  });
});
