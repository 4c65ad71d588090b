import { describe, expect, test } from 'vitest';
import type { VoprProfile } from './faults.ts';
import { type Failure, runSeed } from './vopr.ts';

/** What somebody needs who has to look into it. */
const told = ({ seed, profile, violation, shortening, log }: Failure): string =>
  [
    `seed ${seed} of ${profile}, ${violation.rule}: ${violation.sentence}`,
    `shorter: ${JSON.stringify(shortening)}`,
    ...log,
  ].join('\n');

async function playAll(profile: VoprProfile, first: number, seeds: number): Promise<number> {
  let executions = 0;
  for (let seed = first; seed < first + seeds; seed++) {
    const result = await runSeed(seed, profile);
    if (result.failure !== undefined) throw new Error(told(result.failure));
    executions += result.executions;
  }
  return executions;
}

const SEEDS = 200;

test(`nothing that must not happen happens in ${SEEDS} worlds, whatever goes wrong`, async () => {
  // Nor is it for lack of trading.
  expect(await playAll('storm', 1, SEEDS)).toBeGreaterThan(2 * SEEDS);
}, 300_000);

/** How each trouble shows in a log. */
const SIGNS: Readonly<Record<Exclude<VoprProfile, 'storm'>, RegExp>> = {
  calm: /trades/,
  crashes: /the process ends (before|after)/,
  pauses: /the process stops (before|after)/,
  'slow-answers': /nobody was there/,
  storage: /the store fails (before|after) the commit/,
  rivals: /epoch 2 begins/,
  'thin-market': /E1P\d+-[2-9]/,
  timeouts: /trouble: no answer came in time/,
  'lost-acks': /trouble: no answer came in time/,
  'scrambled-fills': /told of (\S+), \1/,
  forgetful: /the venue denies having/,
  'rate-limited': /trouble: too many requests/,
  'skewed-clock': /trouble: the request was signed/,
  'stale-book': /trades/,
  disconnects: /trouble: the connection is broken/,
  maintenance: /trouble: the venue is closed/,
};

describe('nor when only one thing goes wrong, or none, and it does', () => {
  test.each(Object.entries(SIGNS) as [VoprProfile, RegExp][])('%s', async (profile, sign) => {
    let seen = false;
    for (let seed = 1; seed <= 4 || (!seen && seed <= 40); seed++) {
      const result = await runSeed(seed, profile);
      if (result.failure !== undefined) throw new Error(told(result.failure));
      seen ||= result.lines().some((line) => sign.test(line));
    }
    expect(seen).toBe(true);
  });
});

describe('one seed is one world', () => {
  test('the same one gives the same journal and the same log, line for line', async () => {
    for (const seed of [3, 7, 11]) {
      const [first, second] = [await runSeed(seed, 'storm'), await runSeed(seed, 'storm')];
      expect(second.headHash).toBe(first.headHash);
      expect(second.lines()).toEqual(first.lines());
      expect(first.events).toBeGreaterThan(0);
    }
  });

  test('another one gives another', async () => {
    const [first, second] = [await runSeed(1, 'calm'), await runSeed(2, 'calm')];
    expect(second.headHash).not.toBe(first.headHash);
  });

  test('it may be played with less going wrong, or healed sooner', async () => {
    const whole = await runSeed(1, 'storm');
    const healed = await runSeed(1, 'storm', { without: ['mischief'], steps: 10 });
    expect(healed.failure).toBeUndefined();
    expect(healed.events).toBeLessThan(whole.events);
  });
});
