/** Commands that talk to the Plimsoll that is running, and how they find it. */
import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../defaults.ts';
import { ApiClient } from './client.ts';
import { findServer } from './running-server.ts';

export interface ConnectFlags {
  readonly dataDir: string;
  readonly url?: string;
  readonly json: boolean;
}

export const withServer = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'where the running Plimsoll keeps its journal', DEFAULT_DATA_DIR)
    .option('--url <url>', 'its address, instead of looking it up in the data directory')
    .option('--json', 'print one JSON object', false);

export async function connect(flags: ConnectFlags): Promise<ApiClient> {
  if (flags.url !== undefined) return new ApiClient(flags.url);
  const server = await findServer(flags.dataDir);
  if (server === undefined) {
    throw new Error(
      `no Plimsoll is running on ${flags.dataDir}; start one with "npm start", or name it with --url`,
    );
  }
  return new ApiClient(server.url);
}
