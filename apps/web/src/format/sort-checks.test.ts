import { expect, test } from 'vitest';
import type { CheckView } from '../../../api/views.ts';
import { sortChecks } from './sort-checks.ts';

const measured = (check: string, used: number, passed = true): CheckView => ({
  check,
  passed,
  code: passed ? null : check,
  value: String(used),
  limit: '100',
  headroom: String(100 - used),
  unit: 'entries',
});

const condition = (check: string, passed = true): CheckView => ({
  check,
  passed,
  code: passed ? null : check,
  value: passed ? 'on' : 'off',
  limit: 'on',
  headroom: '',
  unit: '',
});

const names = (checks: readonly CheckView[]): readonly string[] => checks.map(({ check }) => check);

test('the ten measured limits with the least headroom come first, the others behind them', () => {
  const checks = Array.from({ length: 14 }, (_, index) => measured(`m${index}`, index));
  const { telling, rest } = sortChecks(checks);
  expect(names(telling)).toEqual(['m13', 'm12', 'm11', 'm10', 'm9', 'm8', 'm7', 'm6', 'm5', 'm4']);
  expect(names(rest)).toEqual(['m3', 'm2', 'm1', 'm0']);
});

test('what failed leads, measured or not', () => {
  const checks = [measured('full', 99), condition('switch', false), condition('other')];
  const { telling, conditions } = sortChecks(checks);
  expect(names(telling)).toEqual(['switch', 'full']);
  expect(names(conditions)).toEqual(['other']);
});

test('nothing is lost and nothing is shown twice', () => {
  const checks = [
    ...Array.from({ length: 30 }, (_, index) => measured(`m${index}`, index)),
    ...Array.from({ length: 20 }, (_, index) => condition(`c${index}`)),
    measured('broken', 120, false),
  ];
  const { telling, rest, conditions } = sortChecks(checks);
  expect(names([...telling, ...rest, ...conditions]).toSorted()).toEqual(names(checks).toSorted());
});
