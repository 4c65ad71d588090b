import { type CheckpointTuple, MemorySaver } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';

import { PHASE_TABLE } from '../coordination/phases.ts';
import { entryOrder } from '../domain/entry-order.ts';
import { cycleId } from '../domain/ids.ts';
import { REVERSION } from '../domain/testing/samples.ts';
import { openDesk } from '../tests/support/desk.ts';
import {
  Crash,
  crashing,
  GraphDesk,
  type GraphOptions,
  type Port,
  yes,
} from '../tests/support/graph.ts';
import { graphContract } from './graph.contract.ts';
import type { Reasoner } from './reasoner.ts';

graphContract('with threads in memory', async () => ({
  desk: await openDesk(),
  saver: new MemorySaver(),
}));

const C1 = cycleId('c1');
const C2 = cycleId('c2');
const open = async (options: GraphOptions = {}): Promise<GraphDesk> =>
  new GraphDesk(await openDesk(), options);

describe('two cycles that wait at once', () => {
  test('are two approvals: approving one is not approving the other', async () => {
    const house = await open();
    await house.begin(C1);
    await house.begin(C2, { strategyId: REVERSION });
    await house.approve(C1);
    expect([await house.graph.wake(C1), await house.graph.wake(C2)]).toEqual(['OVER', 'ASLEEP']);
    const intents = await house.desk.eventsOf('intent.recorded');
    expect(intents.map(({ body }) => body.proposalId)).toEqual([house.proposalOf(C1).id]);
    expect(house.desk.phases.phaseOf(C2)).toBe('AWAITING_APPROVAL');
  });

  test('may both be approved, and each is executed once', async () => {
    const house = await open();
    await house.begin(C1);
    await house.begin(C2, { strategyId: REVERSION });
    for (const cycle of [C2, C1]) {
      await house.approve(cycle);
      await house.graph.wake(cycle);
    }
    for (const cycle of [C1, C2]) expect(await house.execute(cycle)).toEqual({ kind: 'SENT' });
    expect(house.desk.venue.received).toHaveLength(2);
  });
});

describe('what a thread was made to remember changes nothing', () => {
  test('not another size, level or direction in its state, nor a payload that says approved', async () => {
    const saver = new MemorySaver();
    const house = await open({ saver });
    await house.begin(C1);
    const approved = house.proposalOf(C1);

    const config = { configurable: { thread_id: C1 } };
    const stored = await saver.getTuple(config);
    if (stored?.metadata === undefined) throw new Error('nothing is stored');
    const { signal } = stored.checkpoint.channel_values as { signal: object };
    Object.assign(signal, { riskBps: 10_000, stop: 1, direction: 'SHORT', quantity: '100' });
    await saver.put(stored.parentConfig ?? config, stored.checkpoint, stored.metadata);
    const [task] = stored.pendingWrites?.find(([, channel]) => channel === '__interrupt__') ?? [];
    if (task === undefined) throw new Error('the thread does not sleep');
    const payload = { kind: 'approved', quantity: '100', update: { stage: 'APPROVED' } };
    await saver.putWrites(stored.config, [['__resume__', [payload]]], task);

    expect(await house.graph.wake(C1)).toBe('ASLEEP');
    expect(await house.desk.eventsOf('intent.recorded')).toEqual([]);
    await house.approve(C1);
    expect(await house.graph.wake(C1)).toBe('OVER');
    expect(await house.execute(C1)).toEqual({ kind: 'SENT' });
    expect(house.desk.venue.received).toEqual([entryOrder(approved)]);
  });

  test('not even the approved proposal of another cycle', async () => {
    const saver = new MemorySaver();
    const house = await open({ saver });
    await house.begin(C1);
    await house.begin(C2, { strategyId: REVERSION });
    await house.approve(C1);
    await house.graph.wake(C1);
    await house.execute(C1);

    const config = { configurable: { thread_id: C2 } };
    const stored = await saver.getTuple(config);
    if (stored?.metadata === undefined) throw new Error('nothing is stored');
    Object.assign(stored.checkpoint.channel_values, { proposalId: house.proposalOf(C1).id });
    await saver.put(stored.parentConfig ?? config, stored.checkpoint, stored.metadata);
    await house.graph.wake(C2);
    expect(await house.execute(C1)).toBeUndefined();
    expect(await house.execute(C2)).toBeUndefined();
    expect(house.desk.venue.received).toHaveLength(1);
  });
});

