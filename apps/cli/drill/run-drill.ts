import pc from 'picocolors';
import { VERSION } from '../../version.ts';
import type { DrillFlags } from '../commands/drill.ts';
import { printJson, printLine, printTable, Progress } from '../output.ts';
import { drill, type DrillRun } from './drill.ts';
import { type DrillRecord, isGood, keepDrill, median } from './drills.ts';

export async function runDrill(flags: DrillFlags): Promise<void> {
  const { rehearse, dataDir } = flags;
  const runs: DrillRun[] = [];
  const progress = new Progress('drilling', flags.runs);
  for (let run = 1; run <= flags.runs; run++) {
    runs.push(await drill(run, rehearse));
    progress.update(run);
  }
  progress.clear();
  const record: DrillRecord = {
    atMs: Date.now(),
    version: VERSION,
    rehearse,
    ok: isGood(runs),
    noNewOrdersMs: median(runs.map(({ noNewOrdersMs }) => noNewOrdersMs)),
    canceledMs: median(runs.map(({ canceledMs }) => canceledMs)),
    flatMs: median(runs.map(({ flatMs }) => flatMs)),
    runs,
  };
  const keptIn = keepDrill(dataDir, record);
  if (flags.json) printJson({ ...record, keptIn });
  else report(record, keptIn);
  if (!record.ok) throw new Error('the kill switch did not do everything it must; see the table');
}

function report(record: DrillRecord, keptIn: string): void {
  const { rehearse, runs } = record;
  printLine();
  printLine(
    pc.bold(`  Kill switch drill, SIMULATION${rehearse === 'calm' ? '' : `, ${rehearse}`}`),
  );
  printLine();
  printTable(
    ['run', '>no new orders', '>canceled', '>flat', '>entries canceled', '>sent after'],
    [
      ...runs.map((run, index) => [String(index + 1), ...rowOf(run)]),
      ['median', ...timesOf(record), '', ''],
    ],
  );
  printLine();
  printLine(pc.dim(`  Real milliseconds from the pull of the switch. Kept in ${keptIn}.`));
  printLine();
}

type Times = Pick<DrillRecord, 'noNewOrdersMs' | 'canceledMs' | 'flatMs'>;

const timesOf = ({ noNewOrdersMs, canceledMs, flatMs }: Times): string[] =>
  [noNewOrdersMs, canceledMs, flatMs].map((ms) => (ms === null ? 'NOT REACHED' : `${ms} ms`));

const rowOf = (run: DrillRun): string[] => [
  ...timesOf(run),
  String(run.canceled),
  String(run.sentAfter),
];
