import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KillOrder } from '../../../execution/kill-switch.ts';
import type { HaltResult } from '../../api/views.ts';
import { HaltFile } from './halt-file.ts';
import { HaltWatch, LOOK_MS } from './halt-watch.ts';

const RESULT: HaltResult = {
  steps: [{ step: 'NO_NEW_ORDERS', ms: 1 }],
  report: {
    canceled: [],
    exitsKept: [],
    confirmed: true,
    leftOpen: [],
    flat: true,
    recorded: true,
  },
};

let folder: string;
let file: HaltFile;
let pulled: KillOrder[];
let faults: unknown[];
let halted: boolean;
let answer: () => Promise<HaltResult>;
let watch: HaltWatch;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  file = new HaltFile(folder);
  pulled = [];
  faults = [];
  halted = false;
  answer = async () => RESULT;
  watch = new HaltWatch({
    file,
    pull: (order) => {
      pulled.push(order);
      halted = true;
      return answer();
    },
    isHalted: () => halted,
    nowMs: () => 7,
    onFault: (error) => void faults.push(error),
  });
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const put = (because: string, flatten = false): void => file.write({ flatten, because });

test('without the file nothing is pulled', async () => {
  await watch.look();
  expect(pulled).toEqual([]);
});

test('the file pulls the switch once, as it says, and the report lies beside it', async () => {
  put('the news', true);
  await watch.look();
  await watch.look();
  expect(pulled).toEqual([
    { flatten: true, because: 'the news', by: { kind: 'SYSTEM', name: 'signal-file' } },
  ]);
  expect(file.isPresent()).toBe(true);
  expect(file.readReport()).toMatchObject({ acted: true, atMs: 7, ...RESULT });
});

test('a file that is written anew pulls again: it may ask for more', async () => {
  put('the news');
  await watch.look();
  put('the news', true);
  await watch.look();
  expect(pulled.map(({ flatten }) => flatten)).toEqual([false, true]);
});

test('taken away and put there again, it pulls again', async () => {
  put('one');
  await watch.look();
  rmSync(file.path);
  await watch.look();
  writeFileSync(file.path, '');
  await watch.look();
  expect(pulled).toHaveLength(2);
});

test('trading that came loose although the file is there is stopped again', async () => {
  put('one');
  await watch.look();
  halted = false;
  await watch.look();
  expect(pulled).toHaveLength(2);
});

describe('a pull', () => {
  test('that fails is told, reported and tried again with the next look', async () => {
    put('one');
    answer = () => Promise.reject(new Error('the venue is gone'));
    await watch.look();
    expect(file.readReport()).toMatchObject({ acted: false, because: 'the venue is gone' });
    expect(faults).toHaveLength(1);
    answer = async () => RESULT;
    await watch.look();
    expect(pulled).toHaveLength(2);
    expect(file.readReport()).toMatchObject({ acted: true });
  });

  test('that takes its time is not begun a second time', async () => {
    put('one');
    let end: (result: HaltResult) => void = () => {};
    answer = () => new Promise((resolve) => (end = resolve));
    const first = watch.look();
    halted = false;
    await watch.look();
    expect(pulled).toHaveLength(1);
    end(RESULT);
    await first;
  });

  test('counts although its report cannot be written', async () => {
    put('one');
    file.writeReport = () => {
      throw new Error('the disk is full');
    };
    await watch.look();
    await watch.look();
    expect(pulled).toHaveLength(1);
    expect(faults).toMatchObject([{ message: 'the disk is full' }]);
  });
});

test('it looks at once and then every second, until it is stopped', async () => {
  vi.useFakeTimers();
  watch.start();
  put('one');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(pulled).toHaveLength(1);
  watch.stop();
  put('two');
  await vi.advanceTimersByTimeAsync(10 * LOOK_MS);
  expect(pulled).toHaveLength(1);
});
