import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../../domain/ids.ts';
import { REASON_CODES } from '../../../domain/reason-code.ts';
import { preview } from '../../../risk-kernel/review.ts';
import { baseAdd, baseEntry, baseExit, type Case } from '../../../risk-kernel/testing/base-case.ts';
import type { RiskSnapshot } from '../../../risk-kernel/snapshot.ts';
import { BESIDE_REVIEW, LANES, notReached, type Stage, stageOf } from './stages.ts';

const codesOf = (stages: readonly Stage[]): string[] => stages.flatMap(({ codes }) => codes);

const compared = ({ command, snapshot }: Case): string[] => [
  ...new Set(preview(command, snapshot).findings.list.map(({ code }) => code)),
];

describe('the stages are the kernel’s', () => {
  // Locks are compared where there are any, and an add is asked for its plan instead of for a free place.
  const locks: RiskSnapshot['locks'] = [
    { instrumentId: instrumentId('X/USD'), side: 'BOTH', code: 'ORDER_SUSPECT' },
  ];
  const entryCodes = (but: string): string[] => codesOf(LANES.ENTRY).filter((code) => code !== but);

  test('in the order of an entry that clears', () => {
    expect(compared(baseEntry({ locks }))).toEqual(entryCodes('ADD_NOT_PLANNED'));
  });

  test('in the order of an add that clears', () => {
    expect(compared(baseAdd({ locks }))).toEqual(entryCodes('POSITION_ALREADY_OPEN'));
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
