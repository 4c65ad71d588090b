import { Kysely, PostgresDialect } from 'kysely';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';
import type { SnapshotStore, StoredSnapshot } from './snapshot-store.ts';

/** Beside the journal, in the same database; no part of it. */
export class SqlSnapshots implements SnapshotStore {
  readonly #db: Kysely<Tables>;

  constructor(database: Database) {
    this.#db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) });
  }

  async keep({ seq, fingerprint, hash, state }: StoredSnapshot): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      // One that was taken before, and whose checkpoint then failed, would not be the one vouched for.
      await trx.deleteFrom('snapshots').where('seq', '=', String(seq)).execute();
      await trx.insertInto('snapshots').values({ seq, fingerprint, hash, state }).execute();
    });
  }

  async list(): Promise<readonly Omit<StoredSnapshot, 'state'>[]> {
    const rows = await this.#db
      .selectFrom('snapshots')
      .select(['seq', 'fingerprint', 'hash'])
      .orderBy('seq', 'desc')
      .execute();
    return rows.map(({ seq, ...rest }) => ({ ...rest, seq: Number(seq) }));
  }

  async state(seq: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('snapshots')
      .select('state')
      .where('seq', '=', String(seq))
      .executeTakeFirst();
    return row?.state;
  }

  async prune(keep: number): Promise<void> {
    const newest = this.#db
      .selectFrom('snapshots')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(keep);
    await this.#db.deleteFrom('snapshots').where('seq', 'not in', newest).execute();
  }
}
