import type { Command } from 'commander';
import pc from 'picocolors';
import { oneStepLooser } from '../../../risk-kernel/loosening.ts';
import { type ConnectFlags, connect, withServer } from '../connect.ts';
import { printJson, printLine } from '../output.ts';
import { askPasswords } from '../passwords.ts';

interface Flags extends ConnectFlags {
  readonly as: string;
  readonly reason: string;
  readonly newPeak: boolean;
  readonly instrument?: string;
}

const STEPS =
  '\nThe state is loosened one step at a time, HALTED to REDUCING to ACTIVE, and judged again at each.\n' +
  'The password is asked for on a terminal; else it is the first line of standard input.';

export function addResume(program: Command): void {
  withServer(
    program
      .command('resume')
      .description('Loosen the trading state by one step, as a named person.')
      .requiredOption('--as <name>', 'the operator who does it')
      .requiredOption('--reason <text>', 'why, recorded for good')
      .option('--instrument <name>', 'release one halted instrument instead, such as BTC/USD')
      .option('--new-peak', "start the drawdown ladder anew from today's equity", false)
      .addHelpText('after', STEPS),
  ).action(resume);
}

async function resume(flags: Flags): Promise<void> {
  if (flags.instrument !== undefined) return resumeInstrument(flags.instrument, flags);
  const client = await connect(flags);
  const { tradingState } = await client.state();
  const to = oneStepLooser(tradingState);
  if (to !== 'REDUCING' && to !== 'ACTIVE') {
    throw new Error(`trading is ${tradingState} already; there is nothing to loosen`);
  }
  const { as: name, reason, newPeak: rebasePeak } = flags;
  const [password = ''] = await askPasswords([{ label: `Password of ${name}`, isNew: false }]);
  const result = await client.loosen({ to, name, password, reason, rebasePeak });
  if (flags.json) return printJson({ tradingState: to, ...result });
  printLine(result.sentence);
  if (to === 'REDUCING') printLine(pc.dim('Only exits are allowed; resume again for entries.'));
}

async function resumeInstrument(instrumentId: string, flags: Flags): Promise<void> {
  const client = await connect(flags);
  const { as: name, reason } = flags;
  const [password = ''] = await askPasswords([{ label: `Password of ${name}`, isNew: false }]);
  const result = await client.resumeInstrument({ instrumentId, name, password, reason });
  if (flags.json) printJson({ instrumentId, ...result });
  else printLine(result.sentence);
}
