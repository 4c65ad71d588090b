import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditFault } from '../audit/finding.ts';
import { GENESIS } from '../hash-chain.ts';
import { MemoryStore } from '../memory-store.ts';
import { treeRoot } from '../merkle/testing/definition.ts';
import { EMPTY_ROOT } from '../merkle/tree.ts';
import { SNAPSHOTS_KEPT } from '../snapshots/snapshots.ts';
import { numbered, START_MS } from '../testing/samples.ts';
import { RecordBroken } from './checkpointer.ts';
import { SignedHouse, write } from './testing/signed-house.ts';

let house: SignedHouse;
beforeEach(() => {
  house = new SignedHouse();
});
afterEach(() => house.remove());

/** The fault that something was refused for; undefined when it was not. */
async function refused(work: Promise<unknown>): Promise<AuditFault | undefined> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordBroken);
    return (error as RecordBroken).finding.fault;
  }
  return undefined;
}

const sizes = async (): Promise<readonly number[]> =>
  (await house.signed()).map(({ size }) => size);

describe('a signature', () => {
  test('says what the journal has come to', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 5);
    await checkpointer.sign(false);
    const hashes = house.store.journal.map(({ hash }) => hash);
    expect(await house.signed()).toMatchObject([
      {
        size: 5,
        root: treeRoot(hashes),
        headHash: hashes[4],
        commits: ledger.commits,
        atMs: START_MS,
      },
    ]);
  });

  test('of nothing is the first, so that there is one from the beginning', async () => {
    const { checkpointer } = await house.open();
    await checkpointer.sign(false);
    await checkpointer.sign(false);
    expect(await house.signed()).toMatchObject([
      { size: 0, root: EMPTY_ROOT, headHash: GENESIS.hash },
    ]);
  });

  test('is made once, however often it is asked for', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 3);
    expect(checkpointer.sinceSigned).toBe(3);
    await Promise.all([checkpointer.sign(false), checkpointer.sign(false)]);
    await checkpointer.sign(false);
    expect(checkpointer.sinceSigned).toBe(0);
    expect(await sizes()).toEqual([3]);
  });

  test('covers what was accepted when it was asked for, and nothing that came meanwhile', async () => {
    const { ledger, checkpointer } = await house.open();
    await ledger.append(numbered(1), numbered(2));
    const signing = checkpointer.sign(false);
    await ledger.append(numbered(3));
    await signing;
    expect(await sizes()).toEqual([2]);
    await checkpointer.sign(false);
    expect(await sizes()).toEqual([2, 3]);
  });

  test('that could not be kept is asked for again, though nothing new has come', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 3);
    // A file where the folder should be: even root cannot write there.
    writeFileSync(`${house.folder}/audit`, '');
    await expect(checkpointer.sign(false)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(checkpointer.sinceSigned).toBe(3);
    // No reason to doubt what was written.
    await expect(checkpointer.sign(false)).rejects.not.toBeInstanceOf(RecordBroken);
    rmSync(`${house.folder}/audit`);
    await checkpointer.sign(false);
    expect(await sizes()).toEqual([3]);
  });

  test('after a crash covers what was never signed, though nothing new has come', async () => {
    const first = await house.open();
    await write(first.ledger, 4);
    const { checkpointer } = await house.open();
    expect(checkpointer.sinceSigned).toBe(4);
    await checkpointer.sign(false);
    expect(await sizes()).toEqual([4]);
  });

  test('is the last thing before a house closes, and none is made of a ledger that is broken', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 2);
    await checkpointer.close();
    expect(await sizes()).toEqual([2]);
    const next = await house.open();
    await next.ledger.append(numbered(9));
    await house.open();
    await next.ledger.flush().catch(() => undefined);
    expect(next.ledger.broken).toBeDefined();
    await next.checkpointer.close();
    expect(await sizes()).toEqual([2]);
  });
});

describe('with a snapshot', () => {
  test('it vouches for it, and as many are kept as a start may fall back on', async () => {
    const { ledger, checkpointer } = await house.open();
    for (let times = 0; times < 5; times++) {
      await write(ledger, 2);
      expect(checkpointer.sinceState).toBe(2);
      await checkpointer.sign(true);
      expect(checkpointer.sinceState).toBe(0);
    }
    expect([...house.kept.keys()]).toEqual([6, 8, 10]);
    expect(house.kept.size).toBe(SNAPSHOTS_KEPT);
    for (const { size, state } of (await house.signed()).slice(-3))
      expect(state).toEqual({ seq: size, hash: house.kept.get(size)?.hash });
  });

  test('it is taken again when its checkpoint could not be kept', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 2);
    writeFileSync(`${house.folder}/audit`, '');
    await expect(checkpointer.sign(true)).rejects.toThrow();
    rmSync(`${house.folder}/audit`);
    await checkpointer.sign(true);
    expect((await house.signed())[0]?.state).toEqual({ seq: 2, hash: house.kept.get(2)?.hash });
  });

  test('the next start reads only what came after it', async () => {
    await house.run([3, 7], true);
    const { snapshots, checkpointer, ledger } = await house.open();
    expect(snapshots.seq).toBe(7);
    expect(checkpointer.sinceState).toBe(0);
    await write(ledger, 1);
    await checkpointer.sign(false);
    const hashes = house.store.journal.map(({ hash }) => hash);
    expect((await house.signed()).at(-1)).toMatchObject({ size: 8, root: treeRoot(hashes) });
  });
});

