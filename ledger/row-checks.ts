/** What a row must satisfy in every store, so that memory refuses what PostgreSQL would refuse. */
import type { ApprovalRow, IntentRow, OperatorRow } from './ledger.ts';
import { storableFault, textFault } from './text-fault.ts';

export function checkApproval(row: ApprovalRow): void {
  refuseFault('approval', row.id, 'id', textFault(row.id));
  refuseFault('approval', row.id, 'threadId', textFault(row.threadId));
  refuseFault('approval', row.id, 'instrumentId', textFault(row.instrumentId));
  refuseFault('approval', row.id, 'proposalHash', textFault(row.proposalHash));
  refuseFault('approval', row.id, 'proposal', storableFault(row.proposal));
  if (!Number.isSafeInteger(row.version) || row.version < 1) {
    throw new Error(`version ${row.version} of approval ${row.id} must be a whole number from 1`);
  }
  if (!Number.isSafeInteger(row.expiresAtMs)) {
    throw new Error(
      `expiresAtMs ${row.expiresAtMs} of approval ${row.id} must be whole milliseconds`,
    );
  }
}

export function checkIntent(row: IntentRow): void {
  refuseFault('intent', row.id, 'id', textFault(row.id));
  refuseFault('intent', row.id, 'approvalId', textFault(row.approvalId));
  refuseFault('intent', row.id, 'order', storableFault(row.order));
}

export function checkOperator(row: OperatorRow): void {
  refuseFault('operator', row.name, 'name', textFault(row.name));
  refuseFault('operator', row.name, 'passwordHash', textFault(row.passwordHash));
  if (!Number.isSafeInteger(row.addedAtMs)) {
    throw new Error(
      `addedAtMs ${row.addedAtMs} of operator ${row.name} must be whole milliseconds`,
    );
  }
}

function refuseFault(kind: string, id: string, field: string, fault: string | undefined): void {
  if (fault !== undefined) throw new Error(`${field} of ${kind} ${id} ${fault}`);
}
