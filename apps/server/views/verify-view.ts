import type { AuditReport } from '../../../ledger/audit/audit.ts';
import type { VerifyView } from '../../api/audit-views.ts';
import { trialLineView } from './accounts-view.ts';

export function verifyView(report: AuditReport): VerifyView {
  const [first] = report.findings;
  const { lastCheckpoint } = report;
  return {
    ok: report.ok,
    events: report.events,
    headHash: report.headHash,
    brokenAtSeq: first?.seq ?? null,
    sentence: first?.sentence ?? intact(report),
    findings: report.findings.map(({ fault, seq, sentence }) => ({ fault, seq, sentence })),
    checkpoints: report.checkpoints,
    lastCheckpoint:
      lastCheckpoint === undefined
        ? null
        : { size: lastCheckpoint.size, atMs: lastCheckpoint.atMs },
    comparedAtSeq: report.comparedAtSeq ?? null,
    balances: report.trialBalance.map(trialLineView),
  };
}

function intact({ events, checkpoints, lastCheckpoint }: AuditReport): string {
  // The first one says how the journal stood before anything was written.
  const signed =
    lastCheckpoint === undefined || lastCheckpoint.size === 0
      ? 'nothing of it is signed yet'
      : `${count(checkpoints)} signed ${checkpoints === 1 ? 'checkpoint agrees' : 'checkpoints agree'}`;
  return `${count(events)} events, every link holds; ${signed}; the accounts balance.`;
}

const count = (value: number): string => value.toLocaleString('en');
