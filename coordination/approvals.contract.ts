/** What an approval keeps whatever the ledger stands on. */
import { describe, expect, test } from 'vitest';

import type { Desk } from '../tests/support/desk.ts';

/** `open` gives a desk on an empty ledger; whoever calls the contract cleans up after it. */
export function approvalContract(name: string, open: () => Promise<Desk>): void {
  describe(`approvals ${name}`, () => {
    test('of twenty who decide at once exactly one does, and the rest hear who was first', async () => {
      const desk = await open();
      const proposal = await desk.request(desk.proposal('P1'));
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          desk.decide(proposal, {
            decision: index % 2 === 0 ? 'DECLINE' : 'APPROVE',
            decider: { kind: 'PERSON', name: `person-${index}` },
          }),
        ),
      );
      const won = outcomes.filter(({ kind }) => kind === 'DECIDED');
      const late = outcomes.filter(({ kind }) => kind === 'ALREADY');
      expect([won.length, late.length]).toEqual([1, 19]);
      const decided = await desk.eventsOf('approval.decided');
      expect(decided).toHaveLength(1);
      expect(won[0]).toMatchObject({ status: decided[0]?.body.status });
      expect(new Set(late.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    });

    test('asked for twice is asked for once', async () => {
      const desk = await open();
      const proposal = await desk.request(desk.proposal('P1'));
      const before = desk.ledger.head;
      await Promise.all([desk.request(proposal), desk.request(proposal)]);
      expect(desk.ledger.head).toEqual(before);
      expect(await desk.approvals.pending()).toHaveLength(1);
      await desk.decide(proposal, { decision: 'DECLINE' });
      await desk.request(proposal);
      expect(await desk.approvals.standing(proposal.id)).toBe('STOP');
    });

    test('an intent is recorded for an approved proposal alone, and once', async () => {
      const desk = await open();
      const waiting = await desk.request(desk.proposal('P1'));
      const declined = await desk.request(desk.proposal('P2'));
      await desk.decide(declined, { decision: 'DECLINE' });
      for (const proposal of [waiting, declined, desk.proposal('P3')]) {
        await desk.approvals.record(proposal.id);
      }
      expect(await desk.eventsOf('intent.recorded')).toEqual([]);
      expect(await desk.ledger.rows((rows) => rows.intentsWithStatus('NEW'))).toEqual([]);

      await desk.decide(waiting);
      const twenty = Array.from({ length: 20 }, () => desk.approvals.record(waiting.id));
      await Promise.all(twenty);
      const intents = await desk.eventsOf('intent.recorded');
      expect(intents.map(({ body }) => body.proposalId)).toEqual([waiting.id]);
    });

    test('one approved proposal is executed once by twenty who try', async () => {
      const desk = await open();
      const intent = await desk.intend('P1');
      const results = await Promise.all(
        Array.from({ length: 20 }, () => desk.engine.execute(intent)),
      );
      expect(results.filter((result) => result !== undefined)).toEqual([{ kind: 'SENT' }]);
      expect(desk.venue.received).toHaveLength(1);
      expect(await desk.approvals.pending()).toEqual([]);
    });
  });
}
