import type { Command } from 'commander';
import { type Timeframe, TIMEFRAMES } from '../../../../domain/candle.ts';
import { isInstrumentId } from '../../../../market/candles/store/place.ts';
import { instrumentByName } from '../../../../market/instruments/instruments.ts';
import { readTime } from '../../../../market/candles/read/time-text.ts';
import { BadInput } from '../../errors.ts';

export interface StoreFlags {
  readonly candlesDir?: string;
  readonly json: boolean;
}

export const withStore = (command: Command): Command =>
  command
    .option(
      '--candles-dir <dir>',
      'where the candles are kept; else PLIMSOLL_CANDLES_DIR, else .plimsoll/candles',
    )
    .option('--json', 'print one JSON object', false);

/** What a known name stands for; any other base and quote with a slash between them stand for themselves. */
export function instrumentOf(name: string): string {
  try {
    return instrumentByName(name).id;
  } catch (error) {
    if (isInstrumentId(name)) return name;
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
