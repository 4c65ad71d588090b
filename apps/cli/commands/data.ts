import type { Command } from 'commander';
import { addCheck } from './data/check.ts';
import { addExport } from './data/export.ts';
import { addImport } from './data/import.ts';
import { addList } from './data/list.ts';

export function addData(program: Command): void {
  const data = program
    .command('data')
    .description(
      'Candles on this machine: bring them in, look at them, check them, take them out.',
    );
  for (const add of [addImport, addList, addCheck, addExport]) add(data);
}
