import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { guardsContract } from './guards.contract.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-guards-'));
let opened: Promise<Database> | undefined;

afterAll(async () => {
  await (await opened)?.close();
  await rm(dataDir, { recursive: true });
});

guardsContract('PGlite', () => (opened ??= openDatabase({ dataDir })));
