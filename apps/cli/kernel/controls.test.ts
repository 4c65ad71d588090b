import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIMIT_NAMES } from '../../../risk-kernel/limits.ts';
import { type Control, CONTROLS, isProven, NOT_BUILT_YET } from './controls.ts';
import { houseOf, missingAmong } from './living-tests.ts';
import { proofOf, proofText } from './proofs.ts';

test('every proof of a control or a limit is a living test', async () => {
  const proofs = [...CONTROLS.flatMap((control) => control.proofs), ...LIMIT_NAMES.map(proofOf)];
  expect((await missingAmong(proofs)).map(proofText)).toEqual([]);
});

test('a control is proven by all of its tests, and never by none', () => {
  const [control] = CONTROLS as readonly [Control];
  expect(isProven(control, new Set())).toBe(true);
  expect(isProven(control, new Set(control.proofs.slice(-1)))).toBe(false);
  expect(isProven({ ...control, proofs: [] }, new Set())).toBe(false);
});

test('no control is without a proof', () => {
  expect(CONTROLS.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
});

test('the files that keep the controls exist', () => {
  const house = houseOf(import.meta.url);
  const files = CONTROLS.flatMap(({ where }) => where);
  expect(files.filter((file) => !existsSync(join(house, file)))).toEqual([]);
});

test('nothing is proven and not built at once', () => {
  const built = new Set(CONTROLS.map(({ name }) => name));
  expect(NOT_BUILT_YET.filter(({ name }) => built.has(name))).toEqual([]);
});
