import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { prepareTables } from '../prepare-tables.ts';
import type { StoredSnapshot } from './snapshot-store.ts';
import { SqlSnapshots } from './sql-snapshots.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-snapshots-'));
const database = await openDatabase({ dataDir });
await prepareTables(database);
const store = new SqlSnapshots(database);
afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

const at = (seq: number, state = `{"seq":${seq}}`): StoredSnapshot => ({
  seq,
  fingerprint: 'ours',
  hash: String(seq % 10).repeat(64),
  state,
});

test('snapshots are listed newest first, without their state, and given back to the byte', async () => {
  for (const seq of [9, 100, 20]) await store.keep(at(seq, `{"π":"${seq}\\u0000 ✓"}`));
  expect(await store.list()).toEqual(
    [100, 20, 9].map((seq) => ({ seq, fingerprint: 'ours', hash: at(seq).hash })),
  );
  expect(await store.state(20)).toBe('{"π":"20\\u0000 ✓"}');
  expect(await store.state(21)).toBeUndefined();
});

test('one that is taken again takes the place of the first', async () => {
  await store.keep(at(20, '{"first":1}'));
  await store.keep({ ...at(20, '{"second":2}'), hash: 'f'.repeat(64) });
  expect(await store.state(20)).toBe('{"second":2}');
  expect((await store.list()).find(({ seq }) => seq === 20)?.hash).toBe('f'.repeat(64));
});

test('the newest stay, by their number and not by their text', async () => {
  await store.prune(2);
  expect((await store.list()).map(({ seq }) => seq)).toEqual([100, 20]);
  await store.prune(5);
  expect((await store.list()).map(({ seq }) => seq)).toEqual([100, 20]);
});
