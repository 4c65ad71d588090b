import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { wholeNumber } from '../options.ts';

/** Where the journal is; every question to it may be told. */
export interface PlaceFlags {
  readonly dataDir?: string;
}

export interface VerifyFlags extends PlaceFlags {
  readonly json: boolean;
  readonly resume: boolean;
}

export interface ProveFlags extends PlaceFlags {
  readonly out?: string;
  readonly json: boolean;
}

export interface ExportFlags extends PlaceFlags {
  readonly out: string;
  readonly from?: number;
  readonly to?: number;
  readonly json: boolean;
}

export interface TailFlags extends PlaceFlags {
  readonly lines: number;
  readonly follow: boolean;
  readonly type?: string;
  readonly json: boolean;
}

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const LINES_MAX = 10_000;

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Questions to the audit trail, with proof.');

  place(audit.command('verify'))
    .description(
      'Prove the whole record: chain, signed checkpoints, guards, accounts, projections; exit 3 when something is wrong.',
    )
    .option('--resume', 'go on where an interrupted verification was put down', false)
    .option('--json', 'print one JSON object', false)
    .action(async (flags: VerifyFlags) =>
      (await import('../audit/run-verify.ts')).runVerify(flags),
    );

  place(audit.command('prove'))
    .argument('<event>', 'its number', wholeNumber('event', 1, SEQ_MAX))
    .description(
      'Prove that one event is in a signed checkpoint, for somebody without the journal.',
    )
    .option('--out <file>', 'write the proof there')
    .option('--json', 'print the proof', false)
    .action(async (seq: number, flags: ProveFlags) =>
      (await import('../audit/run-prove.ts')).runProve(seq, flags),
    );

  place(audit.command('export'))
    .description('Write a signed bundle that proves the journal with nothing installed but Node.')
    .requiredOption('--out <dir>', 'the directory to make; it must not be there yet')
    .option('--from <event>', 'the first event; 1 when left out', wholeNumber('--from', 1, SEQ_MAX))
    .option(
      '--to <event>',
      'the last event; the newest signed when left out',
      wholeNumber('--to', 1, SEQ_MAX),
    )
    .option('--json', 'print one JSON object', false)
    .action(async (flags: ExportFlags) =>
      (await import('../audit/run-export.ts')).runExport(flags),
    );

  place(audit.command('tail'))
    .description('The newest events, in words.')
    .option('-n, --lines <n>', 'how many', wholeNumber('--lines', 1, LINES_MAX), 20)
    .option('-f, --follow', 'go on with what comes; Ctrl-C ends it', false)
    .option('--type <kind>', 'only these, such as order or order.filled')
    .option('--json', 'print one JSON object a line', false)
    .action(async (flags: TailFlags) => (await import('../audit/run-tail.ts')).runTail(flags));
}

const place = (command: Command): Command =>
  command.option(
    '--data-dir <dir>',
    `the journal's directory; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
  );
