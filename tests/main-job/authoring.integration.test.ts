/** The way of an author: a folder with nothing in it, outside of the repository, and the built command line. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCandles } from '../support/candles.ts';
import { inFolder, plimsoll } from '../support/cli.ts';

/** A folder that holds a new strategy `mine.ts` and its test. */
const withScaffold = (work: (folder: string, strategy: string) => Promise<void>): Promise<void> =>
  inFolder(async (folder) => {
    const { code, stderr } = await plimsoll(['new-strategy', 'mine', '--dir', folder]);
    expect([code, stderr]).toEqual([0, '']);
    await work(folder, join(folder, 'mine.ts'));
  });

const edit = (file: string, from: string, to: string): void => {
  const before = readFileSync(file, 'utf8');
  expect(before).toContain(from);
  writeFileSync(file, before.replace(from, to));
};

test('new-strategy says what to do next, and never writes over anything', () =>
  inFolder(async (folder) => {
    const first = await plimsoll(['new-strategy', 'mine', '--dir', folder]);
    expect(first.stdout).toContain(`npx plimsoll test-strategy ${folder}/mine.test.ts`);
    expect(first.stdout).toContain(`npx plimsoll lookahead --strategy ${folder}/mine.ts`);
    expect(readdirSync(folder)).toEqual(['mine.test.ts', 'mine.ts']);
    const again = await plimsoll(['new-strategy', 'mine', '--dir', folder]);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('is already there; nothing was written');
    const named = await plimsoll(['new-strategy', 'Mine', '--dir', folder]);
    expect(named).toMatchObject({ code: 2, stdout: '' });
  }));

test('the test that was written runs with one command, and fails when the strategy is spoiled', () =>
  withScaffold(async (folder, strategy) => {
    const file = join(folder, 'mine.test.ts');
    const sound = await plimsoll(['test-strategy', file]);
    expect(sound.code).toBe(0);
    expect(sound.stdout).toContain('its signals keep every promise');
    expect(sound.stdout).toMatch(/pass 3/);
    edit(strategy, 'values.stop * range', '0.0001 * range');
    edit(strategy, 'smallestStopDistance(entry, range)', '0');
    const spoiled = await plimsoll(['test-strategy', file]);
    expect(spoiled.code).toBe(1);
    expect(spoiled.stdout).toContain('20 basis points');
    appendFileSync(strategy, 'const = 4;\n');
    const broken = await plimsoll(['test-strategy', file]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/mine\.ts:\d+:\d+: it is no TypeScript/);
  }));

test('a strategy of one’s own is looked at on one’s own candles', () =>
  withScaffold(async (folder, strategy) => {
    const data = await writeCandles(folder, 2_000);
    for (const command of ['lookahead', 'warmup']) {
      const options = ['--strategy', strategy, '--data', data, '--set', 'mine.fast=10'];
      const { code, stdout } = await plimsoll([command, ...options, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        holds: true,
        results: [{ strategy: 'mine', source: data, timeframe: '5m', because: null }],
      });
    }
  }));

test('one that peeks, and one that declares too little, end with exit code 1 and the reason', () =>
  withScaffold(async (_, strategy) => {
    edit(
      strategy,
      'fastAverage.push(bar.close)',
      'fastAverage.push(series.close[series.length] ?? 1)',
    );
    const peeking = await plimsoll(['lookahead', '--strategy', strategy]);
    expect(peeking.code).toBe(1);
    expect(peeking.stderr).toContain('mine looks ahead: it reads bars that have not closed yet');
    expect(peeking.stdout).toContain('a quarter higher');
    edit(strategy, 'series.close[series.length] ?? 1', 'bar.close');
    edit(strategy, 'Math.max(slow + 1, ATR_SETTLED_BARS)', 'slow - 20');
    const early = await plimsoll(['warmup', '--strategy', strategy]);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/mine declares 30 bars, and needs \d{2,}/);
  }));

test('what cannot be loaded is bad input, told with its place', () =>
  withScaffold(async (_, strategy) => {
    appendFileSync(strategy, 'const = 4;\n');
    const { code, stdout, stderr } = await plimsoll(['lookahead', '--strategy', strategy]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/mine\.ts:\d+:7: it is no TypeScript: Unexpected token/);
  }));

test('a strategy that throws on a bar is named with the bar', () =>
  withScaffold(async (_, strategy) => {
    edit(strategy, 'const before = side.value;', 'const before = side.value; bar.nothing.at(0);');
    const { code, stderr } = await plimsoll(['lookahead', '--strategy', strategy]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/strategy "mine", on the bar of 20\d\d-.*Z: it threw "Cannot read/);
  }));
