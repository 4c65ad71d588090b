import { Command } from 'commander';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { DEFAULT_STRATEGIES, STRATEGIES } from '../../strategies/registry.ts';
import { inFolder } from '../../tests/support/cli.ts';
import { scaffold } from '../authoring/scaffold.ts';
import { LIMITS } from '../../risk-kernel/limits.ts';
import { BadInput } from './errors.ts';
import { chosenStrategies, tradedStrategies } from './strategies.ts';
import { addStrategyOptions, type StrategyFlags } from './strategy-options.ts';

const flagsOf = (...args: readonly string[]): StrategyFlags =>
  addStrategyOptions(new Command()).parse(args, { from: 'user' }).opts<StrategyFlags>();
const idsOf = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await chosenStrategies(flagsOf(...args))).map(({ id }) => id);

test('the usual strategies run when none is named, and the help names them', async () => {
  const usual = DEFAULT_STRATEGIES.map(({ id }) => id);
  expect(await idsOf()).toEqual(usual);
  expect(addStrategyOptions(new Command()).helpInformation()).toContain(
    `${usual.join(',')} when left out`,
  );
});

test('a command may have others in their place', async () => {
  expect(await chosenStrategies(flagsOf(), STRATEGIES)).toEqual(STRATEGIES);
});

test('strategies are named in a list, one by one, and by file', () =>
  inFolder(async (folder) => {
    scaffold('mine', folder);
    const file = join(folder, 'mine.ts');
    expect(await idsOf('--strategies', 'nbb, jadecap')).toEqual(['nbb', 'jadecap']);
    expect(await idsOf('--strategy', file, '--strategy', 'nbb')).toEqual(['mine', 'nbb']);
    expect(await idsOf('--strategies', 'nbb', '--strategy', file)).toEqual(['nbb', 'mine']);
  }));

test('parameters are set together, so that only what they come to must fit', () =>
  inFolder(async (folder) => {
    scaffold('mine', folder);
    const chosen = ['--strategy', join(folder, 'mine.ts')];
    const set = async (...settings: readonly string[]) => {
      const flags = flagsOf(...chosen, ...settings.flatMap((setting) => ['--set', setting]));
      return (await chosenStrategies(flags))[0]?.values;
    };
    expect(await set('mine.fast=60', 'mine.slow=90')).toMatchObject({ fast: 60, slow: 90 });
    expect(await set('mine.stop=2.5')).toMatchObject({ fast: 20, stop: 2.5 });
    for (const [setting, sentence] of [
      ['mine.fast=60', 'mine: fast 60 must be less than slow 50'],
      ['mine.fast=many', 'fast "many" must be a whole number from 2 to 200 (bars)'],
      ['mine.speed=1', 'there is no parameter "speed"; the known ones are fast, slow, '],
      ['nbb.touch=1', '--set nbb.touch=1: no strategy "nbb" was chosen; chosen are mine'],
      ['fast', '--set "fast" must be as in sma-cross.fast=10'],
    ] as const)
      await expect(set(setting)).rejects.toThrow(sentence);
  }));

test.each([
  [['--strategies', 'nbb,nbb'], 'the strategy "nbb" is named twice'],
  [['--strategies', 'nbb', '--strategy', 'nbb'], 'the strategy "nbb" is named twice'],
  [['--strategy', 'nobody'], '"nobody" is not a known strategy; the known ones are '],
  [['--strategy', './nobody.ts'], './nobody.ts: there is no such file'],
])('%s is bad input', async (args, sentence) => {
  const asked = chosenStrategies(flagsOf(...args));
  await expect(asked).rejects.toThrow(sentence);
  await expect(asked).rejects.toBeInstanceOf(BadInput);
});

test('no more trade together than the kernel lets trade', async () => {
  const limits = { ...LIMITS, strategiesActiveMax: 2 };
  const two = await tradedStrategies(flagsOf('--strategies', 'nbb,tori'), limits);
  expect(two.map(({ id }) => id)).toEqual(['nbb', 'tori']);
  await expect(tradedStrategies(flagsOf('--strategies', 'nbb,tori,grid'), limits)).rejects.toThrow(
    '3 strategies are named, and the kernel lets 2 trade together',
  );
});
