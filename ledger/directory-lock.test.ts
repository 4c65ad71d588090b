import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { openDatabase } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { thisProcess } from './process-identity.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const lockFile = (): string => join(directory, 'lock');
const hold = (identity: object | string): void =>
  writeFileSync(lockFile(), typeof identity === 'string' ? identity : JSON.stringify(identity));

describe('the lock of a directory', () => {
  test('keeps out a second opening, in one sentence with the directory and who holds it', () => {
    lockDirectory(directory, '; stop that first');
    expect(() => lockDirectory(directory, '; stop that first')).toThrow(
      new DatabaseUnavailable(
        `The database in ${directory} is in use by this process; stop that first.`,
      ),
    );
  });

  test('keeps out while another living process holds it', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const died = new Promise((resolve) => other.once('exit', resolve));
    hold({ pid: other.pid, startedTicks: null });
    expect(() => lockDirectory(directory, '')).toThrow(`is in use by process ${other.pid}.`);
    other.kill('SIGKILL');
    await died;
    lockDirectory(directory, '');
  });

  test('can be taken again once it was given back, and leaves no file behind', () => {
    lockDirectory(directory, '')();
    lockDirectory(directory, '')();
    expect(readdirSync(directory)).toEqual([]);
  });

  const { startedTicks } = thisProcess();
  test.skipIf(startedTicks === null)(
    'is taken over when its number now belongs to a process that started later (needs /proc)',
    () => {
      hold({ pid: process.pid, startedTicks: `${Number(startedTicks) - 1}` });
      lockDirectory(directory, '');
      expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual(thisProcess());
      expect(readdirSync(directory)).toEqual(['lock']);
    },
  );

  test.each(['', 'garbage', 'null', '{"pid":"x"}'])('is taken over when it says "%s"', (text) => {
    hold(text);
    lockDirectory(directory, '');
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toEqual(thisProcess());
  });
});

describe('an embedded database that cannot be opened', () => {
  test('says so in one sentence when its directory cannot be made', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const opening = openDatabase({ dataDir: join(file, 'data') });
    await expect(opening).rejects.toThrow(DatabaseUnavailable);
    await expect(opening).rejects.toThrow(`The directory ${join(file, 'data')} cannot be written`);
  });

  test('says that there is nothing to read when it was never made', async () => {
    const dataDir = join(directory, 'none');
    const opening = openDatabase({ dataDir, readOnly: true });
    await expect(opening).rejects.toThrow(`There is no database in ${dataDir}`);
    expect(readdirSync(directory)).toEqual([]);
  });
});
