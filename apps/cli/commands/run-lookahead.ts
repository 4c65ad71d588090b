import pc from 'picocolors';
import {
  type Future,
  lookahead,
  type LookaheadReport,
} from '../../../strategies/authoring/lookahead.ts';
import { LOOK_BACK_BARS_MAX } from '../../../strategies/strategy.ts';
import { STRATEGIES } from '../../../strategies/registry.ts';
import { type Candles, candlesFor } from '../candles.ts';
import { printJson, printLine, printTable, Progress } from '../output.ts';
import { chosenStrategies } from '../strategies.ts';

import type { LookaheadFlags } from './lookahead.ts';

const FUTURES: Readonly<Record<Future, string>> = {
  SAME: 'the same, asked again',
  HIGHER: 'a quarter higher',
  LOWER: 'a fifth lower',
  NONE: 'none, as it is live',
};

export async function runLookahead(flags: LookaheadFlags): Promise<void> {
  const moved: string[] = [];
  const results: object[] = [];
  for (const strategy of await chosenStrategies(flags, STRATEGIES)) {
    const candles = await candlesFor(flags, strategy);
    const { series, timeframe, source } = candles;
    const progress = new Progress(strategy.id, series.length);
    const report = lookahead(strategy, series, timeframe, (bars) => progress.update(bars));
    progress.clear();
    const because = whyMoved(report);
    if (because !== undefined) moved.push(`${strategy.id} ${because}`);
    results.push({ strategy: strategy.id, source, timeframe, because: because ?? null, ...report });
    if (!flags.json) print(strategy.id, candles, report, because);
  }
  if (flags.json) printJson({ holds: moved.length === 0, results });
  if (moved.length > 0) throw new Error(moved.join('; '));
}

/** What it must be that moved the opinions, the surest reason first; undefined when none moved. */
function whyMoved({
  differing: { SAME, HIGHER, LOWER, NONE },
}: LookaheadReport): string | undefined {
  if (SAME > 0)
    return 'says something else when it is asked again: it uses the clock or chance, or keeps something outside of start, where all of its runs share it';
  if (HIGHER + LOWER > 0) return 'looks ahead: it reads bars that have not closed yet';
  if (NONE > 0)
    return `says something else live: it reads bars after the last one, or more than ${LOOK_BACK_BARS_MAX} bars back`;
  return undefined;
}

function print(
  id: string,
  { source, timeframe }: Candles,
  report: LookaheadReport,
  because: string | undefined,
): void {
  const { bars, long, short, exits, differing, differences } = report;
  printLine();
  printLine(pc.bold(`  ${id} on ${source} · ${bars.toLocaleString('en')} bars of ${timeframe}`));
  const told = `${long} long, ${short} short, ${exits} exits`;
  if (because === undefined) {
    printLine(`  ${pc.green('✓')} no opinion moved: ${told}`);
    if (long + short + exits === 0)
      printLine(
        pc.yellow('  ! it had nothing to say here, so this proves little; try another file'),
      );
    printLine();
    return;
  }
  printLine(`  ${pc.red('✗')} it ${because}`);
  printLine();
  printTable(
    ['future', '>opinions that moved'],
    Object.entries(FUTURES).map(([future, words]) => [words, String(differing[future as Future])]),
  );
  printLine();
  printTable(
    ['bar', 'future', 'it said', 'and then'],
    differences.map(({ barTimeMs, future, said, saidInstead }) => [
      new Date(barTimeMs).toISOString().slice(0, 16),
      FUTURES[future],
      said,
      saidInstead,
    ]),
  );
  printLine();
}
