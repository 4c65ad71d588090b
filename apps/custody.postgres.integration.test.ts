import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../ledger/database.ts';
import { describePostgres, dropSchema, randomSchema } from '../tests/support/postgres.ts';
import { custodyContract, type Place, Prepared } from './custody.contract.ts';

const hasPgDump = ((): boolean => {
  try {
    execFileSync('pg_dump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describePostgres('PostgreSQL', (url) => {
  const schema = randomSchema();
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-custody-'));
  let opened: Promise<Database> | undefined;
  const open = async (): Promise<Place> => ({
    database: await (opened ??= openDatabase({ url, schema })),
    location: { kind: 'server', url, schema },
  });
  const close = async (): Promise<void> => {
    await (await opened)?.close();
    opened = undefined;
  };
  beforeAll(() => void vi.stubEnv('PLIMSOLL_AUDIT_DIR', folder));
  afterAll(async () => {
    await close();
    await dropSchema(url, schema);
    rmSync(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  custodyContract('PostgreSQL', open);

  test.skipIf(!hasPgDump)(
    'an older dump of the schema, put back, is named (needs pg_dump)',
    async () => {
      const prepared = new Prepared(await open());
      await prepared.make();
      await prepared.reset();
      const dump = execFileSync('pg_dump', [url, '--schema', schema], { encoding: 'utf8' });
      expect(await prepared.start('SIGN')).toMatch(/^OK/);
      await prepared.grow();
      expect(await prepared.start('SIGN')).toMatch(/^OK/);
      await close();
      await dropSchema(url, schema);
      execFileSync('psql', [url, '--quiet', '--set', 'ON_ERROR_STOP=1'], { input: dump });
      const older = new Prepared(await open());
      expect(await older.found()).toMatchObject({
        start: 'OLDER_COPY',
        audit: [['OLDER_COPY', expect.any(Number)]],
      });
      prepared.remove();
      older.remove();
    },
  );
});
