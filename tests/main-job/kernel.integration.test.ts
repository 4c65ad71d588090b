import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIMIT_NAMES } from '../../risk-kernel/limits.ts';
import { LIMITS_HASH } from '../../risk-kernel/limits-in-force.ts';
import { writeCandles } from '../support/candles.ts';
import { type Finished, inFolder, plimsoll } from '../support/cli.ts';

const WIDTH_MAX = 120;

const widest = ({ stdout }: Finished): number =>
  Math.max(...stdout.split('\n').map((line) => line.length));

/** The example with something changed about it, as a file. */
async function changed(
  folder: string,
  change: (input: { command: { order: object }; snapshot: object }) => void,
): Promise<string> {
  const input = JSON.parse((await plimsoll(['kernel', 'review', '--example'])).stdout);
  change(input);
  const file = join(folder, 'input.json');
  writeFileSync(file, JSON.stringify(input));
  return file;
}

describe('kernel limits', () => {
  test('shows every limit with its unit, reason, code and test, and the hash', async () => {
    const finished = await plimsoll(['kernel', 'limits']);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    for (const name of LIMIT_NAMES) expect(finished.stdout).toContain(name);
    expect(finished.stdout).toContain('bps of equity');
    expect(finished.stdout).toContain('No single stop may cost more.');
    expect(finished.stdout).toContain('risk-kernel/review.test.ts › REPEATED_EXECUTION > fires');
    expect(finished.stdout).toContain(LIMITS_HASH);
    expect(widest(finished)).toBeLessThanOrEqual(WIDTH_MAX);
  });

  test('shows a tightened value with the constant beside it', async () => {
    const finished = await plimsoll(['kernel', 'limits', '--profile', 'careful']);
    expect(finished.stdout).toMatch(/entriesPerDayMax +10 \(20\)/);
    expect(finished.stdout).not.toContain(LIMITS_HASH);
    expect(widest(finished)).toBeLessThanOrEqual(WIDTH_MAX);
    const { stdout } = await plimsoll(['kernel', 'limits', '--profile', 'careful', '--json']);
    const { limits } = JSON.parse(stdout);
    expect(limits).toHaveLength(LIMIT_NAMES.length);
    expect(limits[0]).toMatchObject({ name: 'riskPerTradeBpsMax', value: 100, constant: 200 });
  });
});

describe('kernel review', () => {
  test('clears its own example, read from a file or from standard input', () =>
    inFolder(async (folder) => {
      const file = await changed(folder, () => undefined);
      const fromFile = await plimsoll(['kernel', 'review', '--input', file]);
      expect(fromFile).toMatchObject({ code: 0, stderr: '' });
      expect(fromFile.stdout).toContain('CLEARED');
      expect(widest(fromFile)).toBeLessThanOrEqual(WIDTH_MAX);
      const example = (await plimsoll(['kernel', 'review', '--example'])).stdout;
      const piped = await plimsoll(['kernel', 'review', '--input', '-'], {}, example);
      expect(piped).toEqual(fromFile);
    }));

  test('denies with the sentence, the comparison that decided and what was not reached', () =>
    inFolder(async (folder) => {
      const file = await changed(folder, ({ snapshot }) =>
        Object.assign(snapshot, { messagesLastMinute: 60 }),
      );
      const finished = await plimsoll(['kernel', 'review', '--input', file]);
      expect(finished.code).toBe(1);
      const sentence = 'MESSAGE_RATE_EXCEEDS_MAXIMUM: value=60 limit=60';
      expect(finished.stdout).toContain(`DENIED  ${sentence}`);
      expect(finished.stdout).toMatch(/✗ +MESSAGE_RATE_EXCEEDS_MAXIMUM.*← decided/);
      expect(finished.stdout).toContain('Not reached: market data, 6 size, 7 price,');
      expect(finished.stderr.trim()).toBe(`error  the kernel denies this order: ${sentence}`);
      const { stdout } = await plimsoll(['kernel', 'review', '--input', file, '--json']);
      const verdict = JSON.parse(stdout);
      expect(verdict).toMatchObject({ cleared: false, sentence, limitsHash: LIMITS_HASH });
      expect(verdict.checks.at(-1)).toMatchObject({
        check: 'MESSAGE_RATE_EXCEEDS_MAXIMUM',
        passed: false,
        value: '60',
        limit: '60',
        headroom: '0',
        unit: 'messages',
      });
      expect(verdict.notReached).toContain('9 daily loss');
    }));

  test('judges by a profile too', () =>
    inFolder(async (folder) => {
      const file = await changed(folder, ({ command }) =>
        Object.assign(command.order, { quantity: '3' }),
      );
      expect((await plimsoll(['kernel', 'review', '--input', file])).code).toBe(0);
      const careful = await plimsoll(['kernel', 'review', '--input', file, '--profile', 'minimal']);
      expect(careful.code).toBe(1);
      expect(careful.stdout).toContain('POSITION_SIZE_EXCEEDS_MAXIMUM: value=303 limit=200');
    }));

  test.each<[string, readonly string[], string, string]>([
    ['no input', [], '', '--input names a file'],
    ['a missing file', ['--input', 'nowhere.json'], '', 'nowhere.json'],
    ['an empty standard input', ['--input', '-'], '', 'standard input is empty'],
    ['what is not JSON', ['--input', '-'], '{"command"', 'standard input is not JSON'],
    ['a missing field', ['--input', '-'], '{"snapshot":{}}', 'command is missing'],
  ])('%s is bad input', async (_, args, input, sentence) => {
    expectOneSentence(await plimsoll(['kernel', 'review', ...args], {}, input), sentence);
  });

  test('a malformed field is named, with what was found', () =>
    inFolder(async (folder) => {
      const file = await changed(folder, ({ snapshot }) => Object.assign(snapshot, { equity: 1 }));
      const finished = await plimsoll(['kernel', 'review', '--input', file]);
      expectOneSentence(finished, 'snapshot.equity must be decimal text');
      expectOneSentence(finished, 'found 1');
    }));
});

