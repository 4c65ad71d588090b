/** What every ledger does, run against each of them. */
import { describe, expect, test } from 'vitest';
import { ManualClock, type Clock } from '../domain/clock.ts';
import type { DomainEvent } from '../domain/event.ts';
import { approvalId, intentId } from '../domain/ids.ts';
import { GENESIS } from './hash-chain.ts';
import {
  LedgerBroken,
  type ApprovalRow,
  type ChainedEvent,
  type Ledger,
  type OperatorRow,
} from './ledger.ts';
import { approval, barClosed, intent, numbered, operator, START_MS } from './testing/samples.ts';

/** Pinned: it may change only with the format of the chain, which is a new version of it. */
const SCRIPTED_HEAD = 'a86e295b9ea032718b06c755bc1e2a3be705a5f1c581dc87e51c7dc6135f33d7';

/** `open` gives an empty ledger; whoever calls the contract cleans up after it. */
export function ledgerContract(name: string, open: (clock: Clock) => Promise<Ledger>): void {
  const fresh = (): Promise<Ledger> => open(new ManualClock(START_MS));

  describe(`${name}: the journal`, () => {
    test('starts empty', async () => {
      const ledger = await fresh();
      expect(ledger.head).toEqual(GENESIS);
      expect(ledger.broken).toBeUndefined();
      expect(await ledger.read(0, 10)).toEqual([]);
    });

    test('numbers events from 1 and stamps the time of the clock', async () => {
      const clock = new ManualClock(START_MS);
      const ledger = await open(clock);
      const [first] = await ledger.append(numbered(1));
      clock.advanceTo(START_MS + 5);
      const [second, third] = await ledger.append(numbered(2), numbered(3));
      expect([first, second, third].map((event) => [event?.seq, event?.atMs])).toEqual([
        [1, START_MS],
        [2, START_MS + 5],
        [3, START_MS + 5],
      ]);
      expect(ledger.head.seq).toBe(3);
    });

    test('keeps the order of calls when appends and transactions come at once', async () => {
      const ledger = await fresh();
      const calls = Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0
          ? ledger.transact(async (tx) => [tx.append(numbered(index))])
          : ledger.append(numbered(index)),
      );
      const events = (await Promise.all(calls)).flat();
      expect(events.map((event) => event.seq)).toEqual(calls.map((_, index) => index + 1));
      const stored = await ledger.read(0, 100);
      expect(stored.map(({ event }) => event)).toEqual(events);
    });

    test('reads pages of chained events, also those not yet flushed', async () => {
      const ledger = await fresh();
      for (let number = 1; number <= 1_203; number++) await ledger.append(numbered(number));
      const page = await ledger.read(1_198, 3);
      expect(page.map(({ event }) => event.seq)).toEqual([1_199, 1_200, 1_201]);
      expect(page[1]?.prevHash).toBe(page[0]?.hash);
      const last = (await ledger.read(1_202, 50)).at(-1);
      expect(last?.hash).toBe(ledger.head.hash);
      expect(await ledger.read(1_203, 50)).toEqual([]);
    });

    test('reads what belongs to one workflow, in order, also what is not yet flushed', async () => {
      const ledger = await fresh();
      const [first] = await ledger.append(numbered(7), barClosed(1));
      await ledger.flush();
      const [, last] = await ledger.append(barClosed(2), numbered(7));
      const found = await ledger.readCorrelated('cycle-7');
      expect(found.map(({ event }) => event)).toEqual([first, last]);
      expect(found[1]?.hash).toBe(ledger.head.hash);
      expect(await ledger.readCorrelated('cycle-8')).toEqual([]);
    });

    test('takes more events in one call than fit one statement', async () => {
      const ledger = await fresh();
      const events = await ledger.append(...Array.from({ length: 1_234 }, (_, i) => barClosed(i)));
      expect(events).toHaveLength(1_234);
      expect((await ledger.read(0, 2_000)).at(-1)?.hash).toBe(ledger.head.hash);
    });

    test('gives back every character and every double as it was written', async () => {
      const ledger = await fresh();
      const because = 'quote " backslash \\ comma , brace { } NULL null \0 \n naïve ✓ 😀';
      const value = 0.1 + 0.2;
      const [written] = await ledger.append(
        {
          type: 'order.rejected',
          actor: { kind: 'VENUE', name: '{"NULL"}' },
          correlationId: 'NULL',
          causationSeq: null,
          body: { orderId: 'o1' as never, because },
        },
        { ...numbered(1), body: { ...numbered(1).body, barTimeMs: value } },
      );
      const read = await ledger.read(0, 2);
      expect(read[0]?.event).toEqual(written);
      expect(read[1]?.event.body).toMatchObject({ barTimeMs: value });
    });

    test('refuses what cannot be chained, keeps nothing of that call, and stays whole', async () => {
      const ledger = await fresh();
      const bad = { ...numbered(2), body: { ...numbered(2).body, barTimeMs: Number.NaN } };
      await expect(ledger.append(numbered(1), bad)).rejects.toThrow('$.body.barTimeMs is NaN');
      await expect(ledger.append({ ...numbered(1), causationSeq: 1 })).rejects.toThrow(
        'must be null or an event from 1 to 0',
      );
      await expect(ledger.append({ ...numbered(1), correlationId: 'a\0b' })).rejects.toThrow('NUL');
      await expect(ledger.append({ ...numbered(1), correlationId: '' })).rejects.toThrow('empty');
      expect(ledger.head).toEqual(GENESIS);
      await ledger.append(numbered(1));
      expect(ledger.head.seq).toBe(1);
    });

    test('refuses a clock that does not tell whole milliseconds', async () => {
      const ledger = await open({ now: () => 12.5 });
      await expect(ledger.append(numbered(1))).rejects.toThrow('atMs 12.5');
    });
  });

  describe(`${name}: transactions`, () => {
    test('commit rows and events together, and pass on the value', async () => {
      const ledger = await fresh();
      const event = await ledger.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        return tx.append(numbered(1));
      });
      expect(event.seq).toBe(1);
      expect(await ledger.rows((rows) => rows.approval(approvalId('a1')))).toEqual(approval('a1'));
      expect((await ledger.read(0, 5)).map((chained) => chained.event)).toEqual([event]);
    });

    test('let an event name an earlier one of the same transaction as its cause', async () => {
      const ledger = await fresh();
      await ledger.transact(async (tx) => {
        const cause = tx.append(numbered(1));
        tx.append({ ...numbered(2), causationSeq: cause.seq });
      });
      expect((await ledger.read(1, 1))[0]?.event.causationSeq).toBe(1);
    });

    test('that throw leave no event, no row and the same head, and pass the error on', async () => {
      const ledger = await fresh();
      const heard = listenTo(ledger);
      await ledger.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        await tx.insertIntent(intent('i1'));
      });
      await ledger.append(numbered(1));
      const head = ledger.head;
      const failing = ledger.transact(async (tx) => {
        tx.append(numbered(2));
        await tx.insertApproval(approval('a2'));
        await tx.moveApproval(approvalId('a1'), { status: 'PENDING', version: 1 }, 'APPROVED');
        await tx.claimIntent(intentId('i1'));
        await tx.insertIntent(intent('i2'));
        throw new RangeError('changed my mind');
      });
      await expect(failing).rejects.toThrow(RangeError);
      expect(ledger.broken).toBeUndefined();
      expect(ledger.head).toEqual(head);
      expect(heard).toHaveLength(1);
      await ledger.rows(async (rows) => {
        expect(await rows.approvalsWithStatus('PENDING')).toEqual([approval('a1')]);
        expect(await rows.approval(approvalId('a2'))).toBeUndefined();
        expect(await rows.intentsWithStatus('NEW')).toEqual([intent('i1')]);
      });
      await ledger.append(numbered(3));
      expect((await ledger.read(0, 9)).map(({ event }) => event.correlationId)).toEqual([
        'cycle-1',
        'cycle-3',
      ]);
    });

    test('are over when their work is, also for whoever kept the hand', async () => {
      const ledger = await fresh();
      const kept = await ledger.transact(async (tx) => tx);
      expect(() => kept.append(numbered(1))).toThrow('after its transaction had ended');
      await expect(kept.insertIntent(intent('i1'))).rejects.toThrow(
        'after its transaction had ended',
      );
    });

    test('run alone: none sees another half done', async () => {
      const ledger = await fresh();
      let running = 0;
      const work = async (number: number): Promise<void> => {
        await ledger.transact(async (tx) => {
          expect(++running).toBe(1);
          await tx.insertIntent(intent(`i${number}`));
          await tx.intentsWithStatus('NEW');
          running--;
        });
      };
      await Promise.all(Array.from({ length: 10 }, (_, number) => work(number)));
      expect(await ledger.rows((rows) => rows.intentsWithStatus('NEW'))).toHaveLength(10);
    });
  });

  describe(`${name}: compare and set`, () => {
    test('has exactly one winner among twenty deciders', async () => {
      const ledger = await fresh();
      await ledger.transact((tx) => tx.insertApproval(approval('a1')));
      const decide = (number: number) =>
        ledger.transact(async (tx) => {
          const status = number % 2 === 0 ? 'APPROVED' : 'DECLINED';
          const from = { status: 'PENDING', version: 1 } as const;
          const row = await tx.moveApproval(approvalId('a1'), from, status);
          if (row !== undefined) tx.append(numbered(number));
          return row;
        });
      const rows = await Promise.all(Array.from({ length: 20 }, (_, number) => decide(number)));
      expect(rows.filter((row) => row !== undefined)).toEqual([
        { ...approval('a1'), status: 'APPROVED', version: 2 },
      ]);
      expect(ledger.head.seq).toBe(1);
    });

    test('loses with an old version, the wrong status or an unknown id', async () => {
      const ledger = await fresh();
      const id = approvalId('a1');
      await ledger.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        await tx.moveApproval(id, { status: 'PENDING', version: 1 }, 'APPROVED');
        const old = { status: 'APPROVED', version: 1 } as const;
        expect(await tx.moveApproval(id, old, 'CONSUMED')).toBeUndefined();
        const wrong = { status: 'PENDING', version: 2 } as const;
        expect(await tx.moveApproval(id, wrong, 'EXPIRED')).toBeUndefined();
        expect(await tx.moveApproval(approvalId('none'), wrong, 'EXPIRED')).toBeUndefined();
        const right = { status: 'APPROVED', version: 2 } as const;
        expect(await tx.moveApproval(id, right, 'CONSUMED')).toMatchObject({ version: 3 });
      });
    });

    test('records an intent twice as once', async () => {
      const ledger = await fresh();
      const changed = { ...intent('i1'), order: '{"side":"SELL"}' };
      const inserted = await ledger.transact(async (tx) => [
        await tx.insertIntent(intent('i1')),
        await tx.insertIntent(changed),
      ]);
      expect(inserted).toEqual([true, false]);
      expect(await ledger.rows((rows) => rows.intentsWithStatus('NEW'))).toEqual([intent('i1')]);
    });

    test('claims an intent once among twenty claimants', async () => {
      const ledger = await fresh();
      await ledger.transact((tx) => tx.insertIntent(intent('i1')));
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => ledger.transact((tx) => tx.claimIntent(intentId('i1')))),
      );
      expect(claims.filter((row) => row !== undefined)).toEqual([
        { ...intent('i1'), status: 'CLAIMED' },
      ]);
      expect(await ledger.transact((tx) => tx.claimIntent(intentId('i9')))).toBeUndefined();
    });

    test('refuses a second approval of one id and stays whole', async () => {
      const ledger = await fresh();
      const twice = ledger.transact(async (tx) => {
        await tx.insertApproval(approval('a1'));
        await tx.insertApproval(approval('a1'));
      });
      await expect(twice).rejects.toThrow('approval a1 exists already');
      expect(ledger.broken).toBeUndefined();
      expect(await ledger.rows((rows) => rows.approval(approvalId('a1')))).toBeUndefined();
    });

    test('refuses rows that a database could not keep, and stays whole', async () => {
      const ledger = await fresh();
      const insert = (change: Partial<ApprovalRow>) =>
        ledger.transact((tx) => tx.insertApproval({ ...approval('a1'), ...change }));
      await expect(insert({ version: 0 })).rejects.toThrow('version 0 of approval a1');
      await expect(insert({ expiresAtMs: 1.5 })).rejects.toThrow('expiresAtMs 1.5 of approval a1');
      await expect(insert({ threadId: 'a\0' })).rejects.toThrow(
        'threadId of approval a1 has a NUL',
      );
      await expect(insert({ proposal: '\ud800' })).rejects.toThrow('lone surrogate');
      const order = { ...intent('i1'), order: '\0' };
      await expect(ledger.transact((tx) => tx.insertIntent(order))).rejects.toThrow(
        'order of intent',
      );
      expect(ledger.broken).toBeUndefined();
    });

    test('lists rows of a status, oldest first', async () => {
      const ledger = await fresh();
      const names = ['b', 'a', 'é', 'Z'];
      await ledger.transact(async (tx) => {
        for (const name of names) {
          await tx.insertApproval(approval(name));
          await tx.insertIntent(intent(name));
        }
        await tx.moveApproval(approvalId('b'), { status: 'PENDING', version: 1 }, 'DECLINED');
        await tx.claimIntent(intentId('a'));
      });
      await ledger.rows(async (rows) => {
        const pending = await rows.approvalsWithStatus('PENDING');
        expect(pending.map((row) => row.id)).toEqual(['a', 'é', 'Z']);
        expect(await rows.approvalsWithStatus('DECLINED')).toHaveLength(1);
        const open = await rows.intentsWithStatus('NEW');
        expect(open.map((row) => row.id)).toEqual(['b', 'é', 'Z']);
        expect(await rows.intentsWithStatus('CLAIMED')).toHaveLength(1);
      });
    });
  });

  describe(`${name}: operators`, () => {
    test('are nobody at first, then counted and found by their exact name', async () => {
      const ledger = await fresh();
      expect(await ledger.rows((rows) => rows.operatorCount())).toBe(0);
      await ledger.transact(async (tx) => {
        expect(await tx.insertOperator(operator('ada'))).toBe(true);
        expect(await tx.operatorCount()).toBe(1);
        expect(await tx.operator('ada')).toEqual(operator('ada'));
      });
      await ledger.transact((tx) => tx.insertOperator(operator('Ada')));
      await ledger.rows(async (rows) => {
        expect(await rows.operatorCount()).toBe(2);
        expect(await rows.operator('Ada')).toEqual(operator('Ada'));
        expect(await rows.operator('ADA')).toBeUndefined();
      });
    });

    test('are added once: the second of a name changes nothing', async () => {
      const ledger = await fresh();
      const another = { ...operator('ada'), passwordHash: '$argon2id$another' };
      const inserted = await ledger.transact(async (tx) => [
        await tx.insertOperator(operator('ada')),
        await tx.insertOperator(another),
      ]);
      expect(inserted).toEqual([true, false]);
      expect(await ledger.rows((rows) => rows.operator('ada'))).toEqual(operator('ada'));
    });

    test('of a transaction that throws were never added', async () => {
      const ledger = await fresh();
      const failing = ledger.transact(async (tx) => {
        await tx.insertOperator(operator('ada'));
        throw new RangeError('changed my mind');
      });
      await expect(failing).rejects.toThrow(RangeError);
      expect(await ledger.rows((rows) => rows.operatorCount())).toBe(0);
      expect(await ledger.rows((rows) => rows.operator('ada'))).toBeUndefined();
    });

    test.each<[string, Partial<OperatorRow>, string]>([
      ['no name', { name: '' }, 'name of operator  is empty'],
      ['a NUL in the name', { name: 'a\0' }, 'has a NUL character'],
      ['no hash', { passwordHash: '' }, 'passwordHash of operator ada is empty'],
      ['half a millisecond', { addedAtMs: 0.5 }, 'addedAtMs 0.5 of operator ada'],
    ])('are refused with %s, and the ledger stays whole', async (_, change, sentence) => {
      const ledger = await fresh();
      const adding = ledger.transact((tx) => tx.insertOperator({ ...operator('ada'), ...change }));
      await expect(adding).rejects.toThrow(sentence);
      expect(ledger.broken).toBeUndefined();
    });
  });

  describe(`${name}: listeners`, () => {
    test('hear each event once and in order', async () => {
      const ledger = await fresh();
      const heard = listenTo(ledger);
      await ledger.append(numbered(1), numbered(2));
      await ledger.transact(async (tx) => {
        tx.append(numbered(3));
        tx.append(numbered(4));
      });
      await ledger.append(numbered(5));
      expect(heard).toEqual(await ledger.read(0, 10));
      expect(heard.map(({ event }) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    });

    test('hear an append before its promise resolves, and a transaction only after its commit', async () => {
      const ledger = await fresh();
      const heard = listenTo(ledger);
      const appending = ledger.append(numbered(1));
      expect(heard).toHaveLength(1);
      await appending;
      await ledger.transact(async (tx) => {
        tx.append(numbered(2));
        await tx.approval(approvalId('a1'));
        expect(heard).toHaveLength(1);
        expect(ledger.head.seq).toBe(1);
      });
      expect(heard).toHaveLength(2);
    });

    test('that append in answer are heard afterwards, in order', async () => {
      const ledger = await fresh();
      const answers: Promise<readonly DomainEvent[]>[] = [];
      ledger.subscribe(({ event }) => {
        if (event.seq === 1) answers.push(ledger.append(numbered(99)));
      });
      const heard = listenTo(ledger);
      await ledger.append(numbered(1), numbered(2));
      await Promise.all(answers);
      expect(heard.map(({ event }) => event.correlationId)).toEqual([
        'cycle-1',
        'cycle-2',
        'cycle-99',
      ]);
    });

    test('hear nothing more once they have left', async () => {
      const ledger = await fresh();
      const heard: ChainedEvent[] = [];
      const leave = ledger.subscribe((chained) => heard.push(chained));
      await ledger.append(numbered(1));
      leave();
      await ledger.append(numbered(2));
      expect(heard).toHaveLength(1);
    });

    test('that throw break the ledger for good', async () => {
      const ledger = await fresh();
      ledger.subscribe(() => {
        throw new Error('fold fell over');
      });
      await expect(ledger.append(numbered(1))).rejects.toThrow(LedgerBroken);
      expect(ledger.broken).toContain('fold fell over');
      await expectBroken(ledger);
    });
  });

  describe(`${name}: its end`, () => {
    test('refuses every call after close, and may be closed twice', async () => {
      const ledger = await fresh();
      await ledger.append(numbered(1));
      await ledger.close();
      await ledger.close();
      await expectBroken(ledger);
    });

    test('comes to the same head as every other ledger for the same calls', async () => {
      const clock = new ManualClock(START_MS);
      const ledger = await open(clock);
      await playScript(ledger, clock);
      expect(ledger.head).toEqual({ seq: 703, hash: SCRIPTED_HEAD });
    });
  });
}

/** Every call of a ledger that must not go on rejects. */
export async function expectBroken(ledger: Ledger): Promise<void> {
  const calls = [
    ledger.append(numbered(1)),
    ledger.transact(async () => {}),
    ledger.flush(),
    ledger.read(0, 1),
    ledger.readCorrelated('cycle-1'),
    ledger.rows((rows) => rows.intentsWithStatus('NEW')),
  ];
  for (const call of calls) await expect(call).rejects.toThrow(LedgerBroken);
}

function listenTo(ledger: Ledger): readonly ChainedEvent[] {
  const heard: ChainedEvent[] = [];
  ledger.subscribe((chained) => heard.push(chained));
  return heard;
}

/** A day in small: appends, groups, commits, refusals and flushes. */
export async function playScript(ledger: Ledger, clock: ManualClock): Promise<void> {
  for (let hour = 0; hour < 100; hour++) {
    clock.advanceTo(START_MS + hour * 3_600_000);
    await ledger.append(barClosed(hour), numbered(hour));
    await ledger.transact(async (tx) => {
      const cause = tx.append(numbered(1_000 + hour));
      await tx.insertApproval(approval(`a${hour}`));
      tx.append({ ...numbered(2_000 + hour), causationSeq: cause.seq });
    });
    const refused = ledger.transact(async (tx) => {
      tx.append(numbered(3_000));
      throw new Error('refused');
    });
    await refused.catch(() => {});
    await Promise.all([
      ledger.append(barClosed(hour)),
      ledger.flush(),
      ledger.append(barClosed(hour), barClosed(hour)),
    ]);
  }
  await ledger.append(numbered(1), numbered(2), numbered(3));
  await ledger.flush();
}
