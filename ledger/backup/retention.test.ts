import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, utcDay } from '../../domain/clock.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { backupName, backupNamed, backupsToDelete, type KeptFile } from './retention.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const at = (...hours: readonly number[]): readonly KeptFile[] =>
  hours.map((hour) => ({ name: `${hour}`, atMs: NOON + hour * 3_600_000 }));
const names = (files: readonly KeptFile[]): readonly string[] => files.map(({ name }) => name);

describe('the name of a backup', () => {
  test('says when it was made, and is read back', () => {
    expect(backupName(NOON)).toBe('plimsoll-2026-01-05T120000Z.backup.gz');
    expect(backupNamed(backupName(NOON))).toEqual({ name: backupName(NOON), atMs: NOON });
  });

  test('of which there is none is nobody’s', () => {
    for (const name of [
      'notes.txt',
      'plimsoll-2026-01-05T120000Z.backup.gz.4711.partial',
      'my-plimsoll-2026-01-05T120000Z.backup.gz',
      'plimsoll-2026-13-05T120000Z.backup.gz',
    ]) {
      expect(backupNamed(name)).toBeUndefined();
    }
  });
});

describe('old backups', () => {
  test('are deleted but for the newest of each day', () => {
    expect(names(backupsToDelete(at(-2, 0, 3, -24, -26), 30))).toEqual(['-2', '0', '-26']);
  });

  test('are deleted when there were enough days since', () => {
    expect(names(backupsToDelete(at(0, -24, -48, -240), 3))).toEqual(['-240']);
  });

  test('of days long ago stay as long as there are no newer ones', () => {
    expect(backupsToDelete(at(-24 * 400, -24 * 700), 2)).toEqual([]);
  });

  test('never include the newest, and never leave a day that counts without one', () => {
    const ages = fc.array(fc.nat({ max: 40 * DAY_MS }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ages, fc.integer({ min: 0, max: 40 }), (times, days) => {
        const files = times.map((ageMs, index) => ({ name: `${index}`, atMs: NOON - ageMs }));
        const deleted = new Set(backupsToDelete(files, days));
        const kept = files.filter((file) => !deleted.has(file));
        const newest = Math.max(...files.map(({ atMs }) => atMs));
        expect(kept.some(({ atMs }) => atMs === newest)).toBe(true);
        const keptDays = kept.map(({ atMs }) => utcDay(atMs));
        expect(new Set(keptDays).size).toBe(keptDays.length);
        const daysOf = new Set(files.map(({ atMs }) => utcDay(atMs)));
        expect(keptDays).toHaveLength(Math.min(daysOf.size, Math.max(1, days)));
        for (const { atMs } of kept) {
          const sameDay = files.filter((file) => utcDay(file.atMs) === utcDay(atMs));
          expect(Math.max(...sameDay.map((file) => file.atMs))).toBe(atMs);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
