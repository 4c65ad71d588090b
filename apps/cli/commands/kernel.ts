import type { Command } from 'commander';
import { addLimitsOptions, type LimitsFlags } from '../limits.ts';

export interface KernelLimitsFlags extends LimitsFlags {
  readonly json: boolean;
}

export interface KernelReviewFlags extends LimitsFlags {
  readonly input?: string;
  readonly example: boolean;
  readonly json: boolean;
}

export interface KernelControlsFlags {
  readonly json: boolean;
}

export function addKernel(program: Command): void {
  const kernel = program
    .command('kernel')
    .description('The risk kernel: its limits, its verdicts, and the rules it answers to.');
  addLimitsOptions(
    kernel.command('limits').description('Every limit: value, unit, why, code, and its test.'),
  )
    .option('--json', 'print one JSON object', false)
    .action(async (flags: KernelLimitsFlags) =>
      (await import('../kernel/run-limits.ts')).runLimits(flags),
    );
  addLimitsOptions(
    kernel
      .command('review')
      .description('Ask the kernel about an order on an account; nothing is sent. Exit 1: denied.'),
  )
    .option('--input <file>', 'the command and the snapshot as JSON; - reads standard input')
    .option('--example', 'print an input that clears', false)
    .option('--json', 'print one JSON object', false)
    .action(async (flags: KernelReviewFlags) =>
      (await import('../kernel/run-review.ts')).runReview(flags),
    );
  kernel
    .command('controls')
    .description('Each regulatory control, where it is kept, and the tests that prove it.')
    .option('--json', 'print one JSON object', false)
    .action(async (flags: KernelControlsFlags) =>
      (await import('../kernel/run-controls.ts')).runControls(flags),
    );
}
