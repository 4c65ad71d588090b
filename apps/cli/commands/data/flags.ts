import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { type Timeframe, TIMEFRAMES } from '../../../../domain/candle.ts';
import type { Instrument } from '../../../../domain/instrument.ts';
import { isInstrumentId } from '../../../../market/candles/store/place.ts';
import { instrumentByName } from '../../../../market/instruments/instruments.ts';
import { zoneClock } from '../../../../market/candles/read/zone.ts';
import { readTime } from '../../../../market/candles/read/time-text.ts';
import { knownInstruments } from '../../../instruments.ts';
import { BadInput, reading } from '../../errors.ts';

export interface StoreFlags {
  readonly candlesDir?: string;
  readonly json: boolean;
}

export const withStore = (command: Command): Command =>
  command
    .option(
      '--candles-dir <dir>',
      'where the candles are kept; else PLIMSOLL_CANDLES_DIR, else .plimsoll/candles',
      folderFlag,
    )
    .option('--json', 'print one JSON object', false);

function folderFlag(value: string): string {
  const found = statSync(value, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return value;
  throw new BadInput(`--candles-dir "${value}" is a file; name a folder`);
}

export interface ClockFlags {
  readonly timezone?: string;
  readonly localNumbers: boolean;
}

/** How the times of files are to be read. */
export const withClock = (command: Command): Command =>
  command
    .option(
      '--timezone <name>',
      'of times in files that name none, such as America/New_York, or America/New_York+7h (default: UTC)',
      zoneFlag,
    )
    .option('--local-numbers', 'times in numbers are of --timezone too, and not UTC', false);

function zoneFlag(value: string): string {
  try {
    zoneClock(value);
    return value;
  } catch (error) {
    throw new BadInput(`--timezone: ${(error as Error).message}`);
  }
}

/** Those that are built in, and those of the folder's instruments.json. */
export const instrumentsIn = ({ candlesDir }: StoreFlags): readonly Instrument[] =>
  reading(() => knownInstruments(candlesDir));

/** What a known name stands for; any other base and quote with a slash between them stand for themselves. */
export function instrumentIdOf(name: string, known: readonly Instrument[]): string {
  try {
    return instrumentByName(name, known).id;
  } catch (error) {
    const id = name.toUpperCase();
    if (isInstrumentId(id)) return id;
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      `--instrument: ${why}; others are named by base and quote, such as DOGE/USDT`,
    );
  }
}

export function timeframeFlag(value: string): Timeframe {
  const timeframe = TIMEFRAMES.find((candidate) => candidate === value);
  if (timeframe !== undefined) return timeframe;
  throw new BadInput(`--timeframe "${value}" must be one of ${TIMEFRAMES.join(', ')}`);
}

/** A day, or a time; one without a zone is UTC. */
export const instantFlag =
  (option: string) =>
  (value: string): number => {
    const time = readTime(value);
    if (time !== undefined) return time.ms;
    throw new BadInput(`${option} "${value}" must be a day or a time, such as 2019-03-01 (UTC)`);
  };
