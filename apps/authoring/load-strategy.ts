import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIMEFRAMES } from '../../domain/candle.ts';
import { checkedStrategy } from '../../strategies/authoring/checked-strategy.ts';
import { STRATEGIES } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { importFile } from './import-file.ts';
import { Watchdog, watched } from './watchdog.ts';

const EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether what was typed is a file and not the id of a shipped strategy. */
export const isStrategyFile = (text: string): boolean =>
  /[\\/]/.test(text) || EXTENSIONS.includes(extname(text));

/**
 * The strategy that a file exports by default, looked at on every bar because nobody has compiled it.
 * Throws a sentence that names the file, and the line where there is one.
 */
export async function loadStrategyFile(path: string): Promise<Strategy> {
  const watchdog = new Watchdog(path);
  const exported = await loadFile(path, watchdog);
  if (!isRecord(exported) || !('default' in exported))
    throw new Error(
      `${path}: it exports nothing by default; end it with "export default defineStrategy({ … })"`,
    );
  const fault = strategyFault(exported['default']);
  if (fault !== undefined) throw new Error(`${path}: ${fault}`);
  const strategy = (exported['default'] as Strategy).from(originOf(path));
  const checked = checkedStrategy(watched(strategy, watchdog), (error) => placeIn(error, path));
  // What every run would stumble over is told before the first of them.
  for (const timeframe of checked.timeframes) checked.start(timeframe);
  return checked;
}

/** By the file's own name and not by where it lies, because the words end up in the record. */
function placeIn(error: unknown, path: string): string | undefined {
  const at = error instanceof Error ? lineIn(error.stack ?? '', resolve(path)) : undefined;
  return at === undefined ? undefined : `${basename(path)}:${at.split(':')[0]}`;
}

/** Recorded with whatever the strategy decides. What the file itself imports is not in the hash. */
function originOf(path: string): string {
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  return `${basename(path)} sha256:${hash}`;
}

/** What a user's file exports. Throws a sentence that names the file, and the line where there is one. */
export async function loadFile(path: string, watchdog = new Watchdog(path)): Promise<unknown> {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Error(`${path}: there is no such file`);
  if (!EXTENSIONS.includes(extname(file)))
    throw new Error(`${path}: a file that can be loaded ends in ${EXTENSIONS.join(', ')}`);
  try {
    return await watchdog.watchAll(() => inTime(importFile(file)));
  } catch (error) {
    throw new Error(loadFault(error, file, path), { cause: error });
  }
}

const LOADING_MS_MAX = 30_000;

/** An await at the top of a file may never end, and a process with nothing else to do would just stop. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const tooLate = sleep(LOADING_MS_MAX, undefined, timer).then((): never => {
    throw new Error(`it waits for something that has not come in ${LOADING_MS_MAX / 1_000} s`);
  });
  try {
    return await Promise.race([loading, tooLate]);
  } finally {
    timer.abort();
    tooLate.catch(() => undefined);
  }
}

/** What went wrong while a file was loaded, and where in it. */
function loadFault(error: unknown, file: string, path: string): string {
  if (!(error instanceof Error)) return `${path}: it threw ${String(error)} while it was loaded`;
  const [first = ''] = error.message.split('\n');
  const said = first.trim();
  if (said.startsWith('ParseError:')) {
    const [, fileAt = file, line, column] = /([^\s]+):(\d+):(\d+)\s*$/.exec(error.message) ?? [];
    const where = fileAt === file ? path : fileAt;
    // The compiler counts columns from nought, and editors from one.
    return `${where}:${line}:${Number(column) + 1}: it is no TypeScript: ${said.slice('ParseError:'.length).trim()}`;
  }
  // Imports move when a file is compiled, so their line is not told.
  if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
    return `${path}: it imports something that is not there: ${said}`;
  const line = lineIn(error.stack ?? '', file);
  return `${path}${line === undefined ? '' : `:${line}`}: it threw "${said}" while it was loaded`;
}

/** `12:5`, from the first line of a stack that lies in the file. */
function lineIn(stack: string, file: string): string | undefined {
  const at = stack.split('\n').find((line) => line.includes(`${file}:`));
  return at === undefined ? undefined : /:(\d+:\d+)\)?$/.exec(at)?.[1];
}

/** Why a value is no strategy, or undefined when it is one. */
function strategyFault(value: unknown): string | undefined {
  if (!isRecord(value)) return `its default export is ${kindOf(value)}; ${DEFINE}`;
  const { id, name, rule, timeframes, warmupBars } = value;
  if (!['with', 'from', 'start'].every((name) => typeof value[name] === 'function'))
    return `its default export was not made by defineStrategy; ${DEFINE}`;
  if (typeof id !== 'string' || !ID.test(id))
    return `its id "${String(id)}" must be small letters, digits and single hyphens, such as my-cross`;
  if (STRATEGIES.some((shipped) => shipped.id === id))
    return `its id "${id}" is that of a strategy that comes with Plimsoll; give it one of its own`;
  for (const [field, text] of Object.entries({ name, rule }))
    if (typeof text !== 'string' || text === '')
      return `its ${field} must be a text, and is ${String(text)}`;
  if (!Array.isArray(timeframes) || timeframes.length === 0 || !timeframes.every(isTimeframe))
    return `its timeframes ${JSON.stringify(timeframes)} must be some of ${TIMEFRAMES.join(', ')}`;
  if (!Number.isInteger(warmupBars) || (warmupBars as number) < 1)
    return `its warmupBars ${String(warmupBars)} must be a whole number of bars, 1 or more`;
  return undefined;
}

const DEFINE = 'export what defineStrategy returns';
const isTimeframe = (value: unknown): boolean => (TIMEFRAMES as readonly unknown[]).includes(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const kindOf = (value: unknown): string =>
  typeof value === 'function'
    ? 'a function'
    : typeof value === 'object'
      ? 'null'
      : `a ${typeof value}`;
