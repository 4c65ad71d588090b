import type { Command } from 'commander';
import type { FaultProfileName } from '../../../simulation/fault-profiles.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { REHEARSALS, rehearseOption, wholeNumber } from '../options.ts';

export interface DrillFlags {
  readonly runs: number;
  readonly rehearse: FaultProfileName;
  readonly dataDir: string;
  readonly json: boolean;
}

const HOW =
  '\nA market, a journal in memory and a simulated venue of its own: nothing that runs is touched. Each run\n' +
  'opens a position, sends an entry, and pulls the switch while a cycle is in flight. Real milliseconds.';

export function addDrill(program: Command): void {
  program
    .command('drill')
    .description('Rehearse the kill switch in SIMULATION and record how long each step took.')
    .option('--runs <n>', 'how often', wholeNumber('--runs', 1, 100), 3)
    .addOption(rehearseOption())
    .option('--data-dir <dir>', 'where the result is kept, in drills.jsonl', DEFAULT_DATA_DIR)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `${HOW}\n${REHEARSALS}`)
    .action(async (flags: DrillFlags) => (await import('../drill/run-drill.ts')).runDrill(flags));
}
