import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeCandles } from '../support/candles.ts';
import { inFolder, plimsoll } from '../support/cli.ts';

const HEADER = 'timestamp_ms,open,high,low,close,volume';
const GOOD = '1700000000000,10,11,9,10.5,3';

/** What the user gave, the exit code, and what the one sentence must say. */
describe('bad input gets one clear sentence and the right exit code', () => {
  test.each([
    ['a wrong column', 'when,open,high,low,close,volume\n', 'timestamp_ms'],
    ['a malformed row', `${HEADER}\n${GOOD}\n1700000300000,10,11,nine,10.5,3\n`, ':3:'],
    ['a high below the close', `${HEADER}\n${GOOD}\n1700000300000,10,10.2,9,10.5,3\n`, 'high 10.2'],
    ['a time that goes back', `${HEADER}\n${GOOD}\n1600000000000,10,11,9,10.5,3\n`, ':3:'],
    ['an empty file', '', 'btcusd.csv'],
  ])('%s', (_, contents, sentence) =>
    inFolder(async (folder) => {
      const path = join(folder, 'btcusd.csv');
      writeFileSync(path, contents);
      expectOneSentence(await plimsoll(['simulate', '--data', path]), 2, sentence);
    }),
  );

  test('a missing file', async () => {
    expectOneSentence(
      await plimsoll(['simulate', '--data', 'nowhere/btcusd.csv']),
      2,
      'nowhere/btcusd.csv',
    );
  });

  test('a file whose instrument nobody can guess', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 10, 'prices.csv');
      expectOneSentence(await plimsoll(['simulate', '--data', data]), 2, 'known ones are');
    }));

  test.each([
    [['--strategies', 'jadecap,magic'], '"magic" is not a known strategy'],
    [['--approver', 'me'], '--approver "me"'],
    [['--seed', 'x'], '--seed "x"'],
    [['--cash', '-5'], '--cash "-5"'],
    [['--instrument', 'DOGE/USD'], '"DOGE/USD" is not a known instrument'],
    [['--speed', '3'], "unknown option '--speed'"],
  ])('simulate %j', (args, sentence) =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 10);
      const finished = await plimsoll(['simulate', '--data', data, ...args]);
      expect(finished.code).toBe(2);
      expect(finished.stderr).toContain(sentence);
    }),
  );

  test('a port that is taken', () =>
    inFolder(async (folder) => {
      const taken = createServer();
      const port = await new Promise<number>((resolve) =>
        taken.listen(0, '127.0.0.1', () => {
          const address = taken.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        }),
      );
      const finished = await plimsoll([
        'start',
        '--port',
        String(port),
        '--data-dir',
        join(folder, 'kept'),
      ]);
      taken.close();
      expectOneSentence(finished, 1, `port ${port} is already in use`);
    }));

  test('a data directory that cannot be written', () =>
    inFolder(async (folder) => {
      // A file where the directory should be cannot be written into, not even by root.
      const dataDir = join(folder, 'taken');
      writeFileSync(dataDir, '');
      const data = await writeCandles(folder, 10);
      expectOneSentence(
        await plimsoll(['simulate', '--data', data, '--data-dir', dataDir]),
        1,
        dataDir,
      );
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o500);
      if (process.getuid?.() === 0) return;
      expectOneSentence(await plimsoll(['start', '--data-dir', join(locked, 'kept')]), 1, locked);
    }));

  test('a database that does not answer, without its password', () =>
    inFolder(async (folder) => {
      const data = await writeCandles(folder, 10);
      const DATABASE_URL = 'postgres://someone:hunter2@127.0.0.1:1/none';
      const finished = await plimsoll(['simulate', '--data', data], { DATABASE_URL });
      expectOneSentence(finished, 1, '127.0.0.1:1');
      expect(finished.stderr).not.toContain('hunter2');
    }));

  test('approvals and verify where nothing ever ran', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'empty');
      expectOneSentence(
        await plimsoll(['approvals', '--data-dir', dataDir]),
        1,
        'no Plimsoll is running',
      );
      expectOneSentence(await plimsoll(['audit', 'verify', '--data-dir', dataDir]), 1, dataDir);
    }));
});

function expectOneSentence(
  finished: { readonly code: number; readonly stdout: string; readonly stderr: string },
  code: number,
  sentence: string,
): void {
  expect(finished.stderr).toContain(sentence);
  expect(finished.code).toBe(code);
  expect(finished.stdout).toBe('');
  expect(finished.stderr.trim().split('\n')).toHaveLength(1);
}
