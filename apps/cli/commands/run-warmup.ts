import pc from 'picocolors';
import { STRATEGIES } from '../../../strategies/registry.ts';
import { TooFewCandles, warmup, type WarmupReport } from '../../../strategies/authoring/warmup.ts';
import { type Candles, candlesFor } from '../candles.ts';
import { BadInput } from '../errors.ts';
import { printJson, printLine, printTable, Progress } from '../output.ts';
import { chosenStrategies } from '../strategies.ts';

import type { WarmupFlags } from './warmup.ts';

export async function runWarmup(flags: WarmupFlags): Promise<void> {
  const tooShort: string[] = [];
  const results: object[] = [];
  for (const strategy of await chosenStrategies(flags, STRATEGIES)) {
    const candles = await candlesFor(flags, strategy);
    const { series, timeframe, source } = candles;
    const progress = new Progress(strategy.id, 1);
    const report = measured(() =>
      warmup(strategy, series, timeframe, (done, total) => progress.update(done / total)),
    );
    progress.clear();
    const because = whyTooShort(report);
    if (because !== undefined) tooShort.push(`${strategy.id} ${because}`);
    results.push({ strategy: strategy.id, source, timeframe, because: because ?? null, ...report });
    if (!flags.json) print(strategy.id, candles, report, because);
  }
  if (flags.json) printJson({ holds: tooShort.length === 0, results });
  if (tooShort.length > 0) throw new Error(tooShort.join('; '));
}

function measured(measure: () => WarmupReport): WarmupReport {
  try {
    return measure();
  } catch (error) {
    if (error instanceof TooFewCandles) throw new BadInput(error.message);
    throw error;
  }
}

function whyTooShort({ declaredBars, neededBars, rows }: WarmupReport): string | undefined {
  if (neededBars === undefined)
    return `declares ${declaredBars} bars, and has not settled after ${rows.at(-1)?.historyBars}`;
  return neededBars > declaredBars
    ? `declares ${declaredBars} bars, and needs ${neededBars}`
    : undefined;
}

function print(
  id: string,
  { source, timeframe, series }: Candles,
  report: WarmupReport,
  because: string | undefined,
): void {
  const { declaredBars, neededBars, sameWordsBars, opinions, rows } = report;
  const bars = series.length.toLocaleString('en');
  printLine();
  printLine(pc.bold(`  ${id} on ${source} · ${bars} bars of ${timeframe}`));
  if (because === undefined)
    printLine(`  ${pc.green('✓')} declares ${declaredBars} bars, and needs ${neededBars}`);
  else printLine(`  ${pc.red('✗')} it ${because}`);
  if (sameWordsBars !== undefined && sameWordsBars !== neededBars)
    printLine(
      pc.dim(`    it says the same from ${sameWordsBars} bars on; its numbers settle later`),
    );
  if (opinions === 0)
    printLine(pc.yellow('  ! it had nothing to say here, so only silence was compared'));
  printLine();
  printTable(
    ['>history', '>bars compared', '>said otherwise', '>numbers off by'],
    rows.map(({ historyBars, comparedBars, differing, drift }) => [
      String(historyBars),
      String(comparedBars),
      String(differing),
      drift === 0 ? '0' : drift.toExponential(1),
    ]),
  );
  printLine();
}
