import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { opinionsOn } from '../../strategies/authoring/opinions-on.ts';
import { syntheticCandles } from '../../strategies/authoring/synthetic-candles.ts';
import { inFolder } from '../../tests/support/cli.ts';
import { isStrategyFile, loadStrategyFile } from './load-strategy.ts';

const SOUND = `
import { defineStrategy, Ema, integer, nothingBy, strategyId, type Strategy } from 'plimsoll';
import { WORD } from './words.ts';

const ID = strategyId('mine');
const mine: Strategy = defineStrategy({
  id: ID,
  name: 'Mine',
  rule: 'Waits.',
  timeframes: ['5m'],
  parameters: { bars: integer({ default: 5, min: 2, max: 50, unit: 'bars', says: 'Bars.' }) },
  warmupBars: ({ bars }) => bars,
  start({ values, keep }) {
    const average = keep(new Ema(values.bars));
    return (bar) => nothingBy(ID)(\`\${WORD} \${average.push(bar.close)}\`);
  },
});
export default mine;
`;

/** The file as `mine.ts` in a folder where nothing is installed, and what loading it comes to. */
const loading = (text: string, name = 'mine.ts') =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'words.ts'), "export const WORD: string = 'average';\n");
    writeFileSync(join(folder, name), text);
    try {
      return await loadStrategyFile(join(folder, name));
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, '');
    }
  });

test('a TypeScript file from anywhere is a strategy of this house', async () => {
  const strategy = await loading(SOUND);
  if (typeof strategy === 'string') throw new Error(strategy);
  const hash = createHash('sha256').update(SOUND).digest('hex');
  expect(strategy).toMatchObject({ id: 'mine', warmupBars: 5, values: { bars: 5 } });
  expect(strategy.with({ bars: 6 }).origin).toBe(`mine.ts sha256:${hash}`);
  const candles = await syntheticCandles(60);
  const [last] = opinionsOn(strategy.with({ bars: 7 }), candles, '5m').slice(-1);
  expect(last).toMatchObject({ because: expect.stringMatching(/^average \d+/) as string });
});

test.each<[string, string, string | RegExp]>([
  [
    'a typing mistake',
    'const a: number = 1;\nconst b = = 2;\n',
    'mine.ts:2:11: it is no TypeScript: Unexpected token',
  ],
  [
    'a mistake in what it imports',
    "import './words.ts';\nimport './gone.ts';",
    /^mine.ts: it imports something that is not there: Cannot find module/,
  ],
  [
    'something that throws',
    "\nthrow new Error('boom');",
    'mine.ts:2:7: it threw "boom" while it was loaded',
  ],
  [
    'a name we do not have',
    "import { sma } from 'plimsoll';\nexport default sma(3);",
    /^mine.ts:2:\d+: it threw "'plimsoll' exports no "sma"; it exports Adx, Atr, /,
  ],
  [
    'nothing',
    'export const a = 1;',
    'mine.ts: it exports nothing by default; end it with "export default defineStrategy({ … })"',
  ],
  [
    'a number',
    'export default 4;',
    'mine.ts: its default export is a number; export what defineStrategy returns',
  ],
  [
    'a bare object',
    'export default { id: "mine" };',
    'mine.ts: its default export was not made by defineStrategy; export what defineStrategy returns',
  ],
  [
    'an id with capitals',
    SOUND.replace("'mine'", "'My Own'"),
    'mine.ts: its id "My Own" must be small letters, digits and single hyphens, such as my-cross',
  ],
  [
    'an id that is taken',
    SOUND.replace("'mine'", "'nbb'"),
    'mine.ts: its id "nbb" is that of a strategy that comes with Plimsoll; give it one of its own',
  ],
  ['no name', SOUND.replace("'Mine'", "''"), 'mine.ts: its name must be a text, and is '],
  [
    'no timeframe',
    SOUND.replace("['5m']", '[]'),
    'mine.ts: its timeframes [] must be some of 1m, 5m, 15m, 1h, 4h, 1d',
  ],
  [
    'a timeframe of its own',
    SOUND.replace("['5m']", "['7m']"),
    'mine.ts: its timeframes ["7m"] must be some of 1m, 5m, 15m, 1h, 4h, 1d',
  ],
  [
    'half a bar of warm-up',
    SOUND.replace('=> bars,', '=> bars / 2,'),
    'mine.ts: its warmupBars 2.5 must be a whole number of bars, 1 or more',
  ],
  [
    'a default out of its range',
    SOUND.replace('default: 5', 'default: 1'),
    /^mine.ts:6:\d+: it threw "mine: the default of bars 1 must be a whole number from 2 to 50 \(bars\)" while it was loaded$/,
  ],
  [
    'a name we do not have, used when a run begins',
    SOUND.replace(/Ema/g, 'EMA'),
    /^strategy "mine": it threw "'plimsoll' exports no "EMA"; .*" at mine.ts:\d+ when a run of it began$/,
  ],
  [
    'a start that throws',
    SOUND.replace('const average', 'throw new Error("boom");\n    const average'),
    /^strategy "mine": it threw "boom" at mine.ts:14 when a run of it began$/,
  ],
  ['a text that was thrown', "throw 'boom';", 'mine.ts: it threw boom while it was loaded'],
])('%s is told in a sentence that names the file', async (_, text, sentence) => {
  const told = await loading(text);
  if (typeof sentence === 'string') expect(told).toBe(sentence);
  else expect(told).toMatch(sentence);
});

test('a mistake in a file that it imports names that file', async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, 'mine.ts'), "import { a } from './other.ts';\nexport default a;\n");
    writeFileSync(join(folder, 'other.ts'), 'export const a = ;\n');
    await expect(loadStrategyFile(join(folder, 'mine.ts'))).rejects.toThrow(
      `${join(folder, 'other.ts')}:1:18: it is no TypeScript`,
    );
  });
});

test('what is no file, or of no kind we load, is refused by its name', async () => {
  await expect(loadStrategyFile('/nowhere/mine.ts')).rejects.toThrow(
    '/nowhere/mine.ts: there is no such file',
  );
  expect(await loading('id = 4', 'mine.py')).toBe(
    'mine.py: a file that can be loaded ends in .ts, .mts, .js, .mjs',
  );
});

test('a strategy of a file is looked at on every bar', async () => {
  const strategy = await loading(SOUND.replace('nothingBy(ID)(', '('));
  if (typeof strategy === 'string') throw new Error(strategy);
  const candles = await syntheticCandles(1);
  expect(() => opinionsOn(strategy, candles, '5m')).toThrow(
    'it answered "average NaN", which is no opinion',
  );
});

test('a path is told from an id', () => {
  expect(['./mine.ts', 'mine.ts', 'deep/mine', 'mine.mjs'].map(isStrategyFile)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['nbb', 'sma-cross'].map(isStrategyFile)).toEqual([false, false]);
});
