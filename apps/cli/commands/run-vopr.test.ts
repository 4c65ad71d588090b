import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Failure, SeedResult } from '../../../simulation/vopr/vopr.ts';
import { runVopr } from './run-vopr.ts';
import type { VoprFlags } from './vopr.ts';

const FLAGS: VoprFlags = { seeds: 3, seed: 7, profile: 'storm', json: false };

const failureOf = (seed: number): Failure => ({
  seed,
  profile: 'storm',
  violation: {
    rule: 'SENT_TWICE',
    atMs: 0,
    sentence: 'E1P1 was sent before',
    about: ['E1P1'],
  },
  step: 12,
  faults: ['rivals'],
  shortening: { without: ['crashes', 'people'], steps: 12 },
  log: ['the first line', 'the last line'],
});

/** A world in which the eighth seed fails. */
async function play(seed: number): Promise<SeedResult> {
  const failure = seed === 8 ? failureOf(seed) : undefined;
  return { seed, failure, headHash: '', events: 5, lines: () => [], sent: 2, executions: 1 };
}

let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
});

afterEach(() => vi.restoreAllMocks());

test('a seed that fails is told with its rule, its log and how to see it again, and fails the command', async () => {
  await expect(runVopr(FLAGS, play)).rejects.toThrow('1 of 3 seeds failed');
  expect(printed).toContain('Seed 8, step 12: SENT_TWICE');
  expect(printed).toContain('No order is sent a second time');
  expect(printed).toContain('E1P1 was sent before');
  expect(printed).toMatch(/the first line\n.*the last line/);
  expect(printed).toContain(
    'plimsoll vopr --seeds 1 --seed 8 --profile storm --without crashes,people --steps 12',
  );
});

test('so it is in JSON, and nothing else is printed', async () => {
  await expect(runVopr({ ...FLAGS, json: true }, play)).rejects.toThrow('1 of 3 seeds failed');
  expect(JSON.parse(printed)).toMatchObject({ seeds: 3, sent: 6, failures: [failureOf(8)] });
});

test('one that is interrupted says how far it came, and fails', async () => {
  const interrupted = (seed: number): Promise<SeedResult> => {
    process.emit('SIGINT');
    return play(seed);
  };
  await expect(runVopr(FLAGS, interrupted)).rejects.toThrow('interrupted after 1 of 3 seeds');
  expect(printed).toContain('Interrupted');
});
