/** The simulator finds what it is there to find: bugs that somebody planted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planFor } from '../../simulation/vopr/faults.ts';
import type { Failure } from '../../simulation/vopr/vopr.ts';
import { hunt, timesFound } from './plant.ts';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts';

/** A bug that this many worlds do not show is one that the simulator misses. */
const SEEDS = 200;
const AT_ONCE = 2;

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-vopr-'));
const caught = new Map<PlantedBug, Failure | null>();

beforeAll(async () => {
  const waiting = [...PLANTED_BUGS.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [number, bug] = next;
      caught.set(bug, await hunt(bug, SEEDS, join(folder, String(number))));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every planted bug', () => {
  test.each(PLANTED_BUGS.flatMap(({ edits }) => edits))(
    'is planted where its source still is: $file',
    (edit) => {
      expect(timesFound(edit)).toBe(1);
    },
  );

  test.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))('is caught: %s', (_, bug) => {
    const failure = caught.get(bug);
    expect(bug.rules, failure?.violation.sentence).toContain(failure?.violation.rule);
    const told = `seed ${failure?.seed}, step ${failure?.step}, ${failure?.violation.rule}`;
    process.stdout.write(`  caught by ${told}: ${bug.name}\n`);
  });

  test('is told with the shortest log that shows it, which names what it is about', () => {
    for (const failure of caught.values()) {
      const about = failure?.violation.about ?? [];
      const log = failure?.log ?? [];
      expect(log.length).toBeGreaterThan(0);
      expect(log.length).toBeLessThanOrEqual(60);
      expect(about.some((name) => log.join('\n').includes(name)) || about.length === 0).toBe(true);
    }
  });

  test('is told without the faults that it does not need', () => {
    const failures = [...caught].flatMap(([{ profile, faults }, failure]) =>
      failure === null || profile !== undefined || faults !== undefined ? [] : [failure],
    );
    const left = failures.reduce((sum, { faults }) => sum + faults.length, 0);
    const drawn = failures.reduce((sum, { seed }) => sum + planFor(seed, 'storm').faults.size, 0);
    expect(left).toBeLessThan(drawn / 2);
  });
});
