import type { Command } from 'commander';
import { type ConnectFlags, connect, withServer } from '../connect.ts';
import { printJson, printLine } from '../output.ts';
import { askPasswords } from '../passwords.ts';

interface AddFlags extends ConnectFlags {
  readonly sponsor?: string;
}

const PASSWORD_HELP =
  '\nThe password is asked for on a terminal, twice; else it is the first line of standard input,\n' +
  "and the sponsor's is the second.";

export function addOperators(program: Command): void {
  const operators = program
    .command('operators')
    .description('The people who may loosen what the risk kernel holds back.');
  withServer(
    operators
      .command('add <name>')
      .description('Add a person; the first one freely, every later one by a sponsor.')
      .option('--sponsor <name>', 'an operator who vouches with their own password')
      .addHelpText('after', PASSWORD_HELP),
  ).action(add);
}

async function add(name: string, flags: AddFlags): Promise<void> {
  const client = await connect(flags);
  const { sponsor } = flags;
  const own = { label: `New password of ${name}`, isNew: true };
  const vouching = { label: `Password of ${sponsor}`, isNew: false };
  const [password = '', sponsorPassword = ''] = await askPasswords(
    sponsor === undefined ? [own] : [own, vouching],
  );
  const result = await client.addOperator({
    name,
    password,
    ...(sponsor === undefined ? {} : { sponsor: { name: sponsor, password: sponsorPassword } }),
  });
  if (flags.json) printJson(result);
  else printLine(`${result.added} may loosen now what the kernel holds back.`);
}
