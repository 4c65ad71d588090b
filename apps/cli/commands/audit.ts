import type { Command } from 'commander';
import pc from 'picocolors';
import { journalPages } from '../../../ledger/journal-pages.ts';
import { type Verification, verifyJournal } from '../../../ledger/verify.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { describeLocation, type Location, locate, openForReading } from '../../storage.ts';
import { ApiClient } from '../client.ts';
import { IntegrityBroken } from '../errors.ts';
import { printJson, printLine, Progress } from '../output.ts';
import { findServer } from '../running-server.ts';

interface Flags {
  readonly dataDir?: string;
  readonly json: boolean;
}

interface Report {
  readonly ok: boolean;
  readonly events: number;
  readonly headHash: string;
  readonly brokenAtSeq: number | null;
  readonly sentence: string;
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('Questions to the audit trail.')
    .command('verify')
    .description('Check every link of the journal; exit 3 and name the place when one is broken.')
    .option(
      '--data-dir <dir>',
      `the journal's directory; else DATABASE_URL, else ${DEFAULT_DATA_DIR}`,
    )
    .option('--json', 'print one JSON object', false)
    .action(verify);
}

async function verify(flags: Flags): Promise<void> {
  const location = locate(flags.dataDir, { kind: 'directory', dataDir: DEFAULT_DATA_DIR });
  const report = await verifyAt(location);
  if (flags.json) printJson(report);
  else if (report.ok) {
    printLine(`${pc.green('intact')}  ${report.sentence}`);
    printLine(pc.dim(`        head ${report.headHash}, in ${describeLocation(location)}`));
  }
  if (!report.ok) throw new IntegrityBroken(report.sentence);
}

/** The embedded database belongs to one process, so a running server is asked to verify its own. */
async function verifyAt(location: Location): Promise<Report> {
  if (location.kind === 'memory') throw new Error('there is no journal in memory to verify');
  if (location.kind === 'directory') {
    const server = await findServer(location.dataDir);
    if (server !== undefined) return new ApiClient(server.url).verify();
  }
  const database = await openForReading(location);
  try {
    // Only for the progress line: a head that cannot be read is verification's to name.
    const counted = await database.pool
      .query<{ seq: string }>('SELECT seq FROM journal_head')
      .catch(() => undefined);
    const progress = new Progress('verifying', Number(counted?.rows[0]?.seq ?? 0));
    const verification = await verifyJournal(journalPages(database), (events) =>
      progress.update(events),
    );
    progress.clear();
    return toReport(verification);
  } finally {
    await database.close();
  }
}

const toReport = (verification: Verification): Report =>
  verification.ok
    ? {
        ...verification,
        brokenAtSeq: null,
        sentence: `${verification.events.toLocaleString('en')} events, every link holds.`,
      }
    : {
        ok: false,
        events: verification.seq - 1,
        headHash: '',
        brokenAtSeq: verification.seq,
        sentence: verification.sentence,
      };
