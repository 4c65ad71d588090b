import { sql, type Kysely } from 'kysely';
import type { ApprovalStatus } from '../domain/event.ts';
import type { ApprovalId, IntentId } from '../domain/ids.ts';
import type { ApprovalRow, IntentRow, IntentStatus, LedgerRows, OperatorRow } from './ledger.ts';
import { approvalRow, intentRow, operatorRow, type Tables } from './tables.ts';

/** Runs a query and may remember that it failed. */
export type Attempt = <R>(query: () => Promise<R>) => Promise<R>;

/** The compare-and-set rows in SQL. The comparison is the WHERE of one UPDATE, so it cannot be split. */
export class SqlRows implements LedgerRows {
  readonly #db: Kysely<Tables>;
  readonly #attempt: Attempt;
  readonly #epoch: number;

  /** `epoch` is the one in which intents are claimed; nobody ever leads in epoch 0. */
  constructor(db: Kysely<Tables>, attempt: Attempt, epoch: number) {
    this.#db = db;
    this.#attempt = attempt;
    this.#epoch = epoch;
  }

  async insertApproval(row: ApprovalRow): Promise<void> {
    const query = this.#db
      .insertInto('approvals')
      .values({
        id: row.id,
        thread_id: row.threadId,
        instrument_id: row.instrumentId,
        status: row.status,
        version: row.version,
        proposal_hash: row.proposalHash,
        expires_at_ms: row.expiresAtMs,
        proposal: row.proposal,
      })
      .onConflict((conflict) => conflict.column('id').doNothing());
    const { numInsertedOrUpdatedRows } = await this.#attempt(() => query.executeTakeFirstOrThrow());
    if (numInsertedOrUpdatedRows === 0n) throw new Error(`approval ${row.id} exists already`);
  }

  async approval(id: ApprovalId): Promise<ApprovalRow | undefined> {
    const query = this.#db.selectFrom('approvals').selectAll().where('id', '=', id);
    const stored = await this.#attempt(() => query.executeTakeFirst());
    return stored && approvalRow(stored);
  }

  async moveApproval(
    id: ApprovalId,
    from: { readonly status: ApprovalStatus; readonly version: number },
    to: ApprovalStatus,
  ): Promise<ApprovalRow | undefined> {
    const query = this.#db
      .updateTable('approvals')
      .set({ status: to, version: sql`version + 1` })
      .where('id', '=', id)
      .where('status', '=', from.status)
      .where('version', '=', from.version)
      .returningAll();
    const stored = await this.#attempt(() => query.executeTakeFirst());
    return stored && approvalRow(stored);
  }

  async approvalsWithStatus(status: ApprovalStatus): Promise<readonly ApprovalRow[]> {
    const query = this.#db
      .selectFrom('approvals')
      .selectAll()
      .where('status', '=', status)
      .orderBy('ordinal');
    return (await this.#attempt(() => query.execute())).map(approvalRow);
  }

  async insertIntent(row: IntentRow): Promise<boolean> {
    const query = this.#db
      .insertInto('order_intents')
      .values({
        id: row.id,
        approval_id: row.approvalId,
        status: row.status,
        order_text: row.order,
      })
      .onConflict((conflict) => conflict.column('id').doNothing());
    const { numInsertedOrUpdatedRows } = await this.#attempt(() => query.executeTakeFirstOrThrow());
    return numInsertedOrUpdatedRows === 1n;
  }

  async claimIntent(id: IntentId): Promise<IntentRow | undefined> {
    const query = this.#db
      .updateTable('order_intents')
      .set({ status: 'CLAIMED' })
      .where('id', '=', id)
      .where('status', '=', 'NEW')
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('leadership').select('id').where('epoch', '=', `${this.#epoch}`)),
      )
      .returningAll();
    const stored = await this.#attempt(() => query.executeTakeFirst());
    return stored && intentRow(stored);
  }

  async intentsWithStatus(status: IntentStatus): Promise<readonly IntentRow[]> {
    const query = this.#db
      .selectFrom('order_intents')
      .selectAll()
      .where('status', '=', status)
      .orderBy('ordinal');
    return (await this.#attempt(() => query.execute())).map(intentRow);
  }

  async insertOperator(row: OperatorRow): Promise<boolean> {
    const query = this.#db
      .insertInto('operators')
      .values({ name: row.name, password_hash: row.passwordHash, added_at_ms: row.addedAtMs })
      .onConflict((conflict) => conflict.column('name').doNothing());
    const { numInsertedOrUpdatedRows } = await this.#attempt(() => query.executeTakeFirstOrThrow());
    return numInsertedOrUpdatedRows === 1n;
  }

  async operator(name: string): Promise<OperatorRow | undefined> {
    const query = this.#db.selectFrom('operators').selectAll().where('name', '=', name);
    const stored = await this.#attempt(() => query.executeTakeFirst());
    return stored && operatorRow(stored);
  }

  async operatorCount(): Promise<number> {
    const query = this.#db.selectFrom('operators').select(({ fn }) => fn.countAll().as('count'));
    return Number((await this.#attempt(() => query.executeTakeFirstOrThrow())).count);
  }
}
