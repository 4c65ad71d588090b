import { describe, expect, test } from 'vitest';

import { MINUTE_MS, ManualClock } from '../domain/clock.ts';
import { type Purpose, RateGovernor } from './rate-governor.ts';

function bench(perMinute = 100) {
  const clock = new ManualClock(0);
  const governor = new RateGovernor(perMinute, clock);
  /** How many of a purpose still pass. */
  const drain = (purpose: Purpose): number => {
    let passed = 0;
    while (passed < 1_000 && governor.take(purpose)) passed++;
    return passed;
  };
  return { clock, governor, drain };
}

describe('the budget of requests', () => {
  test('is shed to questions first, then to entries', () => {
    const { drain } = bench();
    expect(drain('READ')).toBe(50);
    expect(drain('ENTRY')).toBe(25);
    expect(drain('READ')).toBe(0);
    expect(drain('ENTRY')).toBe(0);
  });

  test('never holds back an exit, and never owes for one', () => {
    const { clock, governor, drain } = bench();
    for (let times = 0; times < 500; times++) expect(governor.take('EXIT')).toBe(true);
    expect(drain('ENTRY')).toBe(0);
    clock.advanceTo(MINUTE_MS);
    expect(drain('READ')).toBe(50);
  });

  test('is one for all: what exits use up is missing for questions', () => {
    const { governor, drain } = bench();
    for (let times = 0; times < 40; times++) governor.take('EXIT');
    expect(drain('READ')).toBe(10);
  });

  test('counts every request of a question that takes several', () => {
    const { governor, drain } = bench();
    for (let times = 0; times < 12; times++) expect(governor.take('READ', 4)).toBe(true);
    expect(governor.take('READ', 4)).toBe(false);
    expect(drain('READ')).toBe(2);
  });

  test('refills steadily, and not beyond what a minute allows', () => {
    const { clock, drain } = bench();
    drain('READ');
    clock.advanceTo(6_000);
    expect(drain('READ')).toBe(10);
    clock.advanceTo(6_000 + 60 * MINUTE_MS);
    expect(drain('READ')).toBe(50);
  });

  test('is closed while the venue asks to be left alone, but for exits', () => {
    const { clock, governor } = bench();
    governor.closeFor(2_000);
    // A shorter wish does not open it earlier.
    governor.closeFor(500);
    clock.advanceTo(1_999);
    expect(governor.take('READ')).toBe(false);
    expect(governor.take('ENTRY')).toBe(false);
    expect(governor.take('EXIT')).toBe(true);
    clock.advanceTo(2_000);
    expect(governor.take('READ')).toBe(true);
    expect(governor.take('ENTRY')).toBe(true);
  });

  test('survives a wall clock that is set back', () => {
    let nowMs = 60 * MINUTE_MS;
    const governor = new RateGovernor(100, { now: () => nowMs });
    nowMs = 0;
    expect(governor.take('ENTRY')).toBe(true);
    expect(governor.take('READ')).toBe(true);
  });
});
