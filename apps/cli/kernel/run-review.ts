import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import pc from 'picocolors';
import { REASONS } from '../../../domain/reason-code.ts';
import type { CheckOutcome, VerdictRecord } from '../../../domain/verdict.ts';
import { allowed, CALM_PERCH } from '../../../risk-kernel/canary.ts';
import { toRecord } from '../../../risk-kernel/record.ts';
import { preview } from '../../../risk-kernel/review.ts';
import type { KernelReviewFlags } from '../commands/kernel.ts';
import { BadInput } from '../errors.ts';
import { type ChosenLimits, describeLimits, limitsOf } from '../limits.ts';
import { printJson, printLine, printTable } from '../output.ts';
import { readReviewInput, type ReviewInput, writeReviewInput } from './review-input.ts';
import { notReached, stageOf } from './stages.ts';

export async function runReview(flags: KernelReviewFlags): Promise<void> {
  if (flags.example) return printLine(writeReviewInput(EXAMPLE));
  const limits = limitsOf(flags);
  const { json, source } = await inputOf(flags);
  const { command, snapshot } = readReviewInput(json, source);
  const verdict = toRecord(command.order, preview(command, snapshot, limits.inForce));
  const skipped = notReached(
    verdict.lane,
    verdict.checks.map(({ check }) => check),
  ).map(({ name }) => name);
  if (flags.json) printJson({ ...verdict, notReached: skipped });
  else report(verdict, skipped, snapshot.currency, limits);
  if (!verdict.cleared) throw new Error(`the kernel denies this order: ${verdict.sentence}`);
}

const EXAMPLE: ReviewInput = {
  command: {
    order: allowed(CALM_PERCH),
    instrument: CALM_PERCH.instrument,
    nowMs: CALM_PERCH.nowMs,
  },
  snapshot: CALM_PERCH.snapshot,
};

async function inputOf({
  input,
}: KernelReviewFlags): Promise<{ readonly json: string; readonly source: string }> {
  if (input === undefined)
    throw new BadInput('--input names a file, or - for standard input; --example prints one');
  if (input === '-') return { json: await text(process.stdin), source: 'standard input' };
  try {
    return { json: await readFile(input, 'utf8'), source: input };
  } catch (error) {
    throw new BadInput(`--input: ${error instanceof Error ? error.message : error}`);
  }
}

function report(
  verdict: VerdictRecord,
  skipped: readonly string[],
  currency: string,
  limits: ChosenLimits,
): void {
  printLine();
  if (verdict.cleared) printLine(`  ${pc.green(pc.bold('CLEARED'))}`);
  else {
    printLine(`  ${pc.red(pc.bold('DENIED'))}  ${pc.bold(verdict.sentence)}`);
    printLine(`          ${REASONS[verdict.code]}`);
  }
  printLine(
    pc.dim(
      `  ${laneOf(verdict)} · limits ${describeLimits(limits)} · ${verdict.limitsHash.slice(0, 16)}…`,
    ),
  );
  printLine();
  printTable(
    ['check', ' ', 'comparison', '>value', '>limit', '>headroom', 'unit'],
    verdict.checks.map((check, index) => rowOf(verdict, check, index, currency)),
  );
  if (skipped.length > 0) {
    printLine();
    printLine(pc.dim(`  Not reached: ${skipped.join(', ')}.`));
  }
  printLine();
}

const laneOf = ({ lane }: VerdictRecord): string =>
  lane === 'ENTRY' ? 'lane of entries' : 'lane of exits';

/** The check is named once, beside the first of its comparisons; a condition has no headroom. */
function rowOf(
  { lane, checks }: VerdictRecord,
  { check, passed, value, limit, headroom, unit }: CheckOutcome,
  index: number,
  currency: string,
): readonly string[] {
  const name = stageOf(lane, check)?.name ?? '';
  const before = checks[index - 1];
  const isFirst = before === undefined || stageOf(lane, before.check)?.name !== name;
  const left = unit === '' ? '' : headroom;
  const measured = unit === 'money' ? currency : unit;
  return [
    isFirst ? name : '',
    passed ? '✓' : '✗',
    check,
    value,
    limit,
    left,
    passed ? measured : `${measured}  ← decided`.trim(),
  ];
}
