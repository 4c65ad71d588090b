import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { HaltRequest, HaltResult, HaltStepView } from '../../api/views.ts';
import { HaltFile, type SignalReport } from '../../server/halt/halt-file.ts';
import { ApiClient } from '../client.ts';
import { printJson, printLine } from '../output.ts';
import { announcedServer } from '../running-server.ts';
import type { HaltFlags } from './halt.ts';
import { afterMs, haltLines, notReached, STEP_WORDS } from './halt-words.ts';

type Asked =
  | { readonly kind: 'DONE'; readonly result: HaltResult }
  | { readonly kind: 'NO_ANSWER'; readonly because: string };

const POLL_MS = 50;
/** A server that says nothing for so long is treated as one that cannot. */
const SILENCE_MS = 3_000;
/** Longer than the switch itself ever waits. */
const GIVE_UP_MS = 180_000;
/** The server looks for the file every second. */
const FILE_WAIT_MS = 5_000;

export async function runHalt(flags: HaltFlags): Promise<void> {
  const { flatten, because } = flags;
  const url = flags.url ?? announcedServer(flags.dataDir)?.url;
  const asked: Asked =
    url === undefined
      ? { kind: 'NO_ANSWER', because: `no Plimsoll left its address in ${flags.dataDir}` }
      : await ask(new ApiClient(url), { flatten, because }, flags.json ? () => {} : printStep);
  if (asked.kind === 'DONE') return conclude(flags, { answered: true }, asked.result);
  await leaveFile(flags, asked.because);
}

const printStep = ({ step, ms }: HaltStepView): void =>
  printLine(`  ${pc.green('✓')} ${STEP_WORDS[step].padEnd(20)} ${pc.dim(afterMs(ms))}`);

/** Asks first, and tells the steps while the answer is on its way. */
async function ask(
  client: ApiClient,
  request: HaltRequest,
  tell: (step: HaltStepView) => void,
): Promise<Asked> {
  const told = new Set<string>();
  const tellNew = (steps: readonly HaltStepView[]): void => {
    for (const step of steps.filter((one) => !told.has(one.step))) {
      told.add(step.step);
      tell(step);
    }
  };
  const patience = new AbortController();
  const answer = client.halt(request, patience.signal).then(
    (result): Asked => ({ kind: 'DONE', result }),
    (error: Error): Asked => ({ kind: 'NO_ANSWER', because: error.message }),
  );
  const outcome = await Promise.race([answer, silence(client, tellNew)]);
  // Nobody waits for an answer that comes too late.
  patience.abort();
  if (outcome.kind === 'DONE') tellNew(outcome.result.steps);
  return outcome;
}

/** Resolves when the server does not say any more how far it came. */
async function silence(
  client: ApiClient,
  tell: (steps: readonly HaltStepView[]) => void,
): Promise<Asked> {
  const startedMs = performance.now();
  let heardMs = startedMs;
  while (performance.now() - heardMs < SILENCE_MS && performance.now() - startedMs < GIVE_UP_MS) {
    await sleep(POLL_MS, undefined, { ref: false });
    const progress = await client.halting(SILENCE_MS).catch(() => undefined);
    if (progress === undefined) continue;
    heardMs = performance.now();
    // What is not under way is a halt of before.
    if (progress.running) tell(progress.steps);
  }
  return { kind: 'NO_ANSWER', because: 'the server did not answer in time' };
}

function conclude(flags: HaltFlags, how: object, result: HaltResult): void {
  if (flags.json) printJson({ ...how, ...result });
  else for (const line of haltLines(result)) printLine(line);
  const missed = notReached(flags.flatten, result);
  if (missed !== undefined) throw new Error(missed);
}

/** The way that needs nobody's answer: the file, and a few seconds for somebody to act on it. */
async function leaveFile(flags: HaltFlags, reason: string): Promise<void> {
  const { flatten, because, dataDir } = flags;
  const file = new HaltFile(dataDir);
  file.write({ flatten, because });
  if (!flags.json) {
    printLine(`  ${pc.yellow('!')} ${reason}`);
    printLine(`  ${pc.green('✓')} wrote the signal file ${pc.bold(file.path)}`);
    printLine(
      pc.dim('    A server that runs on this directory but cannot answer acts on it within a'),
    );
    printLine(
      pc.dim('    second; one that starts later starts HALTED. It holds until you remove it.'),
    );
  }
  const report = await actedOn(file);
  const how = { answered: false, because: reason, file: file.path, acted: report?.acted ?? false };
  if (report?.acted === true) {
    if (!flags.json) report.steps.forEach(printStep);
    return conclude(flags, how, { steps: report.steps, report: report.report });
  }
  if (flags.json) printJson(how);
  throw new Error(unconfirmed(report));
}

async function actedOn(file: HaltFile): Promise<SignalReport | undefined> {
  const untilMs = performance.now() + FILE_WAIT_MS;
  let report: SignalReport | undefined;
  do {
    await sleep(POLL_MS);
    report = file.readReport();
  } while (report?.acted !== true && performance.now() < untilMs);
  return report;
}

const unconfirmed = (report: SignalReport | undefined): string =>
  report?.acted === false
    ? `the server found the file and could not act on it yet: ${report.because}`
    : 'no server acted on the file within five seconds; if one runs, look at it and at the venue';
