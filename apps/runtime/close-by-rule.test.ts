/** A strategy may close what it opened, when whoever approved the entry approved that. */
import { describe, expect, test } from 'vitest';

import type { Signal } from '../../domain/signal.ts';
import {
  type Between,
  candles,
  decideAll,
  feedOf,
  type Plan,
  World,
} from '../../tests/support/world.ts';
import type { Runtime } from './runtime.ts';

const MARKET = candles(50_000, [[50_000], [50_100], [50_150], [50_100], [50_000], [50_050]]);
const EXIT_BAR = 3;

/** A long on the first bar, and the rule's end on the fourth. */
const plan =
  (entry: Partial<Signal>, exit: 'LONG' | 'SHORT' = 'LONG'): Plan =>
  (bar) => {
    if (bar === 0) return entry;
    return bar === EXIT_BAR ? { kind: 'EXIT', direction: exit } : undefined;
  };

const house = (of: Plan): World => new World({ feed: feedOf(MARKET), plan: of });

async function playAll(runtime: Runtime, from = 0, to = MARKET.length): Promise<void> {
  let bar = 0;
  for await (const event of runtime.options.feed.events(0)) {
    if (bar >= from && bar < to) {
      await runtime.play(event);
      await decideAll(runtime);
    }
    bar += 1;
  }
}

const asked = (world: World): readonly string[] =>
  world.store.journal
    .map(({ body }) => JSON.stringify(body))
    .filter((text) => text.includes('its rule is over'));

describe('when the rule that opened a position says that it is over', () => {
  test('the position is closed at the market, and the reason is on record', async () => {
    const world = house(plan({ management: { closeOnSignal: true } }));
    const runtime = await world.open();
    await playAll(runtime, 0, EXIT_BAR);
    expect(runtime.parts.book.portfolio.positions.size).toBe(1);
    await playAll(runtime, EXIT_BAR);
    expect(runtime.parts.book.portfolio.positions.size).toBe(0);
    expect(asked(world)).toHaveLength(1);
  });

  test.each<[string, Plan]>([
    ['its entry did not agree to that', plan({})],
    ['it speaks of the other direction', plan({ management: { closeOnSignal: true } }, 'SHORT')],
  ])('nothing is closed when %s', async (_, of) => {
    const world = house(of);
    const runtime = await world.open();
    await playAll(runtime);
    expect(runtime.parts.book.portfolio.positions.size).toBe(1);
    expect(asked(world)).toHaveLength(0);
  });

  test('a crash before the request was recorded loses nothing: the next start asks', async () => {
    const world = house(plan({ management: { closeOnSignal: true } }));
    await playAll(await world.open(), 0, EXIT_BAR);
    const dying = await world.open(dyingBefore('position.close-requested'));
    await expect(playAll(dying, EXIT_BAR, EXIT_BAR + 1)).rejects.toThrow('the process died');
    expect(asked(world)).toHaveLength(0);
    const again = await world.open();
    await playAll(again, EXIT_BAR + 1);
    expect(again.parts.book.portfolio.positions.size).toBe(0);
    expect(asked(world)).toHaveLength(1);
  });
});

/** A process that dies when it is about to write such an event, with everything before it durable. */
const dyingBefore =
  (type: string): Between =>
  (storage) =>
    new Proxy(storage, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'append' || typeof value !== 'function') {
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (...events: readonly { readonly type: string }[]): Promise<unknown> => {
          if (!events.some((event) => event.type === type))
            return Reflect.apply(value, target, events);
          await (target as unknown as { flush(): Promise<void> }).flush();
          throw new Error('the process died');
        };
      },
    });
