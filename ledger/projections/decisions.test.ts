import { describe, expect, test } from 'vitest';

import type { CycleOutcome, DomainEvent, EventBodies, EventType } from '../../domain/event.ts';
import { approvalId, type CycleId, cycleId, proposalId } from '../../domain/ids.ts';
import { sampleEvent, sampleProposal } from '../../domain/testing/samples.ts';
import { openDesk, PERSON } from '../../tests/support/desk.ts';
import { candles, feedOf, playOn, World } from '../../tests/support/world.ts';
import { Decisions, NO_SETUPS_KEPT, REFUSALS_KEPT } from './decisions.ts';

const told = (decisions: Decisions) => ({
  counts: decisions.counts(),
  open: decisions.open(),
  all: decisions.latest(1_000, () => true),
});
const fold = (events: readonly DomainEvent[]): Decisions => {
  const decisions = new Decisions();
  for (const event of events) decisions.apply(event);
  return decisions;
};

describe('a fold of the journal', () => {
  const lived = async () => {
    const world = new World({
      feed: feedOf(candles(50_000, [[50_000], [50_100], [49_000], [48_000], [48_100], [48_200]])),
      plan: (bar) => (bar % 2 === 0 ? {} : undefined),
    });
    const runtime = await world.open();
    await playOn(runtime, 'APPROVE', 3);
    await playOn(runtime, 'DECLINE', 2);
    await playOn(runtime, 'WAIT');
    return { runtime, events: world.events() };
  };

  test('is the same whether it grew with the events or was read from the store', async () => {
    const { runtime, events } = await lived();
    expect(told(fold(events))).toEqual(told(runtime.parts.decisions));
  });

  test('is the same after every event, however often it was begun again', async () => {
    const { events } = await lived();
    const growing = new Decisions();
    for (const [index, event] of events.entries()) {
      growing.apply(event);
      if (index % 5 === 0) expect(told(fold(events.slice(0, index + 1)))).toEqual(told(growing));
    }
  });

  test('counts what the journal holds', async () => {
    const { events } = await lived();
    const count = (keep: (event: DomainEvent) => boolean): number => events.filter(keep).length;
    expect(fold(events).counts()).toMatchObject({
      cycles: count(({ type }) => type === 'cycle.opened'),
      proposals: count(({ type }) => type === 'proposal.made'),
      approvals: count((e) => e.type === 'approval.decided' && e.body.status === 'APPROVED'),
      orders: count(({ type }) => type === 'order.submitting'),
      fills: count(({ type }) => type === 'order.filled'),
    });
  });
});

describe('a decision', () => {
  test('is told from its opening to its fill', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50010');
    const cycle = cycleId('cycle-P1');
    expect(desk.decisions.get(cycle)).toMatchObject({
      proposal: { id: 'P1' },
      verdict: { cleared: true },
      approvalId: 'AP1',
      approvalStatus: 'APPROVED',
      decidedBy: PERSON,
      entryOrderId: 'E1P1',
      fillPrice: '50010',
      denialCode: null,
    });
    expect(desk.decisions.ofProposal(desk.proposal('P1').id)?.cycleId).toBe(cycle);
    // The stop and the target of a proposal are not its entry.
    desk.venue.fill([...desk.venue.resting.keys()][0]!, '49000');
    await desk.guard.settle();
    expect(desk.decisions.get(cycle)?.fillPrice).toBe('50010');
  });

  test('keeps the verdict it was proposed with, and the code of a later denial', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    await desk.engine.pull('ORDER_STORM', 'a test');
    await desk.engine.execute(intent);
    expect(desk.decisions.get(cycleId('cycle-P1'))).toMatchObject({
      verdict: { cleared: true },
      denialCode: 'TRADING_HALTED',
      entryOrderId: null,
    });
    expect(desk.decisions.counts().denials).toEqual({ TRADING_HALTED: 1 });
  });

  test('whose cycle failed still waits until it is settled, and keeps why it failed', async () => {
    const desk = await openDesk();
    const proposal = await desk.request(desk.proposal('P1'));
    await desk.phases.close(proposal.cycleId, 'FAILED', 'FAILED', 'a stumble');
    expect(desk.decisions.waiting().map((one) => one.cycleId)).toEqual([proposal.cycleId]);
    expect(await desk.decide(proposal)).toMatchObject({ status: 'INVALIDATED' });
    expect(desk.decisions.waiting()).toEqual([]);
    expect(desk.decisions.get(proposal.cycleId)).toMatchObject({
      approvalStatus: 'INVALIDATED',
      because: 'a stumble',
    });
  });

  test('nobody opened is idle and unknown', () => {
    const decisions = new Decisions();
    expect(decisions.phaseOf(cycleId('none'))).toBe('IDLE');
    expect(decisions.get(cycleId('none'))).toBeUndefined();
    expect(decisions.ofProposal(sampleProposal().id)).toBeUndefined();
  });
});

