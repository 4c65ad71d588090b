/** The whole-system simulator as a user runs it. */
import { describe, expect, test } from 'vitest';
import { plimsoll } from '../support/cli.ts';

describe('plimsoll vopr', () => {
  test('says what was played, and that nothing failed', async () => {
    const { code, stdout, stderr } = await plimsoll(['vopr', '--seeds', '3', '--seed', '5']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/seeds +3 from 5, storm/);
    expect(stdout).toMatch(/failed +0/);
  });

  test('prints one JSON object, the same facts each time', async () => {
    const line = ['vopr', '--seeds', '2', '--profile', 'timeouts', '--without', 'people', '--json'];
    const [first, second] = [await plimsoll(line), await plimsoll(line)];
    const { seconds: _s, seedsPerSecond: _p, ...facts } = JSON.parse(first.stdout);
    expect(facts).toMatchObject({
      profile: 'timeouts',
      seeds: 2,
      failures: [],
      interrupted: false,
    });
    expect(JSON.parse(second.stdout)).toMatchObject(facts);
  });

  test.each([
    [['--profile', 'hurricane'], /hurricane.*storm, calm, crashes/],
    [['--without', 'people,rain'], /rain.*mischief, people/],
    [['--seeds', '0'], /--seeds "0" must be a whole number from 1/],
    [['--seed', '-1'], /--seed "-1" must be a whole number from 0/],
  ])('does not understand %j, and says what would be right', async (words, sentence) => {
    const { code, stdout, stderr } = await plimsoll(['vopr', ...words]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
  });

  test('lists its profiles', async () => {
    const { stdout } = await plimsoll(['vopr', '--help']);
    for (const name of ['storm', 'calm', 'crashes', 'rivals', 'forgetful', 'skewed-clock'])
      expect(stdout).toMatch(new RegExp(`^  ${name} +[A-Z].*\\.$`, 'm'));
  });
});
