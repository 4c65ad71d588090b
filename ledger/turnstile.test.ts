import { describe, expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a turnstile', () => {
  test('runs work at once when nobody is inside', () => {
    let ran = false;
    void new Turnstile().run(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  test('lets one through at a time, in order, synchronous and not', async () => {
    const turnstile = new Turnstile();
    const log: string[] = [];
    const slow = (name: string) => async () => {
      log.push(`${name} in`);
      await tick();
      log.push(`${name} out`);
    };
    const quick = (name: string) => () => {
      log.push(name);
    };
    await Promise.all([
      turnstile.run(quick('a')),
      turnstile.run(slow('b')),
      turnstile.run(quick('c')),
      turnstile.run(slow('d')),
      turnstile.run(quick('e')),
    ]);
    expect(log).toEqual(['a', 'b in', 'b out', 'c', 'd in', 'd out', 'e']);
    void turnstile.run(quick('f'));
    expect(log.at(-1)).toBe('f');
  });

  test('makes work that was called from inside wait until the outer has finished', async () => {
    const turnstile = new Turnstile();
    const log: string[] = [];
    let inner: Promise<unknown> = Promise.resolve();
    await turnstile.run(() => {
      inner = turnstile.run(() => log.push('inner'));
      log.push('outer');
    });
    await inner;
    expect(log).toEqual(['outer', 'inner']);
  });

  test('passes errors on and stays open after them', async () => {
    const turnstile = new Turnstile();
    const fail = (): never => {
      throw new Error('no');
    };
    await expect(turnstile.run(fail)).rejects.toThrow('no');
    await expect(turnstile.run(async () => fail())).rejects.toThrow('no');
    expect(await turnstile.run(() => 1)).toBe(1);
  });
});
