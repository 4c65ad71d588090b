import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { opinionsOn } from '../../strategies/authoring/opinions-on.ts';
import { syntheticCandles } from '../../strategies/authoring/synthetic-candles.ts';
import { smaCross } from '../../strategies/sma-cross.ts';
import { inFolder } from '../../tests/support/cli.ts';
import { loadStrategyFile } from './load-strategy.ts';
import { nameFault, scaffold } from './scaffold.ts';

test('what is written says the same as the example, under its own name', () =>
  inFolder(async (folder) => {
    const { strategyFile, testFile } = scaffold('two-lines', join(folder, 'new'));
    expect(readdirSync(join(folder, 'new'))).toEqual(['two-lines.test.ts', 'two-lines.ts']);
    expect(readFileSync(testFile, 'utf8')).toContain("from './two-lines.ts'");
    expect(readFileSync(strategyFile, 'utf8')).not.toContain('sma-cross');
    const strategy = await loadStrategyFile(strategyFile);
    expect(strategy).toMatchObject({ id: 'two-lines', name: 'Two lines', rule: smaCross.rule });
    const candles = await syntheticCandles(1_000);
    const renamed = JSON.stringify(opinionsOn(smaCross, candles, '5m'));
    expect(renamed).toContain('SIGNAL');
    expect(opinionsOn(strategy, candles, '5m')).toEqual(
      JSON.parse(renamed.replaceAll('sma-cross', 'two-lines')),
    );
  }));

test.each(['two-lines.ts', 'two-lines.test.ts'])('%s is never written over', (name) =>
  inFolder(async (folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), 'mine');
    expect(() => scaffold('two-lines', folder)).toThrow(
      `${join(folder, name)} is already there; nothing was written`,
    );
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
  }),
);

test('a name must be one that a strategy can have', () => {
  expect(['a', 'two-lines', 'ema9-cross'].map(nameFault)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const name of ['', 'Two', 'two lines', '-a', 'a-', 'a--b', '9a', '../a', 'a'.repeat(33)])
    expect(nameFault(name)).toContain(`the name "${name}" must be small letters`);
  expect(nameFault('nbb')).toContain('comes with Plimsoll');
  for (const name of ['con', 'nul', 'com1']) expect(nameFault(name)).toContain('on Windows');
});

test('a file in the place of the folder is told from a folder', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'taken');
    writeFileSync(file, 'mine');
    expect(() => scaffold('two-lines', file)).toThrow(`${file} is no folder; nothing was written`);
  }));
