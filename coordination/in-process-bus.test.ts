import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import type { AgentName } from '../domain/event.ts';
import { BusFull } from './bus.ts';
import { InProcessBus } from './in-process-bus.ts';
import { type Lane, LANES, type Message, type MessageDraft } from './message.ts';

const AGENTS: readonly AgentName[] = ['supervisor', 'strategy', 'risk', 'execution'];

const draftOf = (change: Partial<MessageDraft> = {}): MessageDraft => ({
  lane: 'INFO',
  kind: 'EVENT',
  from: 'supervisor',
  to: 'strategy',
  topic: 'topic',
  correlationId: 'cycle-1',
  causationId: null,
  summary: 'A sentence.',
  body: null,
  expiresAtMs: null,
  ...change,
});

function setUp(): {
  readonly bus: InProcessBus;
  readonly clock: ManualClock;
  readonly recorded: Message[];
  readonly heard: (agent: AgentName) => Message[];
} {
  const clock = new ManualClock(1_000);
  const recorded: Message[] = [];
  const bus = new InProcessBus(clock, async (message) => void recorded.push(message));
  return {
    bus,
    clock,
    recorded,
    heard: (agent) => {
      const messages: Message[] = [];
      bus.subscribe(agent, async (message) => void messages.push(message));
      return messages;
    },
  };
}

const lanes = fc.constantFrom<Lane>(...LANES);