test('kernel controls proves every control that is built, and shows those that are not', async () => {
  const finished = await plimsoll(['kernel', 'controls']);
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  expect(finished.stdout).toContain('15c3-5(d)');
  expect(finished.stdout).toContain('Not built yet');
  const { stdout } = await plimsoll(['kernel', 'controls', '--json']);
  const { controls, notBuiltYet } = JSON.parse(stdout);
  expect(new Set(controls.map(({ status }: { status: string }) => status))).toEqual(
    new Set(['proven']),
  );
  expect(notBuiltYet.length).toBeGreaterThan(0);
});

describe('tighter limits on a run', () => {
  test('are what it reports and runs under', () =>
    inFolder(async (folder) => {
      const limits = join(folder, 'desk.json');
      writeFileSync(limits, '{"entriesPerDayMax": 1}');
      const data = await writeCandles(folder, 900);
      const args = ['simulate', '--data', data, '--json'];
      const standard = JSON.parse((await plimsoll(args)).stdout);
      expect(standard).toMatchObject({ profile: 'standard', limitsHash: LIMITS_HASH });
      const tightened = await plimsoll([...args, '--profile', 'minimal', '--limits', limits]);
      const facts = JSON.parse(tightened.stdout);
      expect(facts).toMatchObject({ profile: 'minimal', limitsFile: limits });
      expect(facts.limitsHash).not.toBe(LIMITS_HASH);
      expect(facts.headHash).not.toBe(standard.headHash);
    }));

  test.each(['simulate', 'start'])('that would loosen one refuse to %s', (command) =>
    inFolder(async (folder) => {
      const limits = join(folder, 'desk.json');
      writeFileSync(limits, '{"entriesPerDayMax": 21}');
      const data = command === 'simulate' ? ['--data', await writeCandles(folder, 10)] : [];
      const finished = await plimsoll([command, ...data, '--limits', limits]);
      expectOneSentence(finished, 'entriesPerDayMax would be loosened to 21');
      expectOneSentence(finished, limits);
    }),
  );

  test('belong to a simulation: it is not resumed under others', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 10);
      const args = ['simulate', '--data', data, '--data-dir', join(folder, 'kept')];
      expect((await plimsoll(args)).code).toBe(0);
      const finished = await plimsoll([...args, '--resume', '--profile', 'careful']);
      expectOneSentence(finished, 'it was begun as');
      expectOneSentence(finished, `limits ${LIMITS_HASH.slice(0, 16)}`);
    }));

  test('a profile nobody knows is bad input', async () => {
    expectOneSentence(await plimsoll(['start', '--profile', 'brave']), '--profile "brave"');
  });
});

function expectOneSentence(finished: Finished, sentence: string): void {
  expect(finished.stderr).toContain(sentence);
  expect(finished.code).toBe(2);
  expect(finished.stdout).toBe('');
  expect(finished.stderr.trim().split('\n')).toHaveLength(1);
}
