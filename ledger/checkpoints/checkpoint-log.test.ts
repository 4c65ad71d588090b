import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../domain/clock.ts';
import { type Checkpoint, checkpointText } from './checkpoint.ts';
import { CheckpointLog, ContradictingCheckpoint } from './checkpoint-log.ts';
import { CheckpointLogBroken, readCheckpoints } from './log-file.ts';
import { NOTE_BYTES_MAX, openNote, signNote } from './note.ts';
import { checkpointAt, NOON_MS } from './testing/checkpoints.ts';
import { OURS, THEIRS } from './testing/keys.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-checkpoints-'));
  path = join(folder, 'checkpoints');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (): Promise<CheckpointLog> => CheckpointLog.open(path, OURS);
const text = (): string => readFileSync(path, 'utf8');
const noteOf = (checkpoint: Checkpoint): string => signNote(checkpointText(checkpoint), OURS);
const fileOf = (...sizes: readonly number[]): string =>
  sizes.map((size) => `${noteOf(checkpointAt(size))}---\n`).join('');

async function sizesIn(file = path): Promise<readonly number[]> {
  const sizes: number[] = [];
  for await (const { size } of readCheckpoints(file, OURS)) sizes.push(size);
  return sizes;
}

describe('the log of checkpoints', () => {
  test('begins empty, and makes its folder with the first checkpoint', async () => {
    path = join(folder, 'away', 'checkpoints');
    const log = await open();
    expect(log.last).toBeUndefined();
    expect(await sizesIn()).toEqual([]);
    expect(existsSync(join(folder, 'away'))).toBe(false);
    await log.append(checkpointAt(0));
    expect(await sizesIn()).toEqual([0]);
  });

  test('holds whole notes, one after another, that anybody can cut out and check', async () => {
    const log = await open();
    await log.append(checkpointAt(3));
    const { note } = await log.append(checkpointAt(9));
    expect(text()).toBe(fileOf(3, 9));
    expect(openNote(note, OURS)).toBe(checkpointText(checkpointAt(9)));
    expect(log.last).toEqual({ ...checkpointAt(9), note });
    expect((await open()).last).toEqual(log.last);
    expect(log.origin).toBe(OURS.name);
  });

  test('takes what is asked at once in the order it was asked', async () => {
    const log = await open();
    await Promise.all([1, 2, 3, 4, 5].map((size) => log.append(checkpointAt(size))));
    expect(await sizesIn()).toEqual([1, 2, 3, 4, 5]);
  });

  test('does not sign what contradicts what it signed', async () => {
    await (await open()).append(checkpointAt(5));
    const log = await open();
    const wrong: readonly (readonly [Partial<Checkpoint>, string])[] = [
      [checkpointAt(4), 'covers 4 events after one that covered 5'],
      [{ root: checkpointAt(4).root }, 'covers the same 5 events with another root or head'],
      [{ headHash: checkpointAt(4).headHash }, 'covers the same 5 events with another root'],
      [
        { origin: 'plimsoll/ffffffffffffffff' },
        `is of plimsoll/ffffffffffffffff, not of ${OURS.name}`,
      ],
    ];
    for (const [change, because] of wrong) {
      const appending = log.append({ ...checkpointAt(5), ...change });
      await expect(appending).rejects.toThrow(ContradictingCheckpoint);
      await expect(appending).rejects.toThrow(because);
    }
    expect(text()).toBe(fileOf(5));
    // The same again, also where the clock went back, says nothing new and contradicts nothing.
    await log.append(checkpointAt(5, NOON_MS - DAY_MS));
    expect(await sizesIn()).toEqual([5, 5]);
  });

  test('is read by those who only have the public key, while it is written', async () => {
    const log = await open();
    for (let size = 1; size <= 20; size++) {
      const writing = log.append(checkpointAt(size));
      const seen = await sizesIn();
      expect(seen).toEqual(Array.from(seen, (_, index) => index + 1));
      await writing;
    }
  });
});

describe('a log after a crash', () => {
  test('loses of the last note only what was not whole, wherever the write ended', async () => {
    const before = Buffer.from(fileOf(1, 2));
    const all = Buffer.from(fileOf(1, 2, 3));
    const wholeAt = all.length - '---\n'.length;
    for (let end = before.length; end <= all.length; end += end < wholeAt - 9 ? 7 : 1) {
      writeFileSync(path, all.subarray(0, end));
      const survives = end >= wholeAt;
      expect(await sizesIn()).toEqual(survives ? [1, 2, 3] : [1, 2]);
      const log = await open();
      expect(log.last?.size).toBe(survives ? 3 : 2);
      expect(text()).toBe(survives ? fileOf(1, 2, 3) : fileOf(1, 2));
    }
  });

  test('goes on after its first note was torn', async () => {
    writeFileSync(path, fileOf(1).slice(0, 40));
    const log = await open();
    expect(log.last).toBeUndefined();
    await log.append(checkpointAt(2));
    expect(text()).toBe(fileOf(2));
  });

  test('goes on where the lost end is filled with zeros', async () => {
    writeFileSync(path, fileOf(1));
    appendFileSync(path, Buffer.alloc(400));
    expect(await sizesIn()).toEqual([1]);
    await (await open()).append(checkpointAt(2));
    expect(text()).toBe(fileOf(1, 2));
  });

  test('that happened while it was open is repaired by the next checkpoint', async () => {
    const log = await open();
    await log.append(checkpointAt(1));
    appendFileSync(path, fileOf(2).slice(0, 100));
    await log.append(checkpointAt(2));
    expect(text()).toBe(fileOf(1, 2));
  });
});

