/** What may be thrown away, and when. The journal is not among it: it is never pruned. */

import { utcDay } from '../../domain/clock.ts';

export interface KeptFile {
  readonly name: string;
  readonly atMs: number;
}

/** `plimsoll-2026-01-05T120000Z.backup.gz`: names in order are times in order. */
export const backupName = (atMs: number): string =>
  `plimsoll-${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '')}Z.backup.gz`;

const NAME = /^plimsoll-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup\.gz$/;

/** Undefined for a file that no backup of ours named; such a file is nobody's to delete. */
export function backupNamed(name: string): KeptFile | undefined {
  const [, day, hours, minutes, seconds] = NAME.exec(name) ?? [];
  const atMs = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(atMs) ? undefined : { name, atMs };
}

/**
 * The backups to delete: everything but the newest of each day (UTC), of the newest `days` days that
 * have one. The newest of all is always kept.
 */
export function backupsToDelete(files: readonly KeptFile[], days: number): readonly KeptFile[] {
  const newestOfDay = new Map<number, KeptFile>();
  for (const file of files.toSorted((a, b) => a.atMs - b.atMs)) {
    newestOfDay.set(utcDay(file.atMs), file);
  }
  const kept = new Set([...newestOfDay.values()].slice(-Math.max(1, days)));
  return files.filter((file) => !kept.has(file));
}
