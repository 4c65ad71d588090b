import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRATEGIES } from '../../strategies/registry.ts';

/** The teaching example itself, so that what is copied is what is tested. */
const EXAMPLE = new URL('../../strategies/sma-cross.ts', import.meta.url);
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_MAX = 32;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;

export interface Scaffold {
  readonly strategyFile: string;
  readonly testFile: string;
}

/** Why a name cannot be a new strategy's, or undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (!NAME.test(name) || name.length > NAME_MAX)
    return `the name "${name}" must be small letters, digits and single hyphens, at most ${NAME_MAX}, such as my-cross`;
  if (DEVICE.test(name))
    return `the name "${name}" cannot be a file's on Windows; give it another one`;
  if (STRATEGIES.some(({ id }) => id === name))
    return `the name "${name}" is that of a strategy that comes with Plimsoll; give it one of its own`;
  return undefined;
}

/** Writes NAME.ts and NAME.test.ts into a folder; throws a sentence rather than write over a file. */
export function scaffold(name: string, folder: string): Scaffold {
  const strategyFile = join(folder, `${name}.ts`);
  const testFile = join(folder, `${name}.test.ts`);
  for (const file of [strategyFile, testFile])
    if (existsSync(file)) throw new Error(`${file} is already there; nothing was written`);
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new Error(`${folder} is no folder; nothing was written`);
  mkdirSync(folder, { recursive: true });
  const strategy = strategyText(readFileSync(EXAMPLE, 'utf8'), name);
  // `wx` refuses what came between the look and the writing.
  writeFileSync(strategyFile, strategy, { flag: 'wx' });
  writeFileSync(testFile, testText(name), { flag: 'wx' });
  return { strategyFile, testFile };
}

const IMPORT = /^import (type )?\{([^}]*)\} from '[^']*';\n/gm;

/** The example as a file of its own: everything from 'plimsoll', and under another name. */
export function strategyText(example: string, name: string): string {
  const names = [...example.matchAll(IMPORT)].flatMap(([, type = '', list = '']) =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .map((one) => `${type}${one}`),
  );
  const imports = names.sort().map((one) => `  ${one},\n`);
  const body = example
    .replaceAll(IMPORT, '')
    .replace(
      /\/\*\* The teaching example[^\n]*\*\/\n/,
      `/** ${titleOf(name)}: begun as a cross of two averages; now make it yours. */\n`,
    )
    .replace('export const smaCross =', 'export default')
    .replace("'sma-cross'", `'${name}'`)
    .replace("'SMA cross'", `'${titleOf(name)}'`);
  return `import {\n${imports.join('')}} from 'plimsoll';\n${body}`;
}

const titleOf = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

const testText = (name: string): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSignals, syntheticCandles } from 'plimsoll';
import strategy from './${name}.ts';

const TIMEFRAME = '5m';
const candles = await syntheticCandles(3_000, { timeframe: TIMEFRAME });

// Sound levels and evidence, nothing in warm-up, no set-up twice, no look ahead, nothing forgotten.
test('its signals keep every promise, long and short', () => {
  const signals = checkSignals(strategy, candles, TIMEFRAME);
  const sides = new Set(signals.map(({ direction }) => direction));
  assert.deepEqual([...sides].sort(), ['LONG', 'SHORT']);
});

test('a cross signals once: the next signal is the other way', () => {
  const signals = checkSignals(strategy, candles, TIMEFRAME);
  for (const [index, { direction }] of signals.entries())
    assert.notEqual(direction, signals[index + 1]?.direction);
});

test('a slower average that is not slower is refused', () => {
  assert.throws(() => strategy.with({ fast: 50, slow: 50 }), /fast 50 must be less than slow 50/);
});
`;
