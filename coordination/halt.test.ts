import { describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { acknowledgeHalts, announceHalt } from './halt.ts';
import { InProcessBus } from './in-process-bus.ts';
import type { Message } from './message.ts';
import { SharedState } from './shared-state.ts';

function room() {
  const delivered: Message[] = [];
  const bus = new InProcessBus(new ManualClock(0), async (message) => void delivered.push(message));
  return { bus, delivered, shared: new SharedState() };
}

describe('a halt', () => {
  test('is acknowledged by every agent under its own key', async () => {
    const { bus, shared, delivered } = room();
    acknowledgeHalts(bus, shared);
    expect(await announceHalt(bus, shared, 'drawdown')).toEqual([]);
    expect([...shared.snapshot().values()].map(({ writtenBy }) => writtenBy)).toEqual([
      'strategy',
      'risk',
      'execution',
    ]);
    expect(delivered.map(({ summary }) => summary)).toEqual([
      'Supervisor to all: halt, drawdown.',
      'Supervisor to all: every agent acknowledged the halt.',
    ]);
  });

  test('names the agents that did not hear it', async () => {
    const { bus, shared, delivered } = room();
    expect(await announceHalt(bus, shared, 'drawdown')).toEqual(['strategy', 'risk', 'execution']);
    expect(delivered.at(-1)?.summary).toContain(
      'no acknowledgement of the halt from strategy, risk',
    );
  });

  test('needs a new acknowledgement each time', async () => {
    const { bus, shared } = room();
    acknowledgeHalts(bus, shared);
    await announceHalt(bus, shared, 'drawdown');
    expect(await announceHalt(bus, shared, 'again')).toEqual([]);
    expect(shared.versionOf('risk.halt-heard')).toBe(2);
  });

  test('reaches the agents before anything that was sent earlier', async () => {
    const { bus, shared, delivered } = room();
    acknowledgeHalts(bus, shared);
    bus.publish({
      lane: 'STRATEGY',
      kind: 'COMMAND',
      from: 'supervisor',
      to: 'strategy',
      topic: 'bar.closed',
      correlationId: 'c',
      causationId: null,
      summary: 'work',
      body: null,
      expiresAtMs: null,
    });
    await announceHalt(bus, shared, 'drawdown');
    expect(delivered.map(({ lane }) => lane)).toEqual(['HALT', 'STRATEGY', 'INFO']);
  });
});