describe('nothing is signed that is not stored as it was written', () => {
  /** Changed behind the back of a running process, which has signed four events and written eight. */
  async function behind(change: () => void): Promise<AuditFault | undefined> {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 4);
    await checkpointer.sign(false);
    await write(ledger, 4);
    change();
    const fault = await refused(checkpointer.sign(false));
    // Neither the next attempt nor the last one at the end gets it through.
    expect(await refused(checkpointer.sign(false))).toBe(fault);
    expect(await refused(checkpointer.sign(true))).toBe(fault);
    expect(await refused(checkpointer.close())).toBe(fault);
    return fault;
  }

  test('after an event that is new was changed', async () => {
    expect(await behind(() => house.change(6, { body: '{}' }))).toBe('HASH');
    expect(await sizes()).toEqual([4]);
  });

  test('after a column beside it was changed', async () => {
    expect(await behind(() => house.change(8, { atMs: 1 }))).toBe('COLUMN_DISAGREES');
  });

  test('after the last of them were cut off, or one was taken out', async () => {
    expect(await behind(() => house.store.journal.splice(5))).toBe('TAIL_CUT');
    house.remove();
    house = new SignedHouse();
    expect(await behind(() => house.store.journal.splice(5, 1))).toBe('GAP');
  });

  test('after all of them were written anew with hashes that fit', async () => {
    expect(await behind(() => house.rechain(5))).toBe('FORKED');
    expect(await sizes()).toEqual([4]);
    expect(house.kept.size).toBe(0);
  });

  test('after only the last was written anew', async () => {
    expect(await behind(() => house.rechain(8))).toBe('FORKED');
  });

  test('while its guards are down', async () => {
    expect(await behind(() => (house.guardFaults = ['The trigger is gone.']))).toBe('GUARD_DOWN');
  });

  test.each([
    ['deleted', () => rmSync(house.path)],
    ['emptied', () => writeFileSync(house.path, '')],
    [
      'edited',
      () =>
        writeFileSync(house.path, readFileSync(house.path, 'utf8').replace('commits', 'commit5')),
    ],
    ['written over', () => writeFileSync(house.path, 'what is this')],
  ])('after the checkpoints were %s', async (_, change) => {
    expect(await behind(change)).toBe('CHECKPOINTS_UNREADABLE');
  });

  test('while another has signed more of it in the same file', async () => {
    const { ledger, checkpointer } = await house.open();
    await write(ledger, 4);
    await checkpointer.sign(false);
    const other = await house.open();
    await write(other.ledger, 4);
    await other.checkpointer.sign(false);
    expect(await sizes()).toEqual([4, 8]);
    await expect(checkpointer.sign(true)).rejects.toThrow();
    expect(await sizes()).toEqual([4, 8]);
  });
});

describe.each([
  ['that is read from its beginning', false],
  ['that is taken up from a snapshot', true],
])('a journal %s', (_, state) => {
  const start = (): Promise<AuditFault | undefined> => refused(house.open());

  beforeEach(() => house.run([3, 6, 9], state));

  test('opens as it was, and with more events than were signed', async () => {
    expect(await start()).toBeUndefined();
    const { ledger } = await house.open();
    await write(ledger, 5);
    expect(await start()).toBeUndefined();
  });

  test.each([1, 6, 8])('is named when its tail was cut after event %i', async (left) => {
    house.store.journal.splice(left);
    expect(await start()).toBe('TAIL_CUT');
  });

  test('is named when nothing is left of it', async () => {
    house.store.journal.splice(0);
    expect(await start()).toBe('TAIL_CUT');
  });

  test.each([0, 1, 5])('is named when an older copy of %i events was put back', async (events) => {
    house.store = new MemoryStore();
    const { ledger } = await houseWithout();
    await write(ledger, events);
    expect(await start()).toBe('OLDER_COPY');
  });

  test.each([
    [1, 'REBUILT'],
    [3, 'REBUILT'],
    [4, 'FORKED'],
    [7, 'FORKED'],
    [9, 'FORKED'],
  ] as const)('is named when it was written anew from event %i on', async (from, fault) => {
    house.rechain(from);
    expect(await start()).toBe(fault);
  });

  test('is named when it was written anew, shorter or longer', async () => {
    const { ledger } = await house.open();
    await write(ledger, 6);
    house.rechain(1);
    expect(await start()).toBe('REBUILT');
    house.store.journal.splice(9);
    expect(await start()).toBe('REBUILT');
    house.store.journal.splice(4);
    expect(await start()).toBe('REBUILT');
  });

  test('is named when the last event was changed', async () => {
    house.change(9, { body: '{}' });
    expect(await start()).toBe('HASH');
  });

  test('is named when an event after the last signature was changed', async () => {
    const { ledger } = await house.open();
    await write(ledger, 3);
    house.change(11, { type: 'x' });
    expect(await start()).toBe('COLUMN_DISAGREES');
  });

  /** The same store, opened by somebody who does not look at what was signed. */
  async function houseWithout() {
    const other = new SignedHouse();
    other.store = house.store;
    const running = await other.open();
    other.remove();
    return running;
  }
});

test('a changed event before a snapshot is left to the audit, which reads everything', async () => {
  await house.run([3, 6, 9], true);
  house.change(5, { body: '{}' });
  expect(await refused(house.open())).toBeUndefined();
  house.kept.clear();
  expect(await refused(house.open())).toBe('HASH');
});

test('no folder is made before anything is signed', async () => {
  await house.open();
  expect(existsSync(house.path)).toBe(false);
});
