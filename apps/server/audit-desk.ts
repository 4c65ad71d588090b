import { join } from 'node:path';
import type { AuditOutcome } from '../../ledger/audit/audit.ts';
import { RecordBroken } from '../../ledger/checkpoints/checkpointer.ts';
import type { EventProof } from '../../ledger/audit/event-proof.ts';
import type { BackupResult, ExportRequest, ExportResult, VerifyView } from '../api/audit-views.ts';
import { exportStored, proveStored } from '../audit-desk.ts';
import { backUpInto, backupsIn } from '../backups.ts';
import { auditStored, type Custody } from '../custody.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Stored } from '../storage.ts';
import type { AuditDesk } from './audit-answers.ts';
import { verifyView } from './views/verify-view.ts';

/** Proves what this process holds, as it lies in the database; what is new is signed first. */
export function auditDeskOf(
  { checkpointer }: Custody,
  stored: Stored,
  runtime: Pick<Runtime, 'doubtRecord'>,
  home: string,
): AuditDesk {
  const { database, location, ledger } = stored;
  return {
    async verify(): Promise<VerifyView> {
      await checkpointer.sign(false).catch(unlessBroken);
      const report = reportOf(await auditStored(database, location));
      const [found] = report.findings;
      // Whoever asked has found it; nothing new may be opened on such a record.
      if (found !== undefined) await runtime.doubtRecord(found.sentence);
      return verifyView(report);
    },
    async prove(seq: number): Promise<EventProof> {
      await checkpointer.sign(false);
      return proveStored(database, location, seq);
    },
    async exportBundle(range: ExportRequest): Promise<ExportResult> {
      await checkpointer.sign(false);
      const path = join(home, 'exports', `audit-${ledger.head.seq}-${Date.now()}`);
      const { events, toSeq } = await exportStored(database, location, range, path);
      return { path, events, toSeq };
    },
    async backup(): Promise<BackupResult> {
      await ledger.flush();
      const { file, head } = await backUpInto(backupsIn(home), database, Date.now());
      return { path: file, events: head.seq, headHash: head.hash };
    },
  };
}

/** A record that is broken is what the audit is about to say, in more words. */
function unlessBroken(error: unknown): void {
  if (!(error instanceof RecordBroken)) throw error;
}

function reportOf(outcome: AuditOutcome) {
  if (outcome.kind === 'DONE') return outcome.report;
  throw new Error('the audit was put down although nobody asked for it');
}
