/** Commits over a store that takes its time, so that others arrive while one is in the air. */
import { expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { ChainedLedger } from './chained-ledger.ts';
import type { Leadership } from './leadership.ts';
import { LedgerBroken } from './ledger.ts';
import { MemoryStore } from './memory-store.ts';
import { StoreFailed, type StoreWork } from './store.ts';
import { numbered, START_MS } from './testing/samples.ts';

/** Every transaction waits until it is let through. */
class SlowStore extends MemoryStore {
  readonly waiting: ((error?: Error) => void)[] = [];

  override async transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    await new Promise<void>((resolve, reject) => {
      this.waiting.push((error) => (error === undefined ? resolve() : reject(error)));
    });
    return super.transaction(as, work);
  }

  /** Lets the one transaction through that must be waiting. */
  async letThrough(error?: Error): Promise<void> {
    await settled();
    expect(this.waiting).toHaveLength(1);
    this.waiting.pop()?.(error);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function slowLedger() {
  const store = new SlowStore();
  return { store, ledger: new ChainedLedger(store, store.lead('test'), new ManualClock(START_MS)) };
}

/** Appends and waits until it is durable. */
async function durably(ledger: ChainedLedger, number: number): Promise<number> {
  const [event] = await ledger.append(numbered(number));
  await ledger.flush();
  return event?.seq ?? 0;
}

test('what is appended while a commit is in the air shares the next one', async () => {
  const { store, ledger } = slowLedger();
  const first = durably(ledger, 1);
  await settled();
  const others = [2, 3, 4, 5].map((number) => durably(ledger, number));
  await settled();
  expect(ledger.head.seq).toBe(5);
  expect(store.journal).toHaveLength(0);
  await store.letThrough();
  expect(await first).toBe(1);
  expect(store.journal).toHaveLength(1);
  await store.letThrough();
  expect(await Promise.all(others)).toEqual([2, 3, 4, 5]);
  expect(ledger.commits).toBe(2);
});

test('nobody is told that something is durable before its commit has landed', async () => {
  const { store, ledger } = slowLedger();
  const done: number[] = [];
  for (const number of [1, 2]) void durably(ledger, number).then((seq) => done.push(seq));
  await settled();
  await settled();
  expect(done).toEqual([]);
  await store.letThrough();
  const kept = store.journal.length;
  expect(done).toHaveLength(kept);
  if (kept < 2) await store.letThrough();
  expect(done).toEqual([1, 2]);
});

test('a transaction waits for the commit in the air, and takes along what was appended since', async () => {
  const { store, ledger } = slowLedger();
  const first = durably(ledger, 1);
  await settled();
  const second = durably(ledger, 2);
  const transacted = ledger.transact(async (tx) => tx.append(numbered(3)).seq);
  await store.letThrough();
  await store.letThrough();
  expect(await Promise.all([first, second, transacted])).toEqual([1, 2, 3]);
  expect(ledger.commits).toBe(2);
});

test('two transactions never share a commit: the second sees what listeners made of the first', async () => {
  const { store, ledger } = slowLedger();
  let seen = 0;
  ledger.subscribe(({ event }) => (seen = event.seq));
  const first = ledger.transact(async (tx) => tx.append(numbered(1)));
  const second = ledger.transact(async () => seen);
  await store.letThrough();
  await store.letThrough();
  await first;
  expect(await second).toBe(1);
});

test('a flush beside a transaction waits for it and stores nothing twice', async () => {
  const { store, ledger } = slowLedger();
  await ledger.append(numbered(1));
  const flushed = ledger.flush();
  const transacted = ledger.transact(async (tx) => tx.append(numbered(2)));
  const again = ledger.flush();
  await store.letThrough();
  if (store.journal.length < 2) await store.letThrough();
  await Promise.all([flushed, transacted, again]);
  expect(store.journal.map(({ seq }) => seq)).toEqual([1, 2]);
});

test('a flush beside a transaction that is undone still stores what was appended', async () => {
  const { store, ledger } = slowLedger();
  await ledger.append(numbered(1));
  const undone = ledger.transact(async (tx) => {
    tx.append(numbered(2));
    throw new Error('changed my mind');
  });
  const flushed = ledger.flush();
  const refused = expect(undone).rejects.toThrow('changed my mind');
  await store.letThrough();
  await refused;
  await store.letThrough();
  await flushed;
  expect(store.journal.map(({ seq }) => seq)).toEqual([1]);
  expect(ledger.head.seq).toBe(1);
});

test('a commit that fails breaks the ledger for all who wait, and for all who come', async () => {
  const { store, ledger } = slowLedger();
  const first = durably(ledger, 1);
  await settled();
  const second = durably(ledger, 2);
  const refused = [first, second].map((waiting) => expect(waiting).rejects.toThrow(LedgerBroken));
  await store.letThrough(new StoreFailed('the disk is full'));
  await Promise.all(refused);
  expect(ledger.broken).toBe('the disk is full');
  await expect(ledger.append(numbered(3))).rejects.toThrow('the disk is full');
  await expect(ledger.transact(async () => 1)).rejects.toThrow('the disk is full');
  expect(store.waiting).toHaveLength(0);
});

test('whoever appends more than fits waits until what is in the air has landed', async () => {
  const { store, ledger } = slowLedger();
  for (let number = 0; number < 500; number++) await ledger.append(numbered(number));
  let accepted = 0;
  const more = (async () => {
    for (let number = 0; number < 600; number++) {
      await ledger.append(numbered(number));
      accepted += 1;
    }
  })();
  await settled();
  expect(accepted).toBe(499);
  await store.letThrough();
  await more;
  await store.letThrough();
  const closed = ledger.close();
  await store.letThrough();
  await closed;
  expect(store.journal).toHaveLength(1_100);
});
