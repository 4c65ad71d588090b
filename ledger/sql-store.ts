import type { Kysely, Transaction } from 'kysely';
import type { Database } from './database.ts';
import { describeError } from './describe-error.ts';
import type { JournalRow } from './journal-row.ts';
import type { Head } from './ledger.ts';
import { insertRows, lockHead, moveHead, readCorrelatedRows, readRows } from './sql-journal.ts';
import { SqlRows } from './sql-rows.ts';
import { StoreFailed, type ReadRows, type Store, type StoreWork } from './store.ts';
import type { Tables } from './tables.ts';

/**
 * Rows in PostgreSQL or PGlite. Any failure of the database on the way to a commit is a `StoreFailed`:
 * after it nobody knows what was kept, and guessing is how a journal forks.
 *
 * PGlite has one session, so inside a transaction every statement goes through the transaction.
 */
export class SqlStore implements Store {
  readonly rows: ReadRows;
  readonly #db: Kysely<Tables>;
  readonly #database: Database;
  #head: Head;

  constructor(db: Kysely<Tables>, database: Database, head: Head) {
    this.#db = db;
    this.#database = database;
    this.#head = head;
    this.rows = new SqlRows(db, (query) => query());
  }

  async transaction<T>(work: StoreWork<T>): Promise<T> {
    if (this.#database.fault !== undefined) throw new StoreFailed(this.#database.fault);
    const attempts = new Attempts();
    const trx = await attempts.run(() => this.#db.startTransaction().execute());
    try {
      await attempts.run(() => this.#assertHeadIsOurs(trx));
      const { value, events } = await work(new SqlRows(trx, attempts.run));
      attempts.assertNoneFailed();
      await attempts.run(() => keep(trx, events));
      await attempts.run(() => trx.commit().execute());
      this.#head = events.at(-1) ?? this.#head;
      return value;
    } catch (error) {
      if (!trx.isCommitted) await attempts.run(() => trx.rollback().execute());
      attempts.assertNoneFailed();
      throw error;
    }
  }

  read(afterSeq: number, limit: number): Promise<readonly JournalRow[]> {
    return readRows(this.#db, afterSeq, limit);
  }

  readCorrelated(correlationId: string): Promise<readonly JournalRow[]> {
    return readCorrelatedRows(this.#db, correlationId);
  }

  async #assertHeadIsOurs(trx: Transaction<Tables>): Promise<void> {
    const head = await lockHead(trx);
    if (head?.seq === this.#head.seq && head.hash === this.#head.hash) return;
    throw new Error(
      `the journal's head is event ${head?.seq ?? 'none'} and not our event ${this.#head.seq}: somebody else wrote`,
    );
  }
}

async function keep(trx: Transaction<Tables>, events: readonly JournalRow[]): Promise<void> {
  const last = events.at(-1);
  if (last === undefined) return;
  await insertRows(trx, events);
  await moveHead(trx, last);
}

/** Remembers the first failure, even when the work that met it swallowed the error. */
class Attempts {
  #failure: StoreFailed | undefined;

  readonly run = async <R>(query: () => Promise<R>): Promise<R> => {
    try {
      return await query();
    } catch (error) {
      this.#failure ??= new StoreFailed(`The database failed: ${describeError(error)}`, {
        cause: error,
      });
      throw this.#failure;
    }
  };

  assertNoneFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
