/** A PostgreSQL whose disk is full: its tables lie on a small one, while its log and everything else has room. */
import { statSync } from 'node:fs';
import { test } from 'vitest';
import { describePostgres, onServer, randomSchema } from '../support/postgres.ts';
import { FaultHouse } from './fault-house.ts';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { SmallDisk } from './small-disk.ts';

const DISK_MEGABYTES = 40;

describePostgres('a desk on a PostgreSQL on a full disk', (server) => {
  test('sends nothing more when a table can not grow, and goes on once there is room', async ({
    skip,
  }) => {
    const disk = await diskOf(server);
    if (disk === undefined)
      return skip('the server has to be on this machine, and a disk mountable');
    const place = `faults_on_${process.pid}`;
    const own = ownDatabase(server, place);
    try {
      await onServer(server, (client) =>
        client.query(`CREATE TABLESPACE ${place} LOCATION '${disk.path}/tables'`),
      );
      await own.make();
      await standstillOn(disk, own);
    } finally {
      disk.empty();
      await own.drop();
      await onServer(server, (client) => client.query(`DROP TABLESPACE IF EXISTS ${place}`));
      disk.unmount();
    }
  });
});

async function standstillOn(disk: SmallDisk, { url }: OwnDatabase): Promise<void> {
  const house = new FaultHouse({ url, schema: randomSchema() });
  try {
    const life = await house.begin();
    disk.fill();
    await house.writeUntilBroken(life, 1);
    await house.expectStandstill(life, /^The database failed: .*No space left on device$/);
    await house.expectKilled(life);
    await life.end();
    disk.empty();
    await house.expectRecovery();
  } finally {
    await house.endAll();
  }
}

/** A disk that the server's user may write; undefined where the server or the right to mount is not here. */
async function diskOf(server: string): Promise<SmallDisk | undefined> {
  const { rows } = await onServer(server, (client) =>
    client.query<{ data_directory: string }>('SHOW data_directory'),
  );
  const files = statSync(rows[0]?.data_directory ?? '', { throwIfNoEntry: false });
  if (files === undefined) return undefined;
  return SmallDisk.mount(DISK_MEGABYTES)?.withFolder('tables', files.uid, files.gid);
}
