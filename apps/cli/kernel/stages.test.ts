import { describe, expect, test } from 'vitest';
import { REASON_CODES } from '../../../domain/reason-code.ts';
import { preview } from '../../../risk-kernel/review.ts';
import { baseEntry, baseExit, type Case } from '../../../risk-kernel/testing/base-case.ts';
import { BESIDE_REVIEW, LANES, notReached, type Stage, stageOf } from './stages.ts';

const codesOf = (stages: readonly Stage[]): string[] => stages.flatMap(({ codes }) => codes);

const compared = ({ command, snapshot }: Case): string[] => [
  ...new Set(preview(command, snapshot).findings.list.map(({ code }) => code)),
];

describe('the stages are the kernel’s', () => {
  test('in the order of an entry that clears', () => {
    expect(codesOf(LANES.ENTRY)).toEqual(compared(baseEntry()));
  });

  test('in the order of an exit that clears', () => {
    expect(codesOf(LANES.REDUCE_ONLY)).toEqual(compared(baseExit()));
  });

  test('and every code stands in one', () => {
    const named = new Set(codesOf([...LANES.ENTRY, ...LANES.REDUCE_ONLY, ...BESIDE_REVIEW]));
    expect([...named].sort()).toEqual([...REASON_CODES].sort());
  });
});

test('a comparison belongs to a stage of its lane', () => {
  expect(stageOf('ENTRY', 'QUANTITY_NOT_ON_LOT')?.name).toBe('6 size');
  expect(stageOf('REDUCE_ONLY', 'QUANTITY_NOT_ON_LOT')?.name).toBe('exit');
});

describe('what was not reached', () => {
  const names = (codes: readonly string[]): string[] =>
    notReached('ENTRY', codes).map(({ name }) => name);

  test('lies behind the furthest comparison, whichever decided', () => {
    expect(names(['COMMAND_MALFORMED', 'STOP_MISSING', 'SNAPSHOT_INCONSISTENT'])).toEqual([
      '8 strategy budget',
      '9 daily loss',
    ]);
  });

  test('is nothing where everything was compared', () => {
    expect(names(compared(baseEntry()))).toEqual([]);
  });
});
