import pc from 'picocolors';
import { RULES } from '../../../simulation/vopr/auditor/rules.ts';
import { type Failure, runSeed, type SeedResult } from '../../../simulation/vopr/vopr.ts';
import { printFacts, printJson, printLine, Progress } from '../output.ts';
import type { VoprFlags } from './vopr.ts';

interface Tally {
  readonly failures: Failure[];
  seeds: number;
  events: number;
  sent: number;
  executions: number;
}

/** `play` is what a seed is played with. */
export async function runVopr(flags: VoprFlags, play: typeof runSeed = runSeed): Promise<void> {
  const tally: Tally = { failures: [], seeds: 0, events: 0, sent: 0, executions: 0 };
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  const startedMs = performance.now();
  try {
    await playAll(flags, tally, play, abort.signal);
  } finally {
    process.off('SIGINT', stop);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  report(flags, tally, seconds, abort.signal.aborted);
  if (abort.signal.aborted)
    throw new Error(`interrupted after ${tally.seeds} of ${flags.seeds} seeds`);
  if (tally.failures.length > 0)
    throw new Error(`${tally.failures.length} of ${tally.seeds} seeds failed`);
}

async function playAll(
  flags: VoprFlags,
  tally: Tally,
  play: typeof runSeed,
  signal: AbortSignal,
): Promise<void> {
  const { seeds, seed: first, profile, without = [], steps, json } = flags;
  const progress = new Progress('seeds', seeds);
  for (let seed = first; seed < first + seeds && !signal.aborted; seed++) {
    const shortening = steps === undefined ? { without } : { without, steps };
    const result = await play(seed, profile, shortening);
    add(tally, result);
    if (result.failure !== undefined && !json) {
      progress.clear();
      printFailure(result.failure);
    }
    progress.update(tally.seeds);
  }
  progress.clear();
}

function add(tally: Tally, { failure, events, sent, executions }: SeedResult): void {
  tally.seeds += 1;
  tally.events += events;
  tally.sent += sent;
  tally.executions += executions;
  if (failure !== undefined) tally.failures.push(failure);
}

function printFailure({ seed, profile, violation, step, faults, shortening, log }: Failure): void {
  const { rule, sentence } = violation;
  printLine();
  printLine(pc.red(`  Seed ${seed}, step ${step}: ${rule}`));
  printLine(`  ${RULES[rule]}`);
  printLine(`  ${pc.bold(sentence)}`);
  printLine(pc.dim(`  with ${faults.length === 0 ? 'no fault at all' : faults.join(', ')}`));
  printLine();
  for (const line of log) printLine(`  ${line}`);
  printLine();
  const without = shortening.without.length === 0 ? '' : ` --without ${shortening.without.join()}`;
  const same = `plimsoll vopr --seeds 1 --seed ${seed} --profile ${profile}`;
  printLine(`  Again: ${same}${without} --steps ${shortening.steps}`);
}

function report(flags: VoprFlags, tally: Tally, seconds: number, interrupted: boolean): void {
  const { failures, ...counts } = tally;
  const seedsPerSecond = Math.round((tally.seeds / seconds) * 10) / 10;
  if (flags.json) {
    const { profile, seed } = flags;
    const rounded = Math.round(seconds * 1_000) / 1_000;
    printJson({
      profile,
      seed,
      ...counts,
      failures,
      interrupted,
      seconds: rounded,
      seedsPerSecond,
    });
    return;
  }
  const count = (value: number): string => value.toLocaleString('en');
  printLine();
  if (interrupted) printLine(pc.yellow('  Interrupted: what follows is the part that was played.'));
  printFacts([
    ['seeds', `${count(tally.seeds)} from ${flags.seed}, ${flags.profile}`],
    ['failed', count(failures.length)],
    ['orders sent', count(tally.sent)],
    ['executions', count(tally.executions)],
    ['journal', `${count(tally.events)} events`],
    ['speed', `${seconds.toFixed(1)} s, ${seedsPerSecond} seeds/s`],
  ]);
  printLine();
}
