import { expect, test, describe } from 'vitest';

import { proposalId } from '../domain/ids.ts';
import { BTC } from '../domain/testing/samples.ts';
import { openDesk } from '../tests/support/desk.ts';
import { approvalContract } from './approvals.contract.ts';
import { approvalIdOf, type DecisionInput } from './approvals.ts';

approvalContract('in memory', () => openDesk());

const NOBODY = approvalIdOf(proposalId('nobody'));

describe('a decision is bound to what was displayed', () => {
  test.each<[string, Partial<DecisionInput>]>([
    ['another version', { version: 2 }],
    ['an older version', { version: 0 }],
    ['another proposal', { seenHash: 'f'.repeat(64) }],
    ['nothing', { seenHash: '' }],
  ])('whoever saw %s changes nothing', async (_, seen) => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    const before = desk.ledger.head.seq;
    for (const decision of ['APPROVE', 'DECLINE'] as const) {
      expect((await desk.decide(proposal, { ...seen, decision })).kind).toBe('STALE_VIEW');
    }
    expect(desk.ledger.head.seq).toBe(before);
    expect(await desk.approvals.standing(proposal.id)).toBe('WAITING');
    expect(await desk.decide(proposal)).toMatchObject({ kind: 'DECIDED', status: 'APPROVED' });
  });

  test('an approval nobody asked for is not found', async () => {
    const desk = await openDesk();
    const outcome = await desk.decide(desk.proposal('P1'), { id: NOBODY });
    expect(outcome).toEqual({ kind: 'NOT_FOUND' });
    expect(await desk.approvals.standing(proposalId('nobody'))).toBe('STOP');
  });
});

describe('a click on a proposal', () => {
  test('at its deadline is too late, whatever was clicked', async () => {
    for (const decision of ['APPROVE', 'DECLINE'] as const) {
      const desk = await openDesk();
      const proposal = await desk.request(desk.proposal('P1'));
      desk.clock.advanceTo(proposal.expiresAtMs);
      desk.mark('50000');
      expect(await desk.decide(proposal, { decision })).toMatchObject({
        kind: 'DECIDED',
        status: 'EXPIRED',
      });
    }
  });

  test('one millisecond before its deadline is in time', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    desk.clock.advanceTo(proposal.expiresAtMs - 1);
    desk.mark('50000');
    expect(await desk.decide(proposal)).toMatchObject({ status: 'APPROVED' });
  });

  // Half a percent is 250; a quarter of the way to the stop is 250 too.
  test.each([
    ['49750', 'APPROVED'],
    ['50250', 'APPROVED'],
    ['49749.99', 'INVALIDATED'],
    ['50250.01', 'INVALIDATED'],
  ])('with the mark at %s is %s', async (mark, status) => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    desk.mark(mark);
    const outcome = await desk.decide(proposal);
    expect(outcome).toMatchObject({ kind: 'DECIDED', status });
    if (status === 'APPROVED' || outcome.kind !== 'DECIDED') return;
    expect(outcome.sentence).toContain(`PRICE_MOVED: value=${mark} limit=49750 to 50250`);
    const [decided] = await desk.eventsOf('approval.decided');
    expect(decided?.body).toMatchObject({ status, because: outcome.sentence });
  });

  test('is reviewed by the kernel again, and a denial ends it with the kernel’s figures', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    await desk.engine.pull('ORDER_STORM', 'a test');
    const outcome = await desk.decide(proposal);
    expect(outcome).toMatchObject({ kind: 'DECIDED', status: 'INVALIDATED' });
    expect(outcome).toMatchObject({ sentence: expect.stringContaining('TRADING_HALTED') });
    const reviews = await desk.eventsOf('kernel.reviewed');
    expect(reviews.map(({ body }) => [body.stage, body.verdict.cleared])).toEqual([
      ['PROPOSAL', true],
      ['CLICK', false],
    ]);
    const [decided] = await desk.eventsOf('approval.decided');
    expect(decided?.causationSeq).toBe(reviews[1]?.seq);
  });

  test('is denied when the mark is too old to judge by', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    desk.clock.advanceTo(desk.clock.now() + 60_001);
    expect(await desk.decide(proposal)).toMatchObject({
      status: 'INVALIDATED',
      sentence: expect.stringContaining('MARKET_DATA_STALE'),
    });
  });

  test('that declines is recorded with its reason and needs no kernel', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    const outcome = await desk.decide(proposal, { decision: 'DECLINE', reason: 'not today' });
    expect(outcome).toMatchObject({ status: 'DECLINED', sentence: 'not today' });
    const [decided] = await desk.eventsOf('approval.decided');
    expect(decided?.body).toMatchObject({ status: 'DECLINED', because: 'not today' });
    expect(await desk.eventsOf('kernel.reviewed')).toHaveLength(1);
    expect(await desk.approvals.standing(proposal.id)).toBe('STOP');
  });

  test('is written down as whoever made it: a script never as a person', async () => {
    const desk = await openDesk();
    const script = { kind: 'SCRIPT', name: 'approver-all' } as const;
    await desk.decide(await desk.request(desk.proposal('P1')), { decider: script });
    const [decided] = await desk.eventsOf('approval.decided');
    expect(decided?.actor).toEqual(script);
    expect(desk.decisions.get(desk.proposal('P1').cycleId)?.decidedBy).toEqual(script);
  });
});

describe('waiting', () => {
  test('is known per instrument, and ends with the decision', async () => {
    const desk = await openDesk();
    expect(desk.approvals.isWaiting(BTC.id)).toBe(false);
    const proposal = await desk.request(desk.proposal('P1'));
    expect(desk.approvals.isWaiting(BTC.id)).toBe(true);
    await desk.decide(proposal, { decision: 'DECLINE' });
    expect(desk.approvals.isWaiting(BTC.id)).toBe(false);
  });

  test('ends at the deadline for those that are due and nobody else, naming the threads', async () => {
    const desk = await openDesk();
    const due = await desk.request(desk.proposal('P1', { expiresAtMs: desk.clock.now() + 1_000 }));
    const later = await desk.request(desk.proposal('P2'));
    expect(await desk.approvals.expireDue()).toEqual([]);
    desk.clock.advanceTo(due.expiresAtMs);
    expect(await desk.approvals.expireDue()).toEqual([due.cycleId]);
    expect(await desk.approvals.expireDue()).toEqual([]);
    expect(await desk.approvals.standing(due.id)).toBe('STOP');
    expect(await desk.approvals.standing(later.id)).toBe('WAITING');
    expect(await desk.decide(due)).toMatchObject({ kind: 'ALREADY', status: 'EXPIRED' });
  });

  test('ends when its cycle is over, and there is no thread to wake', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    await desk.phases.close(proposal.cycleId, 'FAILED', 'FAILED', 'a stumble');
    expect(await desk.approvals.expireDue()).toEqual([]);
    expect(await desk.decide(proposal)).toMatchObject({ kind: 'ALREADY', status: 'INVALIDATED' });
  });

  test('ends for everybody when trading is halted', async () => {
    const desk = await openDesk();
    const names = ['P1', 'P2', 'P3'];
    for (const name of names) await desk.request(desk.proposal(name));
    const decided = desk.proposal('P1');
    await desk.decide(decided, { decision: 'DECLINE' });
    expect(await desk.approvals.invalidateAll('halt')).toEqual(['cycle-P2', 'cycle-P3']);
    expect(await desk.approvals.pending()).toEqual([]);
    const statuses = (await desk.eventsOf('approval.decided')).map(({ body }) => body.status);
    expect(statuses).toEqual(['DECLINED', 'INVALIDATED', 'INVALIDATED']);
  });
});
