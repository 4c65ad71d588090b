import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { VERSION } from '../version.ts';
import { addAccounts } from './commands/accounts.ts';
import { addApprovals } from './commands/approvals.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addCalendar } from './commands/calendar.ts';
import { addData } from './commands/data.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrill } from './commands/drill.ts';
import { addFeedback } from './commands/feedback.ts';
import { addHalt } from './commands/halt.ts';
import { addKernel } from './commands/kernel.ts';
import { addLookahead } from './commands/lookahead.ts';
import { addMigrate } from './commands/migrate.ts';
import { addNewStrategy } from './commands/new-strategy.ts';
import { addOperators } from './commands/operators.ts';
import { addRestore } from './commands/restore.ts';
import { addResume } from './commands/resume.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addStrategies } from './commands/strategies.ts';
import { addTestStrategy } from './commands/test-strategy.ts';
import { addTrades } from './commands/trades.ts';
import { addVopr } from './commands/vopr.ts';
import { addWarmup } from './commands/warmup.ts';
import { EXIT, exitCodeOf } from './errors.ts';

const COMMANDS = [
  addStart,
  addSimulate,
  addHalt,
  addDrill,
  addApprovals,
  addTrades,
  addFeedback,
  addStrategies,
  addNewStrategy,
  addTestStrategy,
  addLookahead,
  addWarmup,
  addData,
  addCalendar,
  addResume,
  addOperators,
  addAccounts,
  addAudit,
  addBackup,
  addRestore,
  addMigrate,
  addDoctor,
  addKernel,
  addVopr,
];
const EXIT_CODES = '\nExit codes: 0 ok, 1 failed, 2 bad input, 3 integrity broken.';

/** Runs one command line and returns its exit code; every failure is one sentence on standard error. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('plimsoll')
    .description(
      'Agents propose, you approve, an immutable risk kernel can veto, one engine trades.',
    )
    .version(VERSION)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError(pc.dim('(add --help for what is possible)'));
  for (const add of COMMANDS) add(program);
  forEachCommand(program, (command) => command.exitOverride().helpCommand(false));
  forgiveReaders();
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.BAD_INPUT;
    process.stderr.write(
      `${pc.red('error')}  ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return exitCodeOf(error);
  }
}

/** A reader that has seen enough, such as `head`, goes away; the command still ends with its own code. */
function forgiveReaders(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}