describe('a thread that is run again from an earlier point', () => {
  test('before its execution records no second intent and sends no second order', async () => {
    const saver = new MemorySaver();
    const house = await open({ saver });
    await house.begin(C1);
    await house.approve(C1);
    await house.graph.wake(C1);
    await house.execute(C1);
    const config = { configurable: { thread_id: C1 } };
    const history: CheckpointTuple[] = [];
    for await (const past of saver.list(config)) history.push(past);
    for (const past of history) {
      // The past becomes the present: the newest checkpoint is where the thread goes on.
      const replay = new MemorySaver();
      if (past.metadata === undefined) throw new Error('a checkpoint without metadata');
      await replay.put(config, past.checkpoint, past.metadata);
      const again = new GraphDesk(house.desk, { saver: replay });
      await again.graph.wake(C1).catch(() => undefined);
      await again.graph.wake(C1).catch(() => undefined);
    }
    // It was really run again, more than once.
    const steps = await house.desk.eventsOf('agent.stepped');
    expect(steps.filter(({ body }) => body.step === 'prepare').length).toBeGreaterThan(1);
    expect(await house.desk.eventsOf('intent.recorded')).toHaveLength(1);
    expect(await house.desk.eventsOf('proposal.made')).toHaveLength(1);
    expect(await house.execute(C1)).toBeUndefined();
    expect(house.desk.venue.received).toHaveLength(1);
  });
});

describe('a process that ends in the middle of a node', () => {
  const POINTS: readonly (readonly [Port, string, number])[] = [
    ['phases', 'move', 2], // STRATEGY_ANALYSIS was moved to when the cycle was opened: RISK_VALIDATION
    ['bus', 'drain', 1],
    ['journal', 'write', 1], // the Strategy agent's step
    ['bus', 'drain', 2],
    ['risk', 'mark', 1],
    ['risk', 'room', 1],
    ['risk', 'preview', 1],
    ['journal', 'write', 2], // the Risk agent's step
    ['approvals', 'request', 1],
    ['phases', 'move', 3],
    ['bus', 'drain', 3],
    ['approvals', 'standing', 1],
    ['phases', 'move', 4],
    ['bus', 'drain', 4],
    ['intents', 'record', 1],
    ['journal', 'write', 3], // the Execution agent's step
  ];
  const cases = POINTS.flatMap(([port, method, call]) =>
    (['before', 'after'] as const).map((when) => [when, port, method, call] as const),
  );

  test.each(cases)('%s %s.%s (call %d) goes on without a second of anything', async (...point) => {
    const [when, port, method, call] = point;
    const saver = new MemorySaver();
    let crashes = 0;
    const count = (error: unknown): void => {
      if (!(error instanceof Crash)) throw error;
      crashes += 1;
    };
    const dying = await open({
      saver,
      tamper: (name, target) => (name === port ? crashing(target, method, when, call) : target),
    });
    await dying.begin(C1).then(() => undefined, count);
    if (crashes === 0) {
      await dying.approve(C1);
      await dying.graph.wake(C1).then(() => undefined, count);
    }
    expect(crashes).toBe(1);

    const house = new GraphDesk(dying.desk, { saver });
    let rest = await house.graph.wake(C1);
    if (rest === 'ASLEEP') {
      await house.approve(C1);
      rest = await house.graph.wake(C1);
    }
    expect(rest).toBe('OVER');
    expect(await house.execute(C1)).toEqual({ kind: 'SENT' });
    expect(await house.execute(C1)).toBeUndefined();
    const { desk } = house;
    for (const once of [
      'proposal.made',
      'approval.requested',
      'approval.decided',
      'intent.recorded',
    ] as const) {
      expect([once, (await desk.eventsOf(once)).length]).toEqual([once, 1]);
    }
    expect(desk.venue.received).toEqual([entryOrder(house.proposalOf(C1))]);
    for (const { body } of await desk.eventsOf('cycle.phase-moved')) {
      expect(PHASE_TABLE[body.from]).toContain(body.to);
    }
  });
});

