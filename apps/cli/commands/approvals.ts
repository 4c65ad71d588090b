import type { Command } from 'commander';
import pc from 'picocolors';
import type { ApprovalView } from '../../api/views.ts';
import { type ConnectFlags, connect, withServer } from '../connect.ts';
import { BadInput } from '../errors.ts';
import { amount, printJson, printLine, printTable } from '../output.ts';

interface Flags extends ConnectFlags {
  readonly reason?: string;
}

export function addApprovals(program: Command): void {
  const approvals = program
    .command('approvals')
    .description('The proposals that wait for a person, on the Plimsoll that is running.');
  withServer(approvals.command('list', { isDefault: true }).description('List them.')).action(list);
  withServer(approvals.command('approve <id>').description('Approve one, as it is now.'))
    .option('--reason <text>', 'recorded with the decision')
    .action((id: string, flags: Flags) => decide(id, 'APPROVE', flags));
  withServer(approvals.command('decline <id>').description('Decline one.'))
    .option('--reason <text>', 'recorded with the decision')
    .action((id: string, flags: Flags) => decide(id, 'DECLINE', flags));
}

async function list(flags: Flags): Promise<void> {
  const waiting = await (await connect(flags)).approvals();
  if (flags.json) return printJson({ approvals: waiting });
  if (waiting.length === 0) return printLine('No proposal waits for a decision.');
  printLine();
  printTable(
    ['id', 'trade', '>quantity', '>at', '>stop', '>target', '>loss at stop', '>left'],
    waiting.map(rowOf),
  );
  printLine();
  printLine(
    pc.dim('  plimsoll approvals approve <id> · plimsoll approvals decline <id> --reason "…"'),
  );
}

async function decide(id: string, decision: 'APPROVE' | 'DECLINE', flags: Flags): Promise<void> {
  const client = await connect(flags);
  const approval = (await client.approvals()).find((candidate) => candidate.id === id);
  if (approval === undefined)
    throw new BadInput(`no proposal "${id}" waits for a decision; see "plimsoll approvals"`);
  const result = await client.decide(approval, decision, flags.reason ?? '');
  if (flags.json) printJson(result);
  else printLine(`${result.status}: ${result.sentence}`);
  const asked = decision === 'APPROVE' ? 'APPROVED' : 'DECLINED';
  if (result.status !== asked)
    throw new Error(
      `the proposal was not ${asked.toLowerCase()} but ${result.status.toLowerCase()}`,
    );
}

function rowOf(approval: ApprovalView): string[] {
  const left =
    approval.wallMsLeft === null ? 'waits for you' : `${Math.round(approval.wallMsLeft / 1_000)} s`;
  return [
    approval.id,
    `${approval.direction} ${approval.instrumentId} by ${approval.strategyId}`,
    `${approval.quantity} ${approval.base}`,
    approval.referencePrice,
    approval.stop,
    approval.target,
    `${amount(approval.lossAtStop, 2)} ${approval.quote}`,
    left,
  ];
}
