import type { ApprovalStatus, DomainEvent, EventDraft } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import type {
  ApprovalRow,
  IntentRow,
  LedgerRows,
  LedgerTransaction,
  IntentStatus,
  OperatorRow,
} from './ledger.ts';
import { checkApproval, checkIntent, checkOperator } from './row-checks.ts';

/** The hand a transaction's work holds. It goes dead when the work is over, so that nothing leaks. */
export class OpenTransaction implements LedgerTransaction {
  readonly #rows: LedgerRows;
  readonly #chain: (draft: EventDraft) => DomainEvent;
  #over = false;

  constructor(rows: LedgerRows, chain: (draft: EventDraft) => DomainEvent) {
    this.#rows = rows;
    this.#chain = chain;
  }

  end(): void {
    this.#over = true;
  }

  append(draft: EventDraft): DomainEvent {
    this.#assertOpen('append');
    return this.#chain(draft);
  }

  async insertApproval(row: ApprovalRow): Promise<void> {
    this.#assertOpen('insertApproval');
    checkApproval(row);
    await this.#rows.insertApproval(row);
  }

  async approval(id: ApprovalId): Promise<ApprovalRow | undefined> {
    this.#assertOpen('approval');
    return this.#rows.approval(id);
  }

  async moveApproval(
    id: ApprovalId,
    from: { readonly status: ApprovalStatus; readonly version: number },
    to: ApprovalStatus,
  ): Promise<ApprovalRow | undefined> {
    this.#assertOpen('moveApproval');
    return this.#rows.moveApproval(id, from, to);
  }

  async approvalsWithStatus(status: ApprovalStatus): Promise<readonly ApprovalRow[]> {
    this.#assertOpen('approvalsWithStatus');
    return this.#rows.approvalsWithStatus(status);
  }

  async insertIntent(row: IntentRow): Promise<boolean> {
    this.#assertOpen('insertIntent');
    checkIntent(row);
    return this.#rows.insertIntent(row);
  }

  async claimIntent(id: IntentId): Promise<IntentRow | undefined> {
    this.#assertOpen('claimIntent');
    return this.#rows.claimIntent(id);
  }

  async intentsWithStatus(status: IntentStatus): Promise<readonly IntentRow[]> {
    this.#assertOpen('intentsWithStatus');
    return this.#rows.intentsWithStatus(status);
  }

  async insertOperator(row: OperatorRow): Promise<boolean> {
    this.#assertOpen('insertOperator');
    checkOperator(row);
    return this.#rows.insertOperator(row);
  }

  async operator(name: string): Promise<OperatorRow | undefined> {
    this.#assertOpen('operator');
    return this.#rows.operator(name);
  }

  async operatorCount(): Promise<number> {
    this.#assertOpen('operatorCount');
    return this.#rows.operatorCount();
  }

  #assertOpen(method: string): void {
    if (this.#over) throw new Error(`${method} was called after its transaction had ended`);
  }
}
