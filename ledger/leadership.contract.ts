/** One writer, whatever else still runs: what every place for a ledger does when another takes over. */
import { describe, expect, test, vi } from 'vitest';
import { ManualClock, type Clock } from '../domain/clock.ts';
import { approvalId, intentId } from '../domain/ids.ts';
import { GENESIS } from './hash-chain.ts';
import { expectBroken } from './ledger.contract.ts';
import { LedgerBroken, type Ledger, type LedgerTransaction } from './ledger.ts';
import { approval, intent, numbered, operator, START_MS } from './testing/samples.ts';

export type Open = (clock: Clock) => Promise<Ledger>;

/** `place` empties a place and gives how to open a ledger on it, as often as one likes. */
export function leadershipContract(name: string, place: () => Promise<Open>): void {
  const empty = async (): Promise<() => Promise<Ledger>> => {
    const open = await place();
    return () => open(new ManualClock(START_MS));
  };

  describe(`${name}: leadership`, () => {
    test('begins with epoch 1 and grows by one with every opening, closed before or not', async () => {
      const open = await empty();
      const first = await open();
      const second = await open();
      await second.close();
      const third = await open();
      expect([first.epoch, second.epoch, third.epoch]).toEqual([1, 2, 3]);
    });

    test('stays in its epoch whatever is written', async () => {
      const ledger = await (await empty())();
      await ledger.transact((tx) => tx.insertIntent(intent('i1')));
      await ledger.append(numbered(1));
      await ledger.flush();
      expect(ledger.epoch).toBe(1);
    });

    const writes: readonly [string, (tx: LedgerTransaction) => Promise<unknown>][] = [
      ['claims no intent', (tx) => tx.claimIntent(intentId('i1'))],
      ['records no intent', (tx) => tx.insertIntent(intent('i2'))],
      ['moves no approval', (tx) => tx.moveApproval(approvalId('a1'), AS_INSERTED, 'APPROVED')],
      ['requests no approval', (tx) => tx.insertApproval(approval('a2'))],
      ['adds no operator', (tx) => tx.insertOperator(operator('eve'))],
      ['appends nothing', async (tx) => tx.append(numbered(9))],
      ['does not even look', (tx) => tx.approval(approvalId('a1'))],
    ];
    test.each(writes)('lost, although nobody wrote since, %s, and says why', async (_, write) => {
      const open = await empty();
      const deposed = await open();
      await deposed.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        await tx.insertIntent(intent('i1'));
        tx.append(numbered(1));
      });
      const leader = await open();
      let ran = false;
      const writing = deposed.transact((tx) => {
        ran = true;
        return write(tx);
      });
      await expect(writing).rejects.toThrow(LedgerBroken);
      await expect(writing).rejects.toThrow('took over with epoch 2; this one led epoch 1');
      expect(ran).toBe(false);
      expect(deposed.broken).toContain('must stop');
      await expectBroken(deposed);

      await leader.rows(async (rows) => {
        expect(await rows.approvalsWithStatus('PENDING')).toEqual([approval('a1')]);
        expect(await rows.intentsWithStatus('NEW')).toEqual([intent('i1')]);
        expect(await rows.intentsWithStatus('CLAIMED')).toEqual([]);
        expect(await rows.operatorCount()).toBe(0);
      });
      expect(await leader.read(0, 9)).toHaveLength(1);
    });

    test('lost takes with it what was appended and not flushed', async () => {
      const open = await empty();
      const deposed = await open();
      await deposed.append(numbered(1));
      await deposed.flush();
      const kept = deposed.head;
      await deposed.append(numbered(2));

      const leader = await open();
      expect(leader.head).toEqual(kept);
      await expect(deposed.flush()).rejects.toThrow('took over with epoch 2');
      await expectBroken(deposed);
      await leader.append(numbered(3));
      const stored = await leader.read(0, 9);
      expect(stored.map(({ event }) => event.correlationId)).toEqual(['cycle-1', 'cycle-3']);
      expect(stored[1]?.prevHash).toBe(kept.hash);
    });

    test('lost breaks also what writes by itself at five hundred', async () => {
      const open = await empty();
      const deposed = await open();
      const leader = await open();
      const many = Array.from({ length: 500 }, (_, index) => numbered(index));
      await deposed.append(...many);
      await vi.waitFor(() => expect(deposed.broken).toContain('took over with epoch 2'));
      await expectBroken(deposed);
      expect(leader.head).toEqual(GENESIS);
      expect(await leader.read(0, 9)).toEqual([]);
    });

    test('lost twice names who leads now', async () => {
      const open = await empty();
      const [first, second] = [await open(), await open()];
      await open();
      for (const deposed of [second, first]) {
        await expect(deposed.transact(async () => {})).rejects.toThrow('took over with epoch 3');
      }
    });

    test('lost lets the ledger be closed once it is known', async () => {
      const open = await empty();
      const deposed = await open();
      await open();
      await expect(deposed.transact(async () => {})).rejects.toThrow(LedgerBroken);
      await deposed.close();
    });

    test('given back by closing is not lost: it ends with nothing to say', async () => {
      const open = await empty();
      const first = await open();
      await first.append(numbered(1));
      await first.close();
      const second = await open();
      await second.transact(async (tx) => tx.append(numbered(2)));
      expect(second.head.seq).toBe(2);
      expect(first.broken).toBe('The ledger was closed.');
    });

    test('that passes in the middle of a transaction finds it kept whole or not at all', async () => {
      const open = await empty();
      const earlier = await open();
      await earlier.transact((tx) => tx.insertIntent(intent('i1')));
      let later: Promise<Ledger> | undefined;
      const writing = earlier.transact(async (tx) => {
        await tx.claimIntent(intentId('i1'));
        tx.append(numbered(1));
        later = open();
        for (let turn = 0; turn < 5; turn++) await tx.intentsWithStatus('NEW');
        await tx.insertIntent(intent('i2'));
      });
      const landed = await writing.then(
        () => true,
        () => false,
      );
      const leader = await later;
      expect(leader?.head.seq).toBe(landed ? 1 : 0);
      await leader?.rows(async (rows) => {
        const names = async (status: 'NEW' | 'CLAIMED') =>
          (await rows.intentsWithStatus(status)).map((row) => row.id);
        expect(await names('CLAIMED')).toEqual(landed ? ['i1'] : []);
        expect(await names('NEW')).toEqual(landed ? ['i2'] : ['i1']);
      });
      await expect(earlier.transact(async () => {})).rejects.toThrow('took over with epoch 2');
    });
  });
}

const AS_INSERTED = { status: 'PENDING', version: 1 } as const;
