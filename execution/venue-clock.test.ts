import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import { VenueClock } from './venue-clock.ts';

const START_MS = 1_000_000;

/** A venue's clock that is so far ahead, asked over a way that takes so long there and back. */
function bench() {
  const ours = new ManualClock(START_MS);
  const clock = new VenueClock(ours);
  const ask = (aheadMs: number, thereMs = 0, backMs = thereMs): void => {
    const askedMs = ours.now();
    ours.advanceTo(askedMs + thereMs);
    const venueMs = ours.now() + aheadMs;
    ours.advanceTo(ours.now() + backMs);
    clock.measured(venueMs, askedMs);
  };
  return { ours, clock, ask };
}

describe('the venue’s clock', () => {
  test('is taken for ours, and known not to be known, while it was not measured', () => {
    const { clock } = bench();
    expect(clock.known).toBe(false);
    expect(clock.offsetMs).toBe(0);
    expect(clock.now()).toBe(START_MS);
  });

  test.each([10_000, -10_000, 400, 0])('that is %d ms ahead is known after one answer', (ahead) => {
    const { clock, ask, ours } = bench();
    ask(ahead, 150);
    expect(clock.known).toBe(true);
    expect(clock.offsetMs).toBe(ahead);
    expect(clock.now()).toBe(ours.now() + ahead);
    expect(clock.at(5_000)).toBe(5_000 + ahead);
  });

  test('is the median of what was measured: one lame answer does not move it', () => {
    const { clock, ask } = bench();
    ask(200);
    ask(210);
    ask(190, 0, 3_000);
    expect(clock.offsetMs).toBe(200);
  });

  test('forgets what is long ago, so that drift is followed', () => {
    const { clock, ask } = bench();
    for (let drift = 0; drift <= 1_000; drift += 100) ask(drift);
    expect(clock.offsetMs).toBe(800);
  });

  test.each([10_000, -10_000])('that jumps by %d ms is believed at once', (jump) => {
    const { clock, ask } = bench();
    for (let times = 0; times < 5; times++) ask(100, 50);
    ask(100 + jump, 50);
    expect(clock.offsetMs).toBe(100 + jump);
  });

  test('did not jump when an answer was merely long on its way', () => {
    const { clock, ask } = bench();
    for (let times = 0; times < 5; times++) ask(100, 50);
    ask(100, 50, 8_000);
    expect(clock.offsetMs).toBe(100);
  });
});
