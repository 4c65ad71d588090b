import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROFILES, STANDARD, tighten } from '../../risk-kernel/limits-in-force.ts';
import { BadInput } from './errors.ts';
import { describeLimits, limitsOf } from './limits.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'plimsoll-limits-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = (contents: unknown): string => {
  const file = join(folder, 'desk.json');
  writeFileSync(file, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return file;
};

test('without profile and settings the constants are in force', () => {
  const chosen = limitsOf({ profile: 'standard' });
  expect(chosen.inForce.hash).toBe(STANDARD.hash);
  expect(describeLimits(chosen)).toBe('standard');
});

test('a profile is what it says', () => {
  const { inForce } = limitsOf({ profile: 'careful' });
  expect(inForce.hash).toBe(tighten(PROFILES.careful).hash);
});

test('of a profile and a file the tighter of each wins', () => {
  const file = settings({
    entriesPerDayMax: 5,
    riskPerTradeBpsMax: 150,
    rewardRiskMilliMin: 2_000,
  });
  const chosen = limitsOf({ profile: 'careful', limits: file });
  expect(chosen.inForce.limits).toMatchObject({
    entriesPerDayMax: 5,
    riskPerTradeBpsMax: 100,
    rewardRiskMilliMin: 2_000,
    positionsOpenMax: 5,
  });
  expect(describeLimits(chosen)).toMatch(/^careful and .*desk\.json, \d+ of \d+ tightened$/);
});

describe('a file is refused with its name and the key', () => {
  test.each<[unknown, string]>([
    [{ entriesPerDayMax: 21 }, 'entriesPerDayMax would be loosened to 21; it may be at most 20'],
    [{ rewardRiskMilliMin: 1_000 }, 'rewardRiskMilliMin would be loosened'],
    [{ entriesPerDay: 5 }, '"entriesPerDay" is not a limit'],
    ['{"__proto__": 1}', '"__proto__" is not a limit'],
    [{ entriesPerDayMax: '5' }, 'entriesPerDayMax must be a number above 0, found "5"'],
    [{ entriesPerDayMax: 0 }, 'entriesPerDayMax must be a number above 0, found 0'],
    [{ entriesPerDayMax: 2.5 }, 'entriesPerDayMax must be a whole number'],
    [[5], 'must be a JSON object'],
    ['null', 'must be a JSON object'],
    ['', 'JSON'],
  ])('%j', (contents, sentence) => {
    const limits = settings(contents);
    expect(() => limitsOf({ profile: 'standard', limits })).toThrow(BadInput);
    expect(() => limitsOf({ profile: 'standard', limits })).toThrow(`--limits ${limits}: `);
    expect(() => limitsOf({ profile: 'standard', limits })).toThrow(sentence);
  });

  test('also where a profile is tighter than the loosening', () => {
    const limits = settings({ entriesPerDayMax: 21 });
    expect(() => limitsOf({ profile: 'minimal', limits })).toThrow('entriesPerDayMax');
  });

  test('when it is not there', () => {
    const limits = join(folder, 'nowhere.json');
    expect(() => limitsOf({ profile: 'standard', limits })).toThrow(BadInput);
    expect(() => limitsOf({ profile: 'standard', limits })).toThrow('nowhere.json');
  });
});
