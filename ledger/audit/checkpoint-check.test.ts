import { describe, expect, test } from 'vitest';
import { START_MS } from '../../domain/testing/samples.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { CheckpointCheck } from './checkpoint-check.ts';

/** Of a tree whose root is named for its size. */
const at = (size: number, change: Partial<Checkpoint> = {}): Checkpoint => ({
  origin: 'test',
  size,
  root: `root ${size}`,
  headHash: '',
  commits: size,
  atMs: START_MS + size,
  ...change,
});
const tree = (size: number, root = `root ${size}`) => ({ size, root: () => root });

function grown(check: CheckpointCheck, from: number, to: number) {
  for (let size = from; size <= to; size++) {
    const found = check.see(tree(size));
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('a journal and its checkpoints', () => {
  test('agree when every root is met, several of one size too', () => {
    const check = new CheckpointCheck([at(0), at(2), at(2), at(5)]);
    expect(check.agreed).toBe(1);
    expect(grown(check, 1, 4)).toBeUndefined();
    expect(check.agreed).toBe(3);
    expect(grown(check, 5, 9)).toBeUndefined();
    expect(check.agreed).toBe(4);
    expect(check.end(9, 9)).toBeUndefined();
  });

  test('that were never signed agree', () => {
    const check = new CheckpointCheck([]);
    expect(grown(check, 1, 3)).toBeUndefined();
    expect(check.end(3, 0)).toBeUndefined();
  });

  test('part at the first that is met with another root', () => {
    const check = new CheckpointCheck([at(2), at(5, { root: 'other' }), at(7)]);
    expect(grown(check, 1, 9)).toMatchObject({ fault: 'FORKED', seq: 3 });
    expect(check.agreed).toBe(1);
  });

  test('have nothing in common when already the first root is another', () => {
    const check = new CheckpointCheck([at(2, { root: 'other' })]);
    expect(grown(check, 1, 9)).toMatchObject({ fault: 'REBUILT', seq: 1 });
    const begun = new CheckpointCheck([at(0), at(2, { root: 'other' })]);
    expect(grown(begun, 1, 9)).toMatchObject({ fault: 'REBUILT', seq: 1 });
  });

  test('of which some lie below a tree that was taken up are compared above it only', () => {
    const check = new CheckpointCheck([at(2, { root: 'other' }), at(5)], 4);
    expect(check.agreed).toBe(1);
    expect(grown(check, 5, 6)).toBeUndefined();
    expect(check.agreed).toBe(2);
  });

  test('tell a tail that was cut from an older copy by how often was written', () => {
    const check = new CheckpointCheck([at(2), at(5)]);
    grown(check, 1, 4);
    expect(check.end(4, 5)).toMatchObject({ fault: 'TAIL_CUT', seq: 5 });
    expect(check.end(4, 9)).toMatchObject({ fault: 'TAIL_CUT', seq: 5 });
    expect(check.end(4, 4)).toMatchObject({ fault: 'OLDER_COPY', seq: 5 });
    expect(check.end(0, 0)).toMatchObject({ fault: 'OLDER_COPY', seq: 1 });
  });

  test('do not go together when the count of writes went back, though no event is missing', () => {
    const check = new CheckpointCheck([at(5)]);
    grown(check, 1, 5);
    expect(check.end(5, 5)).toBeUndefined();
    expect(check.end(8, 4)).toMatchObject({ fault: 'HEAD_DISAGREES', seq: 8 });
  });
});
