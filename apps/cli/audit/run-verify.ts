import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import type { SavedAudit } from '../../../ledger/audit/audit.ts';
import type { Database } from '../../../ledger/database.ts';
import type { VerifyView } from '../../api/audit-views.ts';
import { auditDirOf, auditStored } from '../../custody.ts';
import { instant } from '../../server/views/instant.ts';
import { verifyView } from '../../server/views/verify-view.ts';
import { describeLocation, type StoredLocation } from '../../storage.ts';
import type { VerifyFlags } from '../commands/audit.ts';
import { BadInput, IntegrityBroken } from '../errors.ts';
import { printJson, printLine, Progress } from '../output.ts';
import { accountWords, balanceWords } from './account-words.ts';
import { atPlace } from './place.ts';

export async function runVerify(flags: VerifyFlags): Promise<void> {
  await atPlace(flags, {
    async served(server, location) {
      if (flags.resume)
        throw new BadInput('--resume: a Plimsoll runs on this journal and verifies in one go');
      report(await server.verify(), location, flags);
    },
    async stored(database, location) {
      report(await verifyStored(database, location, flags), location, flags);
    },
  });
}

async function verifyStored(
  database: Database,
  location: StoredLocation,
  { resume }: VerifyFlags,
): Promise<VerifyView> {
  const file = join(auditDirOf(location), 'verify.put-down.json');
  const saved = resume ? readSaved(file) : undefined;
  const progress = new Progress('verifying', await headSeq(database));
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', interrupt);
  try {
    const outcome = await auditStored(database, location, {
      onProgress: (events) => progress.update(events),
      stop: () => interrupted,
      ...(saved === undefined ? {} : { resume: saved }),
    });
    progress.clear();
    if (outcome.kind === 'DONE') {
      rmSync(file, { force: true });
      return verifyView(outcome.report);
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(outcome.saved), { mode: 0o600 });
    throw new Error('interrupted; nothing was wrong so far, and --resume goes on from there');
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt);
  }
}

function readSaved(file: string): SavedAudit {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SavedAudit;
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new BadInput(
      gone
        ? '--resume: no verification of this journal was put down; leave --resume out'
        : `--resume: ${file} cannot be read; leave --resume out`,
    );
  }
}

/** Only for the progress line: a head that cannot be read is for the audit to name. */
async function headSeq(database: Database): Promise<number> {
  const found = await database.pool
    .query<{ seq: string }>('SELECT seq FROM journal_head')
    .catch(() => undefined);
  return Number(found?.rows[0]?.seq ?? 0);
}

function report(view: VerifyView, location: StoredLocation, { json }: VerifyFlags): void {
  if (json) printJson(view);
  else if (view.ok) printIntact(view, location);
  else printFindings(view);
  if (!view.ok) throw new IntegrityBroken(view.sentence);
}

function printIntact(view: VerifyView, location: StoredLocation): void {
  const { lastCheckpoint, comparedAtSeq } = view;
  printLine(`${pc.green('intact')}  ${view.sentence}`);
  const facts = [
    lastCheckpoint === null
      ? 'no checkpoint is signed yet: what the database owner rewrites whole would not show'
      : `signed up to event ${count(lastCheckpoint.size)} at ${instant(lastCheckpoint.atMs)}`,
    comparedAtSeq === null
      ? 'no snapshot to compare the projections with'
      : `projections equal the snapshot of event ${count(comparedAtSeq)}`,
    ...balances(view),
    `head ${view.headHash}, in ${describeLocation(location)}`,
  ];
  for (const fact of facts) printLine(pc.dim(`        ${fact}`));
}

/** One line for each currency; what is zero says nothing. */
function balances(view: VerifyView): readonly string[] {
  // The first currency is the account's own, the others are units of what it holds.
  const own = view.balances[0]?.currency;
  const currencies = [...new Set(view.balances.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const lines = view.balances
      .filter((line) => line.currency === currency && line.balance !== '0')
      .map(
        ({ account, balance }) =>
          `${accountWords(account)} ${balanceWords(balance, currency === own)}`,
      );
    return lines.length === 0 ? [] : [`${currency} ${lines.join(' · ')} · together 0`];
  });
}

function printFindings({ findings }: VerifyView): void {
  for (const { fault, seq, sentence } of findings) {
    const where = seq === null ? '' : ` at event ${count(seq)}`;
    printLine(`${pc.red('broken')}  ${pc.bold(fault)}${where}`);
    printLine(`        ${sentence}`);
  }
}

const count = (value: number): string => value.toLocaleString('en');
