import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, utcDay } from '../../domain/clock.ts';
import { marked } from './retention.ts';

const NOW_MS = Date.UTC(2026, 5, 30, 15);
interface Timed {
  readonly atMs: number;
}

async function kept(atMs: readonly number[]): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  const checkpoints = atMs.map((at) => ({ atMs: at }));
  for await (const { checkpoint, isKept } of marked(checkpoints, NOW_MS)) {
    if (isKept) found.push(checkpoint);
  }
  return found;
}
const agesInHours = (found: readonly Timed[]): readonly number[] =>
  found.map(({ atMs }) => (NOW_MS - atMs) / HOUR_MS);

describe('what is kept of the checkpoints', () => {
  test('is the first, the last of each day, and all of the last seven days', async () => {
    const atMs = Array.from({ length: 240 }, (_, index) => NOW_MS - (239 - index) * HOUR_MS);
    const ages = agesInHours(await kept(atMs));
    // 23:00 is sixteen hours before 15:00 of the next day.
    expect(ages.slice(0, 5)).toEqual([239, 232, 208, 184, 168]);
    expect(ages.slice(4)).toEqual(Array.from({ length: 169 }, (_, index) => 168 - index));
  });

  test('is everything of few, and nothing of none', async () => {
    expect(await kept([])).toEqual([]);
    expect(await kept([0])).toHaveLength(1);
    expect(await kept([0, 1])).toHaveLength(2);
    expect(await kept([0, 1, 2])).toEqual([{ atMs: 0 }, { atMs: 2 }]);
  });

  test('has every day that was signed, whatever the clock did, and thinning again changes nothing', async () => {
    const times = fc.array(fc.integer({ min: NOW_MS - 20 * DAY_MS, max: NOW_MS + DAY_MS }));
    await fc.assert(
      fc.asyncProperty(times, async (atMs) => {
        const once = await kept(atMs);
        const days = (found: readonly Timed[]): Set<number> =>
          new Set(found.map((one) => utcDay(one.atMs)));
        expect(days(once)).toEqual(days(atMs.map((at) => ({ atMs: at }))));
        expect([once.at(0)?.atMs, once.at(-1)?.atMs]).toEqual([atMs.at(0), atMs.at(-1)]);
        const week = atMs.filter((at) => at >= NOW_MS - 7 * DAY_MS);
        expect(once.map((one) => one.atMs)).toEqual(expect.arrayContaining(week));
        expect(await kept(once.map((one) => one.atMs))).toEqual(once);
      }),
    );
  });
});