describe('the latest', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'].map(cycleId);
  const opened = (): Decisions => {
    const { instrumentId } = sampleProposal();
    const events = ids.map((cycle, index) =>
      sampleEvent('cycle.opened', { cycleId: cycle, instrumentId, barTimeMs: 0 }, index + 1),
    );
    return fold(events as readonly DomainEvent[]);
  };
  const names = (limit: number, keep: (id: CycleId) => boolean, before?: CycleId) =>
    opened()
      .latest(limit, ({ cycleId }) => keep(cycleId), before)
      .map(({ cycleId }) => cycleId)
      .join('');

  test('come newest first, no more than asked for, before the one named', () => {
    expect(names(2, () => true)).toBe('ed');
    expect(names(9, () => true)).toBe('edcba');
    expect(names(2, () => true, cycleId('d'))).toBe('cb');
    expect(names(9, (id) => id !== 'c', cycleId('e'))).toBe('dba');
    expect(names(9, () => true, cycleId('a'))).toBe('');
    expect(names(9, () => true, cycleId('unknown'))).toBe('');
    expect(names(0, () => true)).toBe('');
  });

  test('and the open ones oldest first, until they close', () => {
    const decisions = opened();
    const close = { from: 'INITIALIZING', to: 'FAILED', outcome: 'FAILED', because: '' } as const;
    decisions.apply(
      sampleEvent('cycle.closed', { cycleId: cycleId('b'), ...close }, 9) as DomainEvent,
    );
    expect(decisions.open().map((one) => one.cycleId)).toEqual(['a', 'c', 'd', 'e']);
    expect(decisions.get(cycleId('b'))).toMatchObject({ phase: 'FAILED', outcome: 'FAILED' });
  });
});

describe('a cycle that ended without a proposal', () => {
  /** Decisions told of one event after another. */
  class Told extends Decisions {
    #seq = 0;

    add<T extends EventType>(type: T, body: EventBodies[T]): void {
      this.#seq += 1;
      this.apply(sampleEvent(type, body, this.#seq) as DomainEvent);
    }

    begin(name: string): CycleId {
      const { instrumentId } = sampleProposal();
      this.add('cycle.opened', { cycleId: cycleId(name), instrumentId, barTimeMs: 0 });
      return cycleId(name);
    }

    propose(id: CycleId): void {
      this.add('proposal.made', {
        proposal: sampleProposal({ id: proposalId(`P-${id}`), cycleId: id }),
      });
    }

    end(id: CycleId, outcome: CycleOutcome = 'NO_SETUP'): void {
      const ended = { cycleId: id, from: 'STRATEGY_ANALYSIS', because: 'over' } as const;
      this.add('cycle.closed', { ...ended, to: 'COMPLETED', outcome });
    }

    endMany(prefix: string, count: number, outcome?: CycleOutcome): void {
      for (let index = 0; index < count; index++)
        this.end(this.begin(`${prefix}${index}`), outcome);
    }
  }

  test('is held until a thousand newer ones without a set-up have ended, and still counts', () => {
    const told = new Told();
    told.endMany('quiet-', NO_SETUPS_KEPT);
    expect(told.phaseOf(cycleId('quiet-0'))).toBe('COMPLETED');
    told.endMany('later-', 2);
    expect(told.get(cycleId('quiet-0'))).toBeUndefined();
    expect(told.get(cycleId('quiet-1'))).toBeUndefined();
    expect(told.get(cycleId('quiet-2'))).toBeDefined();
    expect(told.latest(5_000, () => true)).toHaveLength(NO_SETUPS_KEPT);
    expect(told.latest(1, () => true, cycleId('quiet-0'))).toEqual([]);
    expect(told.counts().cycles).toBe(NO_SETUPS_KEPT + 2);
  });

  test('and was refused is not crowded out by those that saw no set-up', () => {
    const told = new Told();
    told.endMany('refused-', REFUSALS_KEPT + 1, 'REFUSED');
    told.endMany('quiet-', 2 * NO_SETUPS_KEPT);
    const refused = told.latest(5_000, ({ outcome }) => outcome === 'REFUSED');
    expect(refused).toHaveLength(REFUSALS_KEPT);
    expect(refused.at(-1)?.cycleId).toBe('refused-1');
  });

  test('is not one that waits, made a proposal, or is still open, however old', () => {
    const told = new Told();
    const open = told.begin('open');
    const proposed = told.begin('proposed');
    told.propose(proposed);
    told.end(proposed, 'SENT');
    const late = told.begin('late');
    told.end(late);
    // No table allows it, and still: what has a proposal is looked up by it.
    told.propose(late);
    told.endMany('quiet-', 2 * NO_SETUPS_KEPT);
    expect([open, proposed, late].map((id) => told.get(id)?.cycleId)).toEqual([
      open,
      proposed,
      late,
    ]);
    expect(told.open().map((one) => one.cycleId)).toEqual([open]);
    expect(told.ofProposal(proposalId('P-late'))?.cycleId).toBe(late);
    expect(told.latest(5_000, ({ proposal }) => proposal !== null)).toHaveLength(2);
  });
});

describe('what cannot be is a mistake of the journal', () => {
  test('a proposal of a cycle nobody opened', () => {
    const made = sampleEvent('proposal.made', { proposal: sampleProposal() }) as DomainEvent;
    expect(() => new Decisions().apply(made)).toThrow('cycle cycle-1 before opening it');
  });

  test('an approval of a proposal nobody made', () => {
    const body = {
      approvalId: approvalId('AP1'),
      proposalId: sampleProposal().id,
      proposalHash: '',
      expiresAtMs: 0,
    };
    const asked = sampleEvent('approval.requested', body) as DomainEvent;
    expect(() => new Decisions().apply(asked)).toThrow('proposal P1 before making it');
  });
});
