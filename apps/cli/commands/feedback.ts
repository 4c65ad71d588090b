import type { Command } from 'commander';
import { WINDOW_DAYS } from '../../../ledger/trades/performance.ts';
import { BadInput } from '../errors.ts';
import { wholeNumber } from '../options.ts';
import { type SourceFlags, withSource } from '../trades/source-flags.ts';

export interface FeedbackFlags extends SourceFlags {
  readonly days: number;
  readonly baseline?: string;
}

export interface AnswerFlags extends FeedbackFlags {
  readonly take: boolean;
  readonly setAside: boolean;
  readonly as: string;
  readonly reason: string;
}

const HOW =
  '\nNothing is done by itself: each recommendation names the command that a person would type.';
const ANSWER_HELP =
  '\nWhat is answered is what "plimsoll feedback" says with the same --days and --baseline. Taking up DISABLE\n' +
  'switches the strategy off; everything else is only written down. No password: nothing is loosened.';

export function addFeedback(program: Command): void {
  const feedback = program
    .command('feedback')
    .description('What the results say of each strategy, and the one thing they recommend.');
  withJudgement(feedback.command('list', { isDefault: true }).description('Say it of each.'))
    .addHelpText('after', HOW)
    .action(async (flags: FeedbackFlags) => (await import('./run-feedback.ts')).runFeedback(flags));
  withJudgement(feedback.command('answer <strategy>').description('Take one up, or set it aside.'))
    .option('--take', 'take it up', false)
    .option('--set-aside', 'set it aside', false)
    .requiredOption('--as <name>', 'who answers')
    .requiredOption('--reason <text>', 'why, recorded for good')
    .addHelpText('after', ANSWER_HELP)
    .action(async (strategy: string, flags: AnswerFlags) => {
      if (flags.take === flags.setAside)
        throw new BadInput(
          'give either --take or --set-aside, so that it is clear what was decided',
        );
      return (await import('./run-feedback.ts')).answerFeedback(strategy, flags);
    });
}

const withJudgement = (command: Command): Command =>
  withSource(command)
    .option('--days <n>', 'how far back', wholeNumber('--days', 1, 3_650), WINDOW_DAYS)
    .option('--baseline <dir>', 'compare with the trades of the journal there, a simulation’s');
