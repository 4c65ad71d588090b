import type { Kysely, Transaction } from 'kysely';
import type { Database } from './database.ts';
import { describeError } from './describe-error.ts';
import type { JournalRow } from './journal-row.ts';
import { leadershipFault, LEADERSHIP_GONE, type Leadership, type TakenOver } from './leadership.ts';
import {
  beginEpoch,
  headFault,
  insertRows,
  keepRows,
  lockLeadership,
  moveHead,
  readCorrelatedRows,
  readRows,
} from './sql-journal.ts';
import { SqlRows } from './sql-rows.ts';
import { StoreFailed, type ReadRows, type Store, type StoreWork } from './store.ts';
import type { Tables } from './tables.ts';

/**
 * Rows in PostgreSQL or PGlite. Any failure of the database on the way to a commit is a `StoreFailed`:
 * after it nobody knows what was kept, and guessing is how a journal forks. So is a read that fails, which
 * leaves everything as it is.
 *
 * PGlite has one session, so inside a transaction every statement goes through the transaction.
 */
export class SqlStore implements Store {
  readonly rows: ReadRows;
  readonly #db: Kysely<Tables>;
  readonly #database: Database;

  constructor(db: Kysely<Tables>, database: Database) {
    this.#db = db;
    this.#database = database;
    this.rows = new SqlRows(db, (query) => new Attempts().run(query), 0);
  }

  takeLeadership(holder: string): Promise<TakenOver> {
    return new Attempts().run(() =>
      this.#db.transaction().execute(async (trx) => {
        const found = await lockLeadership(trx);
        if (found === undefined) throw new StoreFailed(LEADERSHIP_GONE);
        const fault = await headFault(trx, found.head);
        if (fault !== undefined) throw new StoreFailed(fault);
        return { ...found, epoch: await beginEpoch(trx, holder) };
      }),
    );
  }

  async transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    const attempts = new Attempts();
    const trx = await attempts.run(() => this.#db.startTransaction().execute());
    try {
      await attempts.run(() => this.#assertLeads(as, trx));
      const { value, events } = await work(new SqlRows(trx, attempts.run, as.epoch));
      attempts.assertNoneFailed();
      await attempts.run(() => writeEvents(trx, events));
      await attempts.run(() => trx.commit().execute());
      return value;
    } catch (error) {
      if (!trx.isCommitted) await attempts.run(() => trx.rollback().execute());
      attempts.assertNoneFailed();
      throw error;
    }
  }

  async keep(as: Leadership, events: readonly JournalRow[]): Promise<void> {
    // Whoever must not write any more is told by whom, which takes a look of its own.
    if (this.#database.fault !== undefined)
      return this.transaction(as, async () => ({ value: undefined, events }));
    const fault = await new Attempts().run(() => keepRows(this.#db, as, events));
    if (fault !== undefined) throw new StoreFailed(fault);
  }

  read(afterSeq: number, limit: number): Promise<readonly JournalRow[]> {
    return new Attempts().run(() => readRows(this.#db, afterSeq, limit));
  }

  readCorrelated(correlationId: string): Promise<readonly JournalRow[]> {
    return new Attempts().run(() => readCorrelatedRows(this.#db, correlationId));
  }

  /** Who took over says more than that the lock was lost, so that is asked first. */
  async #assertLeads(as: Leadership, trx: Transaction<Tables>): Promise<void> {
    const fault = leadershipFault(as, await lockLeadership(trx)) ?? this.#database.fault;
    if (fault !== undefined) throw new StoreFailed(fault);
  }
}

async function writeEvents(trx: Transaction<Tables>, events: readonly JournalRow[]): Promise<void> {
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
      this.#failure ??= storeFailed(error);
      throw this.#failure;
    }
  };

  assertNoneFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

const storeFailed = (error: unknown): StoreFailed =>
  error instanceof StoreFailed
    ? error
    : new StoreFailed(`The database failed: ${describeError(error)}`, { cause: error });
