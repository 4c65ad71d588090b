import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { intentId } from '../domain/ids.ts';
import { leadershipContract } from './leadership.contract.ts';
import { ledgerContract } from './ledger.contract.ts';
import type { IntentRow, Ledger } from './ledger.ts';
import { memoryLedger } from './memory-ledger.ts';
import { MemoryStore } from './memory-store.ts';
import { openLedger } from './open-ledger.ts';
import { intent, numbered, START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

ledgerContract('memory', async (clock) => memoryLedger({ clock }));
leadershipContract('memory', async () => {
  const store = new MemoryStore();
  return (clock) => openLedger(store, clock, 'memory');
});

const reopen = (store: MemoryStore): Promise<Ledger> =>
  openLedger(store, new ManualClock(START_MS), 'next');

describe('a store in memory whose process is gone', () => {
  test('keeps what was committed, and nothing of what waited for a flush', async () => {
    const store = new MemoryStore();
    const dead = await reopen(store);
    await dead.transact(async (tx) => {
      await tx.insertIntent(intent('i1'));
      tx.append(numbered(1));
    });
    await dead.append(numbered(2));
    const next = await reopen(store);
    expect(next.head.seq).toBe(1);
    expect(await next.rows((rows) => rows.intentsWithStatus('NEW'))).toEqual([intent('i1')]);
  });

  test('undoes a transaction that nobody will ever end', async () => {
    const store = new MemoryStore();
    const dead = await reopen(store);
    await dead.transact((tx) => tx.insertIntent(intent('i1')));
    let go = (): void => {};
    const forEver = new Promise<void>((resolve) => {
      go = resolve;
    });
    const dying = dead.transact(async (tx) => {
      await tx.claimIntent(intentId('i1'));
      await tx.insertIntent(intent('i2'));
      await forEver;
      await tx.insertIntent(intent('i3'));
    });
    const next = await reopen(store);
    expect(await next.rows((rows) => rows.intentsWithStatus('NEW'))).toEqual([intent('i1')]);
    expect(await next.transact((tx) => tx.claimIntent(intentId('i1')))).toBeDefined();

    // It was only paused: nothing of what it goes on with lands.
    go();
    await expect(dying).rejects.toThrow('took over with epoch 2');
    const rows = await next.rows(async (read) => [
      ...(await read.intentsWithStatus('NEW')),
      ...(await read.intentsWithStatus('CLAIMED')),
    ]);
    expect(rows).toEqual([{ ...intent('i1'), status: 'CLAIMED' }]);
  });

  test('breaks a paused leader even when its work hides what it met', async () => {
    const store = new MemoryStore();
    const paused = await reopen(store);
    const hiding = paused.transact(async (tx) => {
      await reopen(store);
      await tx.insertIntent(intent('i1')).catch(() => {});
      tx.append(numbered(1));
    });
    await expect(hiding).rejects.toThrow('took over with epoch 2');
    expect(store.journal).toEqual([]);
  });
});

describe('leaders of one store, in any order of openings and writes', () => {
  const INTENTS = 6;
  const step = fc.record({
    /** Which of the ledgers opened so far acts; the last may be asked for by any number. */
    ledger: fc.nat(5),
    act: fc.constantFrom('OPEN', 'CLAIM', 'APPEND', 'FLUSH', 'FAIL'),
    intent: fc.nat(INTENTS - 1),
  });

  test('claim each intent at most once, write one chain, and only the last of them writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = new MemoryStore();
        const ledgers = [await reopen(store)];
        await ledgers[0]?.transact(async (tx) => {
          for (let index = 0; index < INTENTS; index++) await tx.insertIntent(intent(`i${index}`));
        });
        const claimed: IntentRow[] = [];
        for (const { ledger: pick, act, intent: index } of steps) {
          const at = Math.min(pick, ledgers.length - 1);
          const ledger = ledgers[at] as Ledger;
          const before = store.journal.length;
          if (act === 'OPEN') ledgers.push(await reopen(store));
          else await attempt(ledger, act, index, claimed);
          if (at < ledgers.length - 1) expect(store.journal).toHaveLength(before);
        }
        expect(ledgers.map(({ epoch }) => epoch)).toEqual(ledgers.map((_, index) => index + 1));
        expect(new Set(claimed.map((row) => row.id)).size).toBe(claimed.length);
        const kept = await store.rows.intentsWithStatus('CLAIMED');
        expect(kept.map((row) => row.id)).toEqual(claimed.map((row) => row.id).toSorted());
        const head = store.lead('auditor').head;
        expect(await verifyJournal([{ rows: store.journal, head }])).toMatchObject({ ok: true });
      }),
    );
  });

  async function attempt(
    ledger: Ledger,
    act: 'CLAIM' | 'APPEND' | 'FLUSH' | 'FAIL',
    index: number,
    claimed: IntentRow[],
  ): Promise<void> {
    const id = intentId(`i${index}`);
    try {
      if (act === 'APPEND') await ledger.append(numbered(index));
      else if (act === 'FLUSH') await ledger.flush();
      else {
        const row = await ledger.transact(async (tx) => {
          const found = await tx.claimIntent(id);
          tx.append(numbered(index));
          if (act === 'FAIL') throw new RangeError('changed my mind');
          return found;
        });
        if (row !== undefined) claimed.push(row);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) expect(ledger.broken).toContain('took over');
    }
  }
});