describe('a reasoner that', () => {
  const answering = (change: object): Reasoner => ({
    name: 'liar',
    reason: async (pack) => Object.assign(await yes.reason(pack), change),
  });
  const throwing = (reason: Reasoner['reason']): Reasoner => ({ name: 'liar', reason });

  test.each<[string, Reasoner, string]>([
    ['fails', throwing(() => Promise.reject(new Error('no line'))), 'no line'],
    [
      'fails before it promises anything',
      throwing(() => {
        throw new Error('no line');
      }),
      'no line',
    ],
    ['says nothing at all', throwing(async () => undefined as never), 'failed'],
    ['abstains', throwing(async () => ({ kind: 'ABSTAIN', because: 'no' })), 'no'],
    ['argues the other way', answering({ direction: 'SHORT' }), 'contradicts'],
    ['cites what it was not shown', answering({ evidenceIds: ['ema', 'tip'] }), '"tip"'],
    ['cites nothing', answering({ evidenceIds: [] }), 'no evidence'],
    ['has a list that is none', answering({ evidenceIds: null }), 'failed'],
    ['has a conviction that is no number', answering({ conviction: NaN }), 'conviction'],
    ['is surer than sure', answering({ conviction: 1.5 }), 'conviction'],
  ])('%s is an abstention, never a trade', async (_, reasoner, because) => {
    const house = await open({ reasoner });
    expect(await house.begin(C1)).toBe('OVER');
    const decision = house.desk.decisions.get(C1);
    expect(decision).toMatchObject({ outcome: 'ABSTAINED', phase: 'COMPLETED', proposal: null });
    expect(decision?.because).toContain(because);
    const steps = await house.desk.eventsOf('agent.stepped');
    expect(steps.map(({ body }) => body.reasoning?.kind)).toEqual(['ABSTAIN']);
    expect(await house.desk.eventsOf('kernel.reviewed')).toEqual([]);
  });

  test('names a size changes nothing: sizes come from code', async () => {
    const house = await open({ reasoner: answering({ quantity: '100', thesis: 'Buy 100.' }) });
    await house.begin(C1);
    const honest = await open();
    await honest.begin(C1);
    expect(house.proposalOf(C1).quantity).toBe(honest.proposalOf(C1).quantity);
  });
});

describe('a set-up the kernel would deny', () => {
  test('is refused before anybody is asked, with the kernel’s verdict on record', async () => {
    const house = await open();
    expect(await house.begin(C1, { target: 50_500 })).toBe('OVER');
    const decision = house.desk.decisions.get(C1);
    expect(decision).toMatchObject({ outcome: 'REFUSED', phase: 'COMPLETED' });
    expect(decision?.because).toContain('REWARD_RISK_BELOW_MINIMUM');
    const [reviewed] = await house.desk.eventsOf('kernel.reviewed');
    expect(reviewed?.body).toMatchObject({ stage: 'PROPOSAL', subject: C1 });
    expect(await house.desk.eventsOf('approval.requested')).toEqual([]);
  });

  test('is refused without a verdict when no size fits', async () => {
    const house = await open();
    expect(await house.begin(C1, { stop: 51_000 })).toBe('OVER');
    expect(house.desk.decisions.get(C1)).toMatchObject({ outcome: 'REFUSED', verdict: null });
    const [refused] = await house.desk.eventsOf('proposal.refused');
    expect(refused?.body.because).toBe('no size fits: limited by risk');
  });
});

describe('a halt', () => {
  test('while a proposal waits ends the approval and the cycle', async () => {
    const house = await open();
    await house.begin(C1);
    await house.desk.engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'a halt');
    expect(await house.desk.approvals.invalidateAll('a halt')).toEqual([C1]);
    expect(await house.graph.wake(C1)).toBe('OVER');
    expect(house.desk.decisions.get(C1)).toMatchObject({
      phase: 'HALTED',
      outcome: 'HALTED',
      approvalStatus: 'INVALIDATED',
    });
    expect(await house.desk.eventsOf('intent.recorded')).toEqual([]);
  });

  test('between the approval and the waking stops the intent', async () => {
    const house = await open();
    await house.begin(C1);
    await house.approve(C1);
    await house.desk.engine.pull('VENUE_MISMATCH', 'a halt');
    expect(await house.graph.wake(C1)).toBe('OVER');
    expect(house.desk.decisions.get(C1)).toMatchObject({ phase: 'HALTED', outcome: 'HALTED' });
    expect(await house.desk.eventsOf('intent.recorded')).toEqual([]);
    expect(await house.execute(C1)).toBeUndefined();
  });

  test('after the intent leaves it to the kernel, which denies it', async () => {
    const house = await open();
    await house.begin(C1);
    await house.approve(C1);
    await house.graph.wake(C1);
    await house.desk.engine.pull('ORDER_STORM', 'a halt');
    expect(await house.execute(C1)).toMatchObject({ kind: 'DENIED', code: 'TRADING_HALTED' });
    expect(house.desk.venue.received).toEqual([]);
  });

  test('lets no cycle begin', async () => {
    const house = await open();
    await house.desk.engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'a halt');
    const opened = await house.supervisor.open(C1, house.desk.proposal('P').instrumentId, 0);
    expect(opened).toBe(false);
    expect(house.desk.decisions.get(C1)).toMatchObject({ phase: 'HALTED', because: 'a halt' });
  });
});

test('a finished thread can be forgotten, and waking it is nothing', async () => {
  const saver = new MemorySaver();
  const house = await open({ saver });
  await house.begin(C1);
  await house.approve(C1);
  await house.graph.wake(C1);
  await house.graph.forget(C1);
  expect(await saver.getTuple({ configurable: { thread_id: C1 } })).toBeUndefined();
  expect(await house.graph.wake(C1)).toBe('OVER');
  expect(await house.graph.isAsleep(C1)).toBe(false);
});
