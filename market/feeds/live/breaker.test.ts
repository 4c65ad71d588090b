import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BACKOFF_MAX_MS, backoffMs } from '../asking/backoff.ts';
import { Breaker, FAILURES_MAX } from './breaker.ts';
import { ProviderFault, type ProviderFaultKind } from '../provider.ts';

const fault = (kind: ProviderFaultKind = 'LOST', retryAfterMs?: number): ProviderFault =>
  new ProviderFault('far', kind, 'no', retryAfterMs === undefined ? {} : { retryAfterMs });

const failing = (times: number, atMs = 0): Breaker => {
  const breaker = new Breaker(() => 0.5);
  for (let i = 0; i < times; i++) breaker.failed(fault(), atMs);
  return breaker;
};

test('the wait is anything up to a bound that doubles until it is half a minute', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const waitMs = backoffMs(attempt, () => chance);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(Math.min(BACKOFF_MAX_MS, 500 * 2 ** (attempt - 1)));
      },
    ),
  );
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, () => 0.5))).toEqual([250, 500, 1_000]);
});

describe('a breaker', () => {
  test('stays closed for a few failures, each with a longer wait', () => {
    const breaker = failing(FAILURES_MAX - 1, 1_000);
    expect(breaker.state(1_000)).toBe('CLOSED');
    expect(breaker.tryAtMs).toBe(1_000 + 2_000);
  });

  test('opens for half a minute when there are too many, then allows one try', () => {
    const breaker = failing(FAILURES_MAX);
    expect(breaker.state(29_999)).toBe('OPEN');
    expect(breaker.state(30_000)).toBe('HALF_OPEN');
    breaker.failed(fault(), 30_000);
    expect(breaker.state(89_999)).toBe('OPEN');
    expect(breaker.state(90_000)).toBe('HALF_OPEN');
  });

  test('never stays open for longer than five minutes because of failures', () => {
    const breaker = failing(FAILURES_MAX + 40);
    expect(breaker.state(299_999)).toBe('OPEN');
    expect(breaker.state(300_000)).toBe('HALF_OPEN');
  });

  test.each(['REFUSED', 'NOT_OFFERED'] as const)('opens at once when it is %s', (kind) => {
    const breaker = new Breaker(() => 0.5);
    breaker.failed(fault(kind), 0);
    expect(breaker.state(899_999)).toBe('OPEN');
    expect(breaker.state(900_000)).toBe('HALF_OPEN');
  });

  test('leaves a provider alone for as long as it asks', () => {
    const short = new Breaker(() => 0);
    short.failed(fault('RATE_LIMITED', 7_000), 0);
    expect(short.state(0)).toBe('CLOSED');
    expect(short.tryAtMs).toBe(7_000);
    const long = new Breaker(() => 0);
    long.failed(fault('RATE_LIMITED', 120_000), 0);
    expect(long.state(119_999)).toBe('OPEN');
    expect(long.tryAtMs).toBe(120_000);
  });

  test('that is trusted again is on trial: one failure opens it', () => {
    const breaker = failing(FAILURES_MAX);
    breaker.trust();
    expect(breaker.state(0)).toBe('CLOSED');
    breaker.failed(fault(), 1_000);
    expect(breaker.state(1_000)).toBe('OPEN');
  });

  test('that has healed has forgotten everything', () => {
    const breaker = failing(FAILURES_MAX + 3);
    breaker.healed();
    for (let i = 1; i < FAILURES_MAX; i++) breaker.failed(fault(), 0);
    expect(breaker.state(0)).toBe('CLOSED');
    breaker.failed(fault(), 0);
    expect(breaker.state(30_000)).toBe('HALF_OPEN');
  });
});
