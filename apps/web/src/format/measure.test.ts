import { describe, expect, it } from 'vitest';
import { REASON_CODES } from '../../../../domain/reason-code.ts';
import { checkName } from './check-names.ts';
import { formatAge, formatCountdown } from './duration.ts';
import { formatDense, formatFull, formatMinute } from './instant.ts';
import { formatMeasure, humanise } from './measure.ts';

describe('measures', () => {
  it('shows basis points as percent', () => {
    expect(formatMeasure('125', 'bps', 'USD')).toBe('1.25 %');
    expect(formatMeasure('1500', 'bps', 'USD')).toBe('15.00 %');
    expect(formatMeasure('-25', 'bps', 'USD')).toBe('−0.25 %');
  });

  it('keeps the digits of small amounts and the cents of large ones', () => {
    expect(formatMeasure('1.08455', 'USD', 'USD')).toBe('1.08455 USD');
    expect(formatMeasure('65000.1234', 'USD', 'USD')).toBe('65,000.12 USD');
    expect(formatMeasure('3', 'positions', 'USD')).toBe('3 positions');
  });

  it('names the currency of money and reads thousandths as a ratio', () => {
    expect(formatMeasure('7.404', 'money', 'USD')).toBe('7.40 USD');
    expect(formatMeasure('2100', '‰', 'USD')).toBe('2.10');
  });

  it('passes words through', () => {
    expect(formatMeasure('ACTIVE', 'state', 'USD')).toBe('ACTIVE');
  });

  it('shows milliseconds as an age', () => {
    expect(formatMeasure('4200', 'ms', 'USD')).toBe('4,200 ms');
    expect(formatMeasure('60000', 'ms', 'USD')).toBe('1 min');
  });

  it('makes names of every habit readable', () => {
    expect(['dailyLoss', 'daily-loss', 'DAILY_LOSS'].map(humanise)).toEqual([
      'Daily loss',
      'Daily loss',
      'Daily loss',
    ]);
  });
});

describe('names of checks', () => {
  it('say what is compared and never sound like a fault beside a tick', () => {
    expect(checkName('DRAWDOWN_EXCEEDS_MAXIMUM')).toBe('Drawdown from the peak');
    for (const code of REASON_CODES) {
      expect(checkName(code)).not.toMatch(/exceed|below|insufficient|malformed|stale/i);
    }
  });

  it('keep the kernel’s word for a check the page does not know', () => {
    expect(checkName('MOON_PHASE')).toBe('Moon phase');
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
