import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HaltFile } from './halt-file.ts';

let folder: string;
let file: HaltFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  file = new HaltFile(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const holding = (text: string): object | undefined => {
  writeFileSync(file.path, text);
  return file.read();
};

const PLAIN = 'the file HALT was put into the data directory';

describe('what lies in the file', () => {
  test.each([
    ['nothing', '', false, PLAIN],
    ['a new line', '\n', false, PLAIN],
    ['an order', '{"flatten": true, "because": "the news"}', true, 'the news'],
    ['an order without a reason', '{"flatten": true}', true, PLAIN],
    ['an empty order', '{}', false, PLAIN],
    ['a flatten that is no truth', '{"flatten": "yes", "because": 7}', false, PLAIN],
    ['text', 'stop it!', false, 'stop it!'],
    ['half an order', '{"flatten": tr', false, '{"flatten": tr'],
    ['a list', '[true]', false, '[true]'],
    ['null', 'null', false, 'null'],
  ])('%s halts', (_, text, flatten, because) => {
    expect(holding(text)).toMatchObject({ flatten, because });
  });

  test('a novel halts too, and its beginning is the reason', () => {
    expect(holding('x'.repeat(2_000_000))).toMatchObject({ because: 'x'.repeat(500) });
  });
});

describe('whatever has the name halts', () => {
  test('a folder', () => {
    mkdirSync(file.path);
    expect(file.isPresent()).toBe(true);
    expect(file.read()).toMatchObject({ flatten: false });
  });

  test('a link that leads nowhere', () => {
    symlinkSync(join(folder, 'nowhere'), file.path);
    expect(file.isPresent()).toBe(true);
    expect(file.read()).toMatchObject({ flatten: false });
  });

  test('but nothing does not, nor does a directory that is not there', () => {
    expect([file.isPresent(), file.read()]).toEqual([false, undefined]);
    expect(new HaltFile(join(folder, 'none')).isPresent()).toBe(false);
  });
});

describe('writing it', () => {
  test('makes the directory, and leaves nothing half written beside it', () => {
    const deep = new HaltFile(join(folder, 'a', 'b'));
    deep.write({ flatten: true, because: 'a test' });
    expect(deep.read()).toMatchObject({ flatten: true, because: 'a test' });
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['HALT']);
  });

  test('anew is another file, and what was reported on the old one is gone', () => {
    file.write({ flatten: false, because: 'first' });
    const stamp = file.read()?.stamp ?? '';
    file.writeReport({ acted: false, stamp, atMs: 1, because: 'a test' });
    expect(file.readReport()).toMatchObject({ because: 'a test' });
    file.write({ flatten: true, because: 'second' });
    expect(file.readReport()).toBeUndefined();
    expect(file.read()?.stamp).not.toBe(stamp);
  });

  test('a report on another file, or one that is cut short, is none', () => {
    file.write({ flatten: false, because: 'a test' });
    file.writeReport({ acted: false, stamp: 'of another', atMs: 1, because: '' });
    expect(file.readReport()).toBeUndefined();
    writeFileSync(file.reportPath, '{"acted": tr');
    expect(file.readReport()).toBeUndefined();
  });
});