describe('whatever is queued', () => {
  /** Lanes published before the drain, and lanes each delivery publishes in turn. */
  const programs = fc.record({
    before: fc.array(lanes, { maxLength: 30 }),
    during: fc.array(fc.array(lanes, { maxLength: 3 }), { maxLength: 20 }),
  });

  const run = async ({
    before,
    during,
  }: {
    readonly before: readonly Lane[];
    readonly during: readonly (readonly Lane[])[];
  }): Promise<{
    readonly published: readonly Message[];
    readonly delivered: readonly Message[];
    readonly waiting: readonly (readonly Message[])[];
  }> => {
    const { bus } = setUp();
    const published: Message[] = [];
    const delivered: Message[] = [];
    const waiting: (readonly Message[])[] = [];
    const publish = (lane: Lane): void => void published.push(bus.publish(draftOf({ lane })));
    bus.subscribe('strategy', async (message) => {
      waiting.push(published.filter((one) => one !== message && !delivered.includes(one)));
      delivered.push(message);
      for (const lane of during[delivered.length - 1] ?? []) publish(lane);
      await Promise.resolve();
    });
    before.forEach(publish);
    expect(await bus.drain()).toEqual([]);
    return { published, delivered, waiting };
  };

  test('nothing overtakes a HALT, nor any message of a more urgent lane', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { delivered, waiting } = await run(program);
        delivered.forEach((message, index) => {
          const rank = LANES.indexOf(message.lane);
          for (const other of waiting[index] ?? []) {
            expect(LANES.indexOf(other.lane)).toBeGreaterThanOrEqual(rank);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a lane is first in, first out', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { published, delivered } = await run(program);
        for (const lane of LANES) {
          const ofLane = (list: readonly Message[]): readonly Message[] =>
            list.filter((message) => message.lane === lane);
          expect(ofLane(delivered)).toEqual(ofLane(published));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('nothing is lost and nothing comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { published, delivered } = await run(program);
        const ids = delivered.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect([...ids].sort()).toEqual(published.map(({ id }) => id).sort());
      }),
      { numRuns: 500 },
    );
  });
});

describe('a message', () => {
  test('goes to whom it is addressed; one to all goes to all but its sender', async () => {
    const { bus, heard } = setUp();
    const mail = new Map(AGENTS.map((agent) => [agent, heard(agent)]));
    bus.publish(draftOf({ from: 'risk', to: 'execution', topic: 'one' }));
    bus.publish(draftOf({ from: 'risk', to: 'all', topic: 'all' }));
    await bus.drain();
    const topics = AGENTS.map((agent) => mail.get(agent)?.map(({ topic }) => topic));
    expect(topics).toEqual([['all'], ['all'], [], ['one', 'all']]);
  });

  test('is recorded before anybody receives it', async () => {
    const { bus, recorded } = setUp();
    let recordedFirst = false;
    bus.subscribe('strategy', async (message) => void (recordedFirst = recorded.includes(message)));
    bus.publish(draftOf());
    await bus.drain();
    expect(recordedFirst).toBe(true);
  });

  test('is stamped with the time and an id of its own, and frozen', () => {
    const { bus } = setUp();
    const [one, two] = [bus.publish(draftOf()), bus.publish(draftOf())];
    expect(one).toMatchObject({ id: 'cycle-1/1', sentAtMs: 1_000 });
    expect(two.id).not.toBe(one.id);
    expect(Object.isFrozen(one)).toBe(true);
  });

  test('that nobody waits for is recorded and gone', async () => {
    const { bus, recorded, heard } = setUp();
    bus.publish(draftOf());
    await bus.drain();
    const late = heard('strategy');
    await bus.drain();
    expect(recorded).toHaveLength(1);
    expect(late).toEqual([]);
  });
});

describe('expiry', () => {
  test('is after the instant named, and what expired is neither recorded nor delivered', async () => {
    const { bus, clock, recorded, heard } = setUp();
    const mail = heard('strategy');
    bus.publish(draftOf({ topic: 'gone', expiresAtMs: 1_999 }));
    bus.publish(draftOf({ topic: 'in time', expiresAtMs: 2_000 }));
    clock.advanceTo(2_000);
    await bus.drain();
    expect(mail.map(({ topic }) => topic)).toEqual(['in time']);
    expect(recorded).toHaveLength(1);
  });

  test('never comes to a HALT', async () => {
    const { bus, clock, heard } = setUp();
    const mail = heard('strategy');
    const halt = bus.publish(draftOf({ lane: 'HALT', kind: 'HALT', expiresAtMs: 1_001 }));
    clock.advanceTo(1_000_000_000);
    await bus.drain();
    expect(mail).toEqual([halt]);
    expect(halt.expiresAtMs).toBeNull();
  });
});

describe('a handler that throws', () => {
  const failing: readonly [string, (message: Message) => Promise<void>][] = [
    ['later', async () => Promise.reject(new Error('broken'))],
    [
      'at once',
      () => {
        throw new Error('broken');
      },
    ],
  ];

  test.each(failing)('%s does not stop the others, and is named', async (_, handler) => {
    const { bus, heard } = setUp();
    bus.subscribe('strategy', handler);
    const second = heard('strategy');
    const other = heard('risk');
    const message = bus.publish(draftOf({ to: 'all' }));
    const next = bus.publish(draftOf({ to: 'all' }));
    expect(await bus.drain()).toEqual([
      { message, agent: 'strategy', error: new Error('broken') },
      { message: next, agent: 'strategy', error: new Error('broken') },
    ]);
    expect(second).toEqual([message, next]);
    expect(other).toEqual([message, next]);
  });
});

test('a subscription that ended hears nothing more', async () => {
  const { bus } = setUp();
  const heard: Message[] = [];
  const stop = bus.subscribe('strategy', async (message) => void heard.push(message));
  bus.publish(draftOf());
  await bus.drain();
  stop();
  bus.publish(draftOf());
  await bus.drain();
  expect(heard).toHaveLength(1);
});

describe('a full lane', () => {
  const CAPACITY = 10_000;
  test('refuses, naming itself and the topic, and leaves the other lanes open', () => {
    const { bus } = setUp();
    for (let index = 0; index < CAPACITY; index++) bus.publish(draftOf());
    expect(() => bus.publish(draftOf({ topic: 'news' }))).toThrow(BusFull);
    expect(() => bus.publish(draftOf({ topic: 'news' }))).toThrow(
      'lane INFO holds 10000 messages; "news" was refused',
    );
    expect(() => bus.publish(draftOf({ lane: 'RISK' }))).not.toThrow();
  });

  test('has room again once it is drained', async () => {
    const { bus } = setUp();
    for (let index = 0; index < CAPACITY; index++) bus.publish(draftOf());
    await bus.drain();
    expect(() => bus.publish(draftOf())).not.toThrow();
  });

  test('is never the lane of halts', () => {
    const { bus } = setUp();
    for (let index = 0; index < CAPACITY; index++) bus.publish(draftOf({ lane: 'HALT' }));
    expect(() => bus.publish(draftOf({ lane: 'HALT' }))).not.toThrow();
  });
});