describe('a log that somebody changed', () => {
  test('is broken by a change of any byte of any note', async () => {
    const whole = Buffer.from(fileOf(1, 2, 3));
    const lastAt = Buffer.byteLength(fileOf(1, 2));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = Buffer.from(whole);
          changed.writeUInt8((whole[at] as number) ^ change, at);
          writeFileSync(path, changed);
          const isSeparatorAtEnd = at >= whole.length - 5;
          if (isSeparatorAtEnd) {
            // Then it looks like a crash in the last note, and costs that note at most.
            expect((await sizesIn()).slice(0, 2)).toEqual([1, 2]);
            return;
          }
          await expect(sizesIn()).rejects.toThrow(CheckpointLogBroken);
          if (at >= lastAt) await expect(open()).rejects.toThrow(CheckpointLogBroken);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('says which note, and what is wrong with it', async () => {
    writeFileSync(path, fileOf(1) + fileOf(2).replace('commits 2', 'commits 3') + fileOf(3));
    await expect(sizesIn()).rejects.toThrow(
      `A note in ${path} is not a checkpoint that this journal signed: ` +
        `the signature of ${OURS.name} does not fit the text of the note. It begins: "${OURS.name}\\n2`,
    );
  });

  test('is not taken up with another key', async () => {
    writeFileSync(path, fileOf(1));
    const opening = CheckpointLog.open(path, THEIRS);
    await expect(opening).rejects.toThrow(`not signed by ${THEIRS.name} with key ${THEIRS.keyId}`);
    await expect(opening).rejects.toThrow(CheckpointLogBroken);
  });

  test.each([
    ['exchanged', [2, 1], 'covers 1 events after one that covered 2'],
    ['exchanged further on', [1, 3, 2, 4], 'covers 2 events after one that covered 3'],
  ])('is broken when notes were %s', async (_, sizes, because) => {
    writeFileSync(path, fileOf(...sizes));
    await expect(sizesIn()).rejects.toThrow(`A checkpoint in ${path} ${because}.`);
  });

  test('is broken by a note of the same key that is no checkpoint of this journal', async () => {
    for (const note of [
      signNote('plimsoll/export/v1\n', OURS),
      signNote(checkpointText({ ...checkpointAt(1), origin: 'plimsoll/x' }), OURS),
    ]) {
      writeFileSync(path, `${note}---\n`);
      await expect(sizesIn()).rejects.toThrow('is not a checkpoint that this journal signed');
      await expect(open()).rejects.toThrow(CheckpointLogBroken);
    }
  });

  test('is broken by a whole note at its end that is not ours, for that is no accident', async () => {
    for (const note of [
      signNote(checkpointText(checkpointAt(2)), THEIRS),
      noteOf(checkpointAt(2)).replace('commits 2', 'commits 3'),
      noteOf(checkpointAt(0)),
    ]) {
      writeFileSync(path, fileOf(1) + note);
      await expect(open()).rejects.toThrow(CheckpointLogBroken);
      await expect(sizesIn()).rejects.toThrow(CheckpointLogBroken);
      expect(text()).toBe(fileOf(1) + note);
    }
  });

  test('is broken by anything longer than a note', async () => {
    for (const begin of ['', fileOf(1)]) {
      for (const bytes of [NOTE_BYTES_MAX + 1, 3 * NOTE_BYTES_MAX]) {
        writeFileSync(path, begin + 'x'.repeat(bytes));
        await expect(open()).rejects.toThrow(`${path} does not end like a file of signed notes.`);
        await expect(sizesIn()).rejects.toThrow('one has no end');
      }
    }
    writeFileSync(path, `${'x'.repeat(3 * NOTE_BYTES_MAX)}\n---\n`);
    await expect(open()).rejects.toThrow(CheckpointLogBroken);
    await expect(sizesIn()).rejects.toThrow(CheckpointLogBroken);
  });

  test('under our hands is noticed at the next checkpoint, and nothing is signed on top', async () => {
    const changes: readonly (() => void)[] = [
      () => rmSync(path),
      () => truncateSync(path, Buffer.byteLength(fileOf(1))),
      () => writeFileSync(path, ''),
      () => writeFileSync(path, fileOf(1)),
    ];
    for (const change of changes) {
      rmSync(path, { force: true });
      const log = await open();
      await log.append(checkpointAt(1));
      await log.append(checkpointAt(2));
      change();
      const left = existsSync(path) ? text() : undefined;
      for (let attempt = 0; attempt < 2; attempt++) {
        await expect(log.append(checkpointAt(3))).rejects.toThrow(
          `${path} was changed by somebody else: the checkpoint of 2 events was its last`,
        );
      }
      expect(existsSync(path) ? text() : undefined).toBe(left);
    }
  });
});

describe('a log that cannot be written', () => {
  test('says so, keeps what it knew, and goes on when it can be again', async () => {
    const log = await open();
    await log.append(checkpointAt(1));
    const kept = text();
    rmSync(path);
    mkdirSync(path);
    await expect(log.append(checkpointAt(2))).rejects.toThrow('EISDIR');
    expect(log.last?.size).toBe(1);
    rmSync(path, { recursive: true });
    writeFileSync(path, kept);
    await log.append(checkpointAt(2));
    expect(await sizesIn()).toEqual([1, 2]);
  });
});

describe('thinning', () => {
  const days = (count: number, perDay: number): readonly Checkpoint[] =>
    Array.from({ length: count * perDay }, (_, index) =>
      checkpointAt(index + 1, NOON_MS + Math.floor(index / perDay) * DAY_MS + (index % perDay)),
    );

  test('keeps the notes it keeps as they are, and the log goes on', async () => {
    const all = days(12, 3);
    const noteBySize = new Map(all.map((one) => [one.size, noteOf(one)]));
    writeFileSync(path, [...noteBySize.values()].map((note) => `${note}---\n`).join(''));
    const log = await open();
    expect(await log.thin(NOON_MS + 11 * DAY_MS)).toEqual({ kept: 1 + 4 + 24, dropped: 7 });
    const kept = [1, 3, 6, 9, 12, ...Array.from({ length: 24 }, (_, index) => 13 + index)];
    expect(text()).toBe(kept.map((size) => `${noteBySize.get(size)}---\n`).join(''));
    expect(log.last?.size).toBe(36);
    await log.append(checkpointAt(37));
    expect(await sizesIn()).toEqual([...kept, 37]);
    expect(readdirSync(folder)).toEqual(['checkpoints']);
  });

  test('leaves the file alone when there is nothing to leave out', async () => {
    const log = await open();
    expect(await log.thin(NOON_MS)).toEqual({ kept: 0, dropped: 0 });
    await log.append(checkpointAt(1));
    expect(await log.thin(NOON_MS)).toEqual({ kept: 1, dropped: 0 });
    expect(text()).toBe(fileOf(1));
    expect(readdirSync(folder)).toEqual(['checkpoints']);
  });

  test('leaves a broken log as it is', async () => {
    const broken = days(12, 3)
      .map((one) => `${noteOf(one)}---\n`)
      .join('')
      .replace('commits 2\n', 'commits 9\n');
    writeFileSync(path, broken);
    const log = await open();
    await expect(log.thin(NOON_MS + 30 * DAY_MS)).rejects.toThrow(CheckpointLogBroken);
    expect(text()).toBe(broken);
    expect(readdirSync(folder)).toEqual(['checkpoints']);
  });

  test('is not disturbed by what a crash in the middle of it left behind', async () => {
    writeFileSync(
      path,
      days(12, 3)
        .map((one) => `${noteOf(one)}---\n`)
        .join(''),
    );
    writeFileSync(`${path}.tmp`, 'x'.repeat(100_000));
    await (await open()).thin(NOON_MS + 11 * DAY_MS);
    expect(await sizesIn()).toHaveLength(29);
  });
});

describe('beginning anew', () => {
  test('moves the file aside with the reason, and an older journal can be signed again', async () => {
    const log = await open();
    await log.append(checkpointAt(9));
    const aside = await log.beginAnew('restored the copy of Friday');
    expect(aside).toBe(`${path}.ended-9`);
    expect(await sizesIn(`${path}.ended-9`)).toEqual([9]);
    expect(readFileSync(`${path}.ended-9.reason`, 'utf8')).toBe('restored the copy of Friday\n');
    expect(log.last).toBeUndefined();
    await log.append(checkpointAt(4));
    expect(text()).toBe(fileOf(4));
  });

  test('never writes over a log that ended before', async () => {
    const log = await open();
    for (const [attempt, name] of ['', '-2', '-3'].entries()) {
      await log.append(checkpointAt(9, NOON_MS + attempt));
      expect(await log.beginAnew(`attempt ${attempt}`)).toBe(`${path}.ended-9${name}`);
      const reason = readFileSync(`${path}.ended-9${name}.reason`, 'utf8');
      expect(reason).toBe(`attempt ${attempt}\n`);
    }
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(6);
  });

  test('does nothing where nothing was signed', async () => {
    expect(await (await open()).beginAnew('no reason')).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });
});
