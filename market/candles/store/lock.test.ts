import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { thisProcess } from '../../../ledger/process-identity.ts';
import { whileLocked } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
const lock = join(folder, 'lock');
afterAll(() => rmSync(folder, { recursive: true }));

test('work is done while the lock is there, and the lock is gone after it', () => {
  expect(whileLocked(folder, () => existsSync(lock))).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock is gone after work that fails', () => {
  expect(() =>
    whileLocked(folder, () => {
      throw new Error('no room');
    }),
  ).toThrow('no room');
  expect(readdirSync(folder)).toEqual([]);
});

test('nobody else gets in meanwhile', () => {
  whileLocked(folder, () => {
    expect(() => whileLocked(folder, () => 'in')).toThrow(
      `the candles in ${folder} are being written by process ${process.pid}; try again when it is done`,
    );
  });
  expect(whileLocked(folder, () => 'in')).toBe('in');
});

test.each([
  ['of a process that has ended', JSON.stringify({ pid: ended(), startedTicks: null })],
  [
    'of a process whose number was given again',
    JSON.stringify({ ...thisProcess(), startedTicks: '1' }),
  ],
  ['that no process of ours wrote', 'mine'],
  ['that is empty', ''],
])('a lock %s is taken over', (_, text) => {
  writeFileSync(lock, text);
  expect(whileLocked(folder, () => 'in')).toBe('in');
  expect(readdirSync(folder)).toEqual([]);
});

function ended(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
