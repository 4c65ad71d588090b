/** What a sleeping proposal keeps wherever its thread is stored. */
import type { BaseCheckpointSaver } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';

import { cycleId } from '../domain/ids.ts';
import { type Desk, openDesk } from '../tests/support/desk.ts';
import { GraphDesk } from '../tests/support/graph.ts';

const C1 = cycleId('c1');

export interface Durable {
  readonly desk: Desk;
  readonly saver: BaseCheckpointSaver;
}

/** `open` gives an empty ledger and no threads; whoever calls the contract cleans up after it. */
export function graphContract(name: string, open: () => Promise<Durable>): void {
  const begun = async (): Promise<GraphDesk> => {
    const { desk, saver } = await open();
    const house = new GraphDesk(desk, { saver });
    expect(await house.begin(C1)).toBe('ASLEEP');
    return house;
  };
  /** The same storage, everything else anew. */
  const reborn = async ({ desk, saver }: GraphDesk): Promise<GraphDesk> => {
    const { clock, ledger, venue } = desk;
    return new GraphDesk(await openDesk({ clock, ledger, venue }), { saver });
  };

  describe(`a deliberation ${name}`, () => {
    test('sleeps at its approval', async () => {
      const house = await begun();
      expect(await house.graph.isAsleep(C1)).toBe(true);
      expect(house.desk.decisions.get(C1)).toMatchObject({
        phase: 'AWAITING_APPROVAL',
        approvalStatus: 'PENDING',
        reasoner: 'yes',
      });
      expect(await house.desk.eventsOf('intent.recorded')).toEqual([]);
    });

    test('woken for nothing sleeps on, and the journal is as it was', async () => {
      const house = await begun();
      const before = house.desk.ledger.head;
      for (let wakes = 0; wakes < 3; wakes++) expect(await house.graph.wake(C1)).toBe('ASLEEP');
      expect(house.desk.ledger.head).toEqual(before);
      const again = await reborn(house);
      const opened = again.desk.ledger.head;
      expect(await again.graph.wake(C1)).toBe('ASLEEP');
      expect(again.desk.ledger.head).toEqual(opened);
      await again.approve(C1);
      expect(await again.graph.wake(C1)).toBe('OVER');
      expect(await again.execute(C1)).toEqual({ kind: 'SENT' });
    });

    test('approved and woken again and again is executed once', async () => {
      const house = await begun();
      await house.approve(C1);
      expect(await house.graph.wake(C1)).toBe('OVER');
      const before = house.desk.ledger.head;
      expect([await house.graph.wake(C1), await house.graph.wake(C1)]).toEqual(['OVER', 'OVER']);
      expect(house.desk.ledger.head).toEqual(before);
      expect([await house.execute(C1), await house.execute(C1)]).toEqual([
        { kind: 'SENT' },
        undefined,
      ]);
      expect(house.desk.venue.received).toHaveLength(1);
    });

    test('woken by several at once is executed once', async () => {
      const house = await begun();
      const clicks = await Promise.all([
        house.approve(C1),
        house.desk.decide(house.proposalOf(C1), { decision: 'DECLINE' }),
      ]);
      expect(clicks.map(({ kind }) => kind)).toEqual(['DECIDED', 'ALREADY']);
      const other = await reborn(house);
      await Promise.allSettled([
        house.graph.wake(C1),
        other.graph.wake(C1),
        house.graph.wake(C1),
        other.graph.wake(C1),
      ]);
      expect(await house.desk.eventsOf('intent.recorded')).toHaveLength(1);
      const sends = await Promise.all([house.execute(C1), house.execute(C1)]);
      expect(sends).toEqual([{ kind: 'SENT' }, undefined]);
    });

    test('declined ends without an intent', async () => {
      const house = await begun();
      await house.desk.decide(house.proposalOf(C1), { decision: 'DECLINE', reason: 'no' });
      const again = await reborn(house);
      expect(await again.graph.wake(C1)).toBe('OVER');
      expect(again.desk.decisions.get(C1)).toMatchObject({ outcome: 'DECLINED', because: 'no' });
      expect(await again.desk.eventsOf('intent.recorded')).toEqual([]);
    });

    test('expired in the night ends without an intent', async () => {
      const house = await begun();
      const again = await reborn(house);
      again.desk.clock.advanceTo(again.proposalOf(C1).expiresAtMs);
      expect(await again.desk.approvals.expireDue()).toEqual([C1]);
      expect(await again.graph.wake(C1)).toBe('OVER');
      expect(again.desk.decisions.get(C1)).toMatchObject({ outcome: 'EXPIRED' });
    });
  });
}
