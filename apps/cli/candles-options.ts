import type { Command } from 'commander';
import { CANDLES_HELP } from './candles-help.ts';
import { DEFAULT_SEED } from '../defaults.ts';
import { wholeNumber } from './options.ts';

/** What candles a command looks at. */
export const addCandlesOptions = (command: Command): Command =>
  command
    .option('--data <candles>', `${CANDLES_HELP}; a synthetic market when left out`)
    .option(
      '--seed <n>',
      'seed of the synthetic market',
      wholeNumber('--seed', 0, 0xffff_ffff),
      DEFAULT_SEED,
    );
