import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

const drain = (outbox: Outbox): string[] => {
  const taken: string[] = [];
  for (let next = outbox.take(); next !== undefined; next = outbox.take()) taken.push(next);
  return taken;
};

test('a newer price or state replaces the one that still waits; the rest keeps its order', () => {
  const outbox = new Outbox();
  outbox.offer('state', 's1');
  outbox.offer('entries', 'e1');
  outbox.offer('price', 'p1');
  outbox.offer('candle', 'c1');
  outbox.offer('price', 'p2');
  outbox.offer('state', 's2');
  outbox.offer('entries', 'e2');
  expect(drain(outbox)).toEqual(['e1', 'c1', 'e2', 'p2', 's2']);
  expect(outbox.take()).toBeUndefined();
});

test('prices and states never make a reader hopeless, entries that are never read do', () => {
  const outbox = new Outbox();
  const large = 'x'.repeat(500_000);
  for (let i = 0; i < 100; i++) {
    outbox.offer('state', large);
    outbox.offer('price', large);
  }
  expect(outbox.isHopeless).toBe(false);
  for (let i = 0; i < 4; i++) outbox.offer('entries', large);
  expect(outbox.isHopeless).toBe(false);
  outbox.offer('candle', 'x');
  expect(outbox.isHopeless).toBe(true);
});

test('what was read makes room again', () => {
  const outbox = new Outbox();
  for (let i = 0; i < 20; i++) {
    outbox.offer('entries', 'x'.repeat(1_500_000));
    outbox.take();
    expect(outbox.isHopeless).toBe(false);
  }
});
