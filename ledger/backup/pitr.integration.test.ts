/** PostgreSQL's recovery to a point in time, as the documentation says it, on a server of its own. */
import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareStorage } from '../../apps/storage.ts';
import { ManualClock } from '../../domain/clock.ts';
import { approvalId } from '../../domain/ids.ts';
import { CheckpointCheck } from '../audit/checkpoint-check.ts';
import { storedCommits } from '../audit/stored-journal.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { type Database, openDatabase } from '../database.ts';
import { guardFaults } from '../guards/guards.ts';
import { journalPages } from '../journal-pages.ts';
import type { Head, Ledger } from '../ledger.ts';
import { JournalTree } from '../merkle/journal-tree.ts';
import { openSqlLedger } from '../sql-ledger.ts';
import { contentsOf } from '../testing/backups.ts';
import { type Cluster, CLUSTER_NEEDS, inCluster, until } from '../testing/cluster.ts';
import { approval, numbered, START_MS } from '../testing/samples.ts';
import { verifyJournal } from '../verify.ts';

const SCHEMA = 'plimsoll';
const TARGET = 'before the accident';

const archiving = (archive: string): string => `
wal_level = replica
archive_mode = on
archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'
archive_timeout = 60
fsync = on
synchronous_commit = on
`;

const recovering = (archive: string): string => `
restore_command = 'cp ${archive}/%f %p'
recovery_target_name = '${TARGET}'
recovery_target_action = 'promote'
`;

const LACKING = CLUSTER_NEEDS === undefined ? '' : ` (${CLUSTER_NEEDS})`;
describe.skipIf(CLUSTER_NEEDS !== undefined)(`Recovery to a point in time${LACKING}`, () => {
  test('brings back the journal of that moment, which goes on and cannot pass for the newest', () =>
    inCluster(async (cluster) => {
      const archive = join(cluster.folder, 'archive');
      await makeArchive(cluster);
      await cluster.make('data', archiving(archive));
      await cluster.start('data');
      const then = await onLedger(cluster.url, (ledger, database) =>
        liveThrough(cluster, ledger, database),
      );
      await cluster.stop();

      await appendFile(join(cluster.folder, 'base', 'postgresql.conf'), recovering(archive));
      await writeFile(join(cluster.folder, 'base', 'recovery.signal'), '');
      await cluster.start('base');

      await onDatabase(cluster.url, async (database) => {
        expect(await guardFaults(database)).toEqual([]);
        const journal = await verifyJournal(journalPages(database));
        expect(journal).toEqual({ ok: true, events: then.head.seq, headHash: then.head.hash });
        expect(await contentsOf(database)).toEqual(then.contents);
        expect(await storedCommits(database)).toBe(then.commits);
        expect(await compared(database, [then.checkpoint])).toEqual({ agreed: 1, lost: undefined });
        expect(await compared(database, [then.checkpoint, then.later])).toMatchObject({
          agreed: 1,
          lost: { fault: 'OLDER_COPY', seq: then.head.seq + 1 },
        });
      });
      await onLedger(cluster.url, async (ledger, database) => {
        expect(ledger).toMatchObject({ head: then.head, commits: then.commits, epoch: 2 });
        await write(ledger, 10_000, then.later.size);
        expect(await verifyJournal(journalPages(database))).toMatchObject({
          ok: true,
          events: then.head.seq + then.later.size,
          headHash: ledger.head.hash,
        });
        expect(await compared(database, [then.checkpoint, then.later])).toMatchObject({
          agreed: 1,
          lost: { fault: 'FORKED', seq: then.head.seq + 1 },
        });
      });
    }));
});

interface Moment {
  readonly head: Head;
  readonly commits: number;
  readonly contents: Record<string, unknown>;
  /** Of that moment. */
  readonly checkpoint: Checkpoint;
  /** Of what came afterwards and will be lost. */
  readonly later: Checkpoint;
}

/** A base backup while events are written, a moment to go back to, an accident, and the log in the archive. */
async function liveThrough(cluster: Cluster, ledger: Ledger, database: Database): Promise<Moment> {
  await write(ledger, 1, 100);
  await writeUntil(ledger, takeBase(cluster));
  await ledger.transact((tx) => tx.insertApproval(approval('a1')));
  await write(ledger, 2_000, 30);
  const { head, commits } = ledger;
  const contents = await contentsOf(database);
  const checkpoint = await checkpointOf(database);
  await database.pool.query('SELECT pg_create_restore_point($1)', [TARGET]);

  await ledger.transact((tx) =>
    tx.moveApproval(approvalId('a1'), { status: 'PENDING', version: 1 }, 'DECLINED'),
  );
  await write(ledger, 3_000, 20);
  const later = await checkpointOf(database);
  await archiveAll(database);
  return { head, commits, contents, checkpoint, later };
}

/** As the documentation says it. */
function takeBase({ folder, url, run }: Cluster): Promise<void> {
  const base = join(folder, 'base');
  const how = ['--wal-method', 'stream', '--checkpoint', 'fast'];
  return run('pg_basebackup', '--dbname', url, '--pgdata', base, ...how);
}

/** One commit an event. */
async function write(ledger: Ledger, from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number++) {
    await ledger.append(numbered(number));
    await ledger.flush();
  }
}

async function writeUntil(ledger: Ledger, work: Promise<void>): Promise<void> {
  const writing = { done: false };
  const over = work.finally(() => {
    writing.done = true;
  });
  for (let number = 1_000; !writing.done; number++) await write(ledger, number, 1);
  await over;
}

/** What is still in the segment that is being written is not in the archive yet. */
async function archiveAll({ pool }: Database): Promise<void> {
  const switched = await pool.query<{ segment: string }>(
    'SELECT pg_walfile_name(pg_switch_wal()) AS segment',
  );
  await until('the segment is in the archive', async () => {
    const { rowCount } = await pool.query(
      'SELECT FROM pg_stat_archiver WHERE last_archived_wal >= $1',
      [switched.rows[0]?.segment],
    );
    return rowCount === 1;
  });
}

async function checkpointOf(database: Database): Promise<Checkpoint> {
  const tree = new JournalTree();
  for await (const { rows } of journalPages(database)) for (const row of rows) tree.add(row);
  const commits = await storedCommits(database);
  const { size, head } = tree;
  return { origin: 'test', size, root: tree.root(), headHash: head.hash, commits, atMs: START_MS };
}

/** What the stored journal has to say to these checkpoints. */
async function compared(database: Database, checkpoints: readonly Checkpoint[]) {
  const check = new CheckpointCheck(checkpoints);
  const tree = new JournalTree();
  for await (const { rows } of journalPages(database)) {
    for (const row of rows) {
      tree.add(row);
      const lost = check.see(tree);
      if (lost !== undefined) return { agreed: check.agreed, lost };
    }
  }
  return { agreed: check.agreed, lost: check.end(tree.size, await storedCommits(database)) };
}

async function onDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url, schema: SCHEMA });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const onLedger = <T>(
  url: string,
  work: (ledger: Ledger, database: Database) => Promise<T>,
): Promise<T> =>
  onDatabase(url, async (database) => {
    await prepareStorage(database, SCHEMA);
    const ledger = await openSqlLedger({ database, clock: new ManualClock(START_MS) });
    try {
      return await work(ledger, database);
    } finally {
      await ledger.close();
    }
  });

/** The server's user writes to it, and the folder above is closed to all others. */
async function makeArchive({ folder }: Cluster): Promise<void> {
  const archive = join(folder, 'archive');
  await mkdir(archive);
  await chmod(archive, 0o777);
}
