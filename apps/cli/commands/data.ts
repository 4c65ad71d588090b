import type { Command } from 'commander';
import { addCheck } from './data/check.ts';
import { addDownload } from './data/download.ts';
import { addExport } from './data/export.ts';
import { addImport } from './data/import.ts';
import { addInstruments } from './data/instruments.ts';
import { addList } from './data/list.ts';

export function addData(program: Command): void {
  const data = program
    .command('data')
    .description('Candles on this machine: import or download them, list, check and export them.');
  for (const add of [addImport, addDownload, addList, addCheck, addExport, addInstruments])
    add(data);
}
