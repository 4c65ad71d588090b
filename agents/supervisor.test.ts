import { describe, expect, test } from 'vitest';

import { IllegalPhase } from '../coordination/phases.ts';
import type { CycleOutcome, Phase } from '../domain/event.ts';
import { cycleId } from '../domain/ids.ts';
import { BTC } from '../domain/testing/samples.ts';
import { openDesk } from '../tests/support/desk.ts';
import { GraphDesk } from '../tests/support/graph.ts';
import type { Node, Stage } from './supervisor.ts';

const C1 = cycleId('c1');

/** A cycle that was led through the stages before. */
async function led(...stages: readonly Stage[]) {
  const house = new GraphDesk(await openDesk());
  await house.supervisor.open(C1, BTC.id, 0);
  for (const stage of stages) await house.supervisor.route(C1, stage, '');
  return house;
}
const halt = (house: GraphDesk) => house.desk.engine.pull('DRAWDOWN_EXCEEDS_MAXIMUM', 'a halt');

const WAY: readonly [Stage, Node, Phase][] = [
  ['SIGNALLED', 'Strategy', 'STRATEGY_ANALYSIS'],
  ['ARGUED', 'Risk', 'RISK_VALIDATION'],
  ['PROPOSED', 'Approval', 'AWAITING_APPROVAL'],
  ['APPROVED', 'Execution', 'EXECUTION'],
  ['PREPARED', 'END', 'EXECUTION'],
];
const before = (stage: Stage): readonly Stage[] =>
  WAY.slice(
    0,
    WAY.findIndex(([other]) => other === stage),
  ).map(([other]) => other);

describe('the way of a set-up', () => {
  test.each(WAY)('from %s leads to %s in %s', async (stage, node, phase) => {
    const house = await led(...before(stage));
    expect(await house.supervisor.route(C1, stage, '')).toBe(node);
    expect(house.desk.phases.phaseOf(C1)).toBe(phase);
  });

  test.each(WAY)('from %s routed twice leads the same way and moves once', async (stage, node) => {
    const house = await led(...before(stage));
    await house.supervisor.route(C1, stage, '');
    const moved = (await house.desk.eventsOf('cycle.phase-moved')).length;
    expect(await house.supervisor.route(C1, stage, '')).toBe(node);
    expect(await house.desk.eventsOf('cycle.phase-moved')).toHaveLength(moved);
  });

  test('is told to whoever is next, in its lane', async () => {
    const house = await led('SIGNALLED', 'ARGUED', 'PROPOSED', 'APPROVED');
    const sent = await house.desk.eventsOf('message.sent');
    expect(sent.map(({ body }) => [body.lane, body.kind, body.to])).toEqual([
      ['STRATEGY', 'COMMAND', 'strategy'],
      ['RISK', 'COMMAND', 'risk'],
      ['INFO', 'EVENT', 'all'],
      ['EXECUTION', 'COMMAND', 'execution'],
    ]);
  });

  test('cannot be cut short: nothing is executed that did not wait for approval', async () => {
    const house = await led('SIGNALLED');
    await expect(house.supervisor.route(C1, 'APPROVED', '')).rejects.toThrow(IllegalPhase);
  });
});

describe('the end of a set-up', () => {
  test.each<[Stage, Stage[], CycleOutcome]>([
    ['ABSTAINED', ['SIGNALLED'], 'ABSTAINED'],
    ['REFUSED', ['SIGNALLED', 'ARGUED'], 'REFUSED'],
    ['STOPPED', ['SIGNALLED', 'ARGUED', 'PROPOSED'], 'DECLINED'],
  ])('after %s is written down once', async (stage, way, outcome) => {
    const house = await led(...way);
    expect(await house.supervisor.route(C1, stage, 'why')).toBe('END');
    expect(await house.supervisor.route(C1, stage, 'why')).toBe('END');
    expect(await house.desk.eventsOf('cycle.closed')).toMatchObject([
      { body: { to: 'COMPLETED', outcome } },
    ]);
  });

  test.each(WAY.filter(([stage]) => stage !== 'PREPARED'))(
    'comes with a halt, wherever it was: %s',
    async (stage) => {
      const house = await led(...before(stage));
      await halt(house);
      expect(await house.supervisor.route(C1, stage, '')).toBe('END');
      expect(house.desk.decisions.get(C1)).toMatchObject({ phase: 'HALTED', outcome: 'HALTED' });
    },
  );

  test('does not come with a halt once the intent is recorded: the engine has the word', async () => {
    const house = await led(...before('PREPARED'));
    await halt(house);
    expect(await house.supervisor.route(C1, 'PREPARED', '')).toBe('END');
    expect(house.desk.phases.phaseOf(C1)).toBe('EXECUTION');
  });

  test.each([
    ['SENT', 'COMPLETED'],
    ['DENIED', 'COMPLETED'],
    ['FAILED', 'FAILED'],
  ] as const)('as %s passes through monitoring to %s', async (outcome, phase) => {
    const house = await led(...before('PREPARED'));
    await house.supervisor.finish(C1, outcome, 'why');
    expect(house.desk.decisions.get(C1)).toMatchObject({ phase, outcome, because: 'why' });
  });

  test('by a failure is the end once, and changes nothing that is over', async () => {
    const house = await led('SIGNALLED');
    await house.supervisor.fail(C1, 'why');
    await house.supervisor.fail(C1, 'why else');
    expect(house.desk.decisions.get(C1)).toMatchObject({ phase: 'FAILED', because: 'why' });
  });

  test('of a bar without a set-up is quiet', async () => {
    const house = await led();
    await house.supervisor.endQuiet(C1, 'nothing');
    expect(house.desk.decisions.get(C1)).toMatchObject({ outcome: 'NO_SETUP' });
  });
});
