import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { SAMPLE_HEADER, writeLines } from '../testing/backups.ts';
import { BackupDamaged, BackupUnusable } from './format.ts';
import { type BackupPart, readBackup } from './read-backup.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-read-'));
const file = join(folder, 'a.backup.gz');
afterAll(() => rmSync(folder, { recursive: true }));

const TABLE = { table: 'operators', columns: ['name', 'password_hash'] };
const JOURNAL = { table: 'journal', columns: ['seq', 'body'] };
const ROWS = [
  ['ada', 'naïve ✓'],
  ['bob', null],
];
const LINES = [SAMPLE_HEADER, TABLE, ...ROWS, JOURNAL, ['1', '{"a":"\\n"}']];

async function read(path = file): Promise<readonly BackupPart[]> {
  const parts: BackupPart[] = [];
  for await (const part of readBackup(path)) parts.push(part);
  return parts;
}

/** Undefined when every part was read. */
const faultOf = (path = file): Promise<unknown> =>
  read(path).then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(() => writeLines(file, LINES));

describe('a backup', () => {
  test('gives what was put in, in its order', async () => {
    expect(await read()).toEqual([
      { kind: 'HEADER', header: SAMPLE_HEADER },
      { kind: 'ROWS', of: TABLE, rows: ROWS },
      { kind: 'ROWS', of: JOURNAL, rows: [['1', '{"a":"\\n"}']] },
    ]);
  });

  test('is handed on a few rows at a time', async () => {
    const rows = Array.from({ length: 1_203 }, (_, index) => [`${index}`, 'x'.repeat(10)]);
    const long = [['a', 'y'.repeat(1_500_000)]];
    writeLines(file, [SAMPLE_HEADER, TABLE, ...rows, JOURNAL, ...long, ...long]);
    const lengths = (await read()).map((part) => (part.kind === 'ROWS' ? part.rows.length : 0));
    expect(lengths).toEqual([0, 500, 500, 203, 1, 1]);
  });

  test('cut off anywhere is refused', async () => {
    const whole = readFileSync(file);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length));
      const fault = await faultOf();
      const refused = fault instanceof BackupDamaged || fault instanceof BackupUnusable;
      expect([length, refused]).toEqual([length, true]);
    }
  });

  test('with any bit changed is refused, or says what it said', async () => {
    const whole = readFileSync(file);
    const parts = await read();
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file, changed);
      const found = await read().catch((error: unknown) => error);
      if (found instanceof BackupDamaged || found instanceof BackupUnusable) continue;
      // A few bits of the wrapping, such as its time, mean nothing.
      expect([at, found]).toEqual([at, parts]);
    }
  });

  test.each([
    ['a row more', [...LINES, ['2', 'b']], 'another'],
    ['a row less', LINES.slice(0, -1), 'another'],
    ['a row changed', [...LINES.slice(0, -1), ['1', '{"a":"b"}']], 'another'],
  ])('with %s under its old end is refused', async (_, lines, how) => {
    const end = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').at(-1);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(file, gzipSync(`${text}${end}\n`));
    await expect(read()).rejects.toThrow(BackupDamaged);
    await expect(read()).rejects.toThrow(how);
  });

  test('whose end counts other rows is refused', async () => {
    writeLines(file, [
      { ...SAMPLE_HEADER, tables: ['operators', 'journal', 'approvals'] },
      TABLE,
      JOURNAL,
    ]);
    await expect(read()).rejects.toThrow('has no rows of approvals where it says undefined');
  });

  test.each([
    ['a table that it did not announce', [SAMPLE_HEADER, { table: 'pg_authid', columns: ['a'] }]],
    ['a table twice', [SAMPLE_HEADER, TABLE, JOURNAL, TABLE]],
    ['rows of no table', [SAMPLE_HEADER, ['a']]],
    ['rows of another width', [SAMPLE_HEADER, TABLE, ['a']]],
    ['values that are no text', [SAMPLE_HEADER, TABLE, ['a', 1]]],
    ['a line of something else', [SAMPLE_HEADER, TABLE, 'a']],
    ['a head that is none', [{ ...SAMPLE_HEADER, head: { seq: -1, hash: '' } }]],
  ])('with %s is damaged', async (_, lines) => {
    writeLines(file, lines);
    expect(await faultOf()).toBeInstanceOf(BackupDamaged);
  });

  test('with something after its end is damaged', async () => {
    writeFileSync(file, Buffer.concat([readFileSync(file), gzipSync('[]\n')]));
    await expect(read()).rejects.toThrow('goes on after its end');
  });
});

describe('a file that is no backup', () => {
  const refused = async (contents: string | Buffer): Promise<string> => {
    writeFileSync(file, contents);
    const fault = await faultOf();
    expect(fault).toBeInstanceOf(BackupUnusable);
    return (fault as Error).message;
  };

  test('is named in one sentence, whatever it is', async () => {
    const none = `${file} is not a backup that Plimsoll made.`;
    expect(await refused('time,open,high\n')).toBe(none);
    expect(await refused(gzipSync('time,open,high\n'))).toBe(none);
    expect(await refused(gzipSync('{"format":"tar"}\n'))).toBe(none);
    expect(await refused(gzipSync('null\n'))).toBe(none);
    expect(await refused(gzipSync(''))).toBe(`${file} is empty.`);
  });

  test('of a newer format is for a newer Plimsoll', async () => {
    const header = JSON.stringify({ ...SAMPLE_HEADER, format: 'plimsoll-backup/2' });
    expect(await refused(gzipSync(`${header}\n`))).toBe(
      `${file} is of the format plimsoll-backup/2, and this Plimsoll reads plimsoll-backup/1; use a newer one.`,
    );
  });

  test('that is not there, or is a folder, is said to be so', async () => {
    await expect(read(join(folder, 'none'))).rejects.toThrow('cannot be read: ENOENT');
    await expect(read(folder)).rejects.toThrow(BackupUnusable);
  });
});
