import { describe, expect, it } from 'vitest';
import { cycleIn, decisionHash } from './route.ts';

describe('deep links', () => {
  it('name one decision and read back to it, whatever its id', () => {
    for (const id of ['c-12', 'BTC/USD:15', 'a b']) expect(cycleIn(decisionHash(id))).toBe(id);
  });

  it('leave the plain page alone', () => {
    expect([cycleIn(''), cycleIn('#/decision/'), cycleIn('#journal')]).toEqual([null, null, null]);
  });
});
