/** Which journal a reading command means; apart from the reading, so that help loads none of it. */
import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';

export interface SourceFlags {
  readonly dataDir?: string;
  readonly url?: string;
  readonly json: boolean;
}

export const withSource = (command: Command): Command =>
  command
    .option(
      '--data-dir <dir>',
      `the journal's directory; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
    )
    .option('--url <url>', 'ask the Plimsoll at this address instead')
    .option('--json', 'print one JSON object', false);
