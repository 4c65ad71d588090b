import { describe, expect, test } from 'vitest';

import type { AgentName } from '../domain/event.ts';
import { ForeignKey, SharedState } from './shared-state.ts';

const AGENTS: readonly AgentName[] = ['supervisor', 'strategy', 'risk', 'execution'];

describe('a key', () => {
  const pairs = AGENTS.flatMap((agent) =>
    AGENTS.map((owner) => ({ agent, owner, may: agent === owner || agent === 'supervisor' })),
  );

  test.each(pairs)('of $owner written by $agent: $may', ({ agent, owner, may }) => {
    const state = new SharedState();
    const write = (): boolean => state.write(agent, `${owner}.note`, 1, 0);
    if (may) expect(write()).toBe(true);
    else {
      expect(write).toThrow(ForeignKey);
      expect(write).toThrow(
        `agent ${agent} may only write keys that begin with "${agent}.", not "${owner}.note"`,
      );
      expect(state.versionOf(`${owner}.note`)).toBe(0);
    }
  });

  test.each(['risk', 'riskier.note', 'note', '.risk.note', ''])('"%s" is not risk’s', (key) => {
    expect(() => new SharedState().write('risk', key, 1, 0)).toThrow(ForeignKey);
  });
});

describe('a version', () => {
  test('starts at 0 and every write adds 1', () => {
    const state = new SharedState();
    expect(state.versionOf('risk.note')).toBe(0);
    expect(state.write('risk', 'risk.note', 'a', 0)).toBe(true);
    expect(state.write('risk', 'risk.note', 'b', 1)).toBe(true);
    expect(state.snapshot().get('risk.note')).toEqual({
      value: 'b',
      version: 2,
      writtenBy: 'risk',
    });
  });

  test.each([0, 2, -1, NaN])('of %d where 1 stands overwrites nothing', (expected) => {
    const state = new SharedState();
    state.write('risk', 'risk.note', 'a', 0);
    expect(state.write('risk', 'risk.note', 'b', expected)).toBe(false);
    expect(state.snapshot().get('risk.note')?.value).toBe('a');
  });

  test('read by two lets only the first of them write', () => {
    const state = new SharedState();
    const seen = state.versionOf('risk.note');
    expect(state.write('supervisor', 'risk.note', 'first', seen)).toBe(true);
    expect(state.write('risk', 'risk.note', 'second', seen)).toBe(false);
    expect(state.snapshot().get('risk.note')?.writtenBy).toBe('supervisor');
  });

  test('is each key’s own', () => {
    const state = new SharedState();
    state.write('risk', 'risk.one', 1, 0);
    expect(state.versionOf('risk.two')).toBe(0);
  });
});

describe('a snapshot', () => {
  test('does not change with later writes', () => {
    const state = new SharedState();
    state.write('risk', 'risk.note', 'before', 0);
    const picture = state.snapshot();
    state.write('risk', 'risk.note', 'after', 1);
    state.write('risk', 'risk.other', 'new', 0);
    expect([...picture]).toEqual([
      ['risk.note', { value: 'before', version: 1, writtenBy: 'risk' }],
    ]);
  });

  test('has entries that cannot be changed', () => {
    const state = new SharedState();
    state.write('risk', 'risk.note', 'mine', 0);
    const entry = state.snapshot().get('risk.note')!;
    expect(() => Object.assign(entry, { value: 'yours' })).toThrow(TypeError);
  });
});
