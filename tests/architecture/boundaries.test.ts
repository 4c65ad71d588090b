import { describe, expect, test } from 'vitest';

import * as review from '../../risk-kernel/review.ts';
import { violations } from './check.ts';
import { FLOORS, type Folder, GROUNDS, MAY_IMPORT, PACKAGES } from './house.ts';
import { sourceFiles } from './tree.ts';

const files = sourceFiles();

describe('this repository', () => {
  test('keeps to its floors and doors', () => {
    expect(files.flatMap(({ path, text }) => violations(path, text))).toEqual([]);
  });

  test('was really looked at: every floor has files', () => {
    for (const folder of Object.keys(FLOORS)) {
      expect(files.filter(({ path }) => path.startsWith(`${folder}/`))).not.toEqual([]);
    }
  });

  test('has source on its floors and its grounds, and nowhere else', () => {
    const tops = new Set(files.filter(({ path }) => path.includes('/')).map(topOf));
    expect([...tops].filter((top) => !(top in FLOORS)).sort()).toEqual(GROUNDS);
  });

  test('is TypeScript on every floor', () => {
    const other = files.filter((file) => !/\.tsx?$/.test(file.path) && topOf(file) in FLOORS);
    expect(other.map(({ path }) => path)).toEqual(['ledger/verify/verify.mjs']);
  });

  test('keeps a verifier that shares nothing with what it verifies, and runs with nothing but Node', () => {
    const verifier = files.find(({ path }) => path === 'ledger/verify/verify.mjs');
    const reached = [...(verifier?.text ?? '').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)];
    expect(reached.length).toBeGreaterThan(0);
    expect(reached.filter(([, name]) => !name?.startsWith('node:'))).toEqual([]);
  });
});

const topOf = ({ path }: { readonly path: string }): string => path.split('/')[0] ?? '';

describe('the table of the house', () => {
  test('only allows imports that go down', () => {
    for (const [folder, reach] of Object.entries(MAY_IMPORT)) {
      for (const below of Object.keys(reach)) {
        expect(FLOORS[below as Folder]).toBeLessThan(FLOORS[folder as Folder]);
      }
    }
  });

  test('keeps execution, the kernel and the simulation from agents', () => {
    expect(Object.keys(MAY_IMPORT.agents)).toEqual(
      expect.not.arrayContaining(['execution', 'risk-kernel', 'simulation', 'ledger']),
    );
  });

  test('says for every folder which packages it may use', () => {
    expect(Object.keys(PACKAGES)).toEqual(expect.arrayContaining(Object.keys(FLOORS)));
  });
});

test('the kernel’s permission has no door but review and redeem', () => {
  expect(Object.keys(review).sort()).toEqual(['isCleared', 'preview', 'redeem', 'review']);
});
