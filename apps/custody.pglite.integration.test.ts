import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../ledger/database.ts';
import { main } from './cli/main.ts';
import { custodyContract, type Place, Prepared } from './custody.contract.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-custody-'));
let opened: Promise<Database> | undefined;

const open = async (): Promise<Place> => ({
  database: await (opened ??= openDatabase({ dataDir })),
  location: { kind: 'directory', dataDir },
});
const close = async (): Promise<void> => {
  await (await opened)?.close();
  opened = undefined;
};

afterAll(async () => {
  await close();
  rmSync(dataDir, { recursive: true });
});

custodyContract('PGlite', open);

/** What the command line says and ends with. */
async function run(...args: readonly string[]): Promise<readonly [code: number, said: string]> {
  let said = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const print = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    return [await main([...args, '--data-dir', dataDir]), said];
  } finally {
    write.mockRestore();
    print.mockRestore();
  }
}

test('an older copy of the directory, put back, keeps the command line from starting, with a sentence', async () => {
  const prepared = new Prepared(await open());
  await prepared.make();
  await prepared.reset();
  await close();
  const older = `${dataDir}-older`;
  cpSync(join(dataDir, 'pglite'), older, { recursive: true });
  const later = new Prepared(await open());
  expect(await later.start('SIGN')).toMatch(/^OK/);
  await later.grow();
  expect(await later.start('SIGN')).toMatch(/^OK/);
  await close();
  rmSync(join(dataDir, 'pglite'), { recursive: true });
  cpSync(older, join(dataDir, 'pglite'), { recursive: true });
  rmSync(older, { recursive: true });
  for (const args of [
    ['start', '--port', '0'],
    ['audit', 'verify'],
  ]) {
    const [code, said] = await run(...args);
    expect([args[0], code]).toEqual([args[0], 3]);
    expect(said).toContain('an older copy of the database was put back');
  }
  prepared.remove();
  later.remove();
});
