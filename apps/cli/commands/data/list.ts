import type { Command } from 'commander';
import { type StoreFlags, withStore } from './flags.ts';

export function addList(data: Command): void {
  withStore(data.command('list').description('What is stored, and where it came from.')).action(
    async (flags: StoreFlags) => (await import('./run-list.ts')).runList(flags),
  );
}
