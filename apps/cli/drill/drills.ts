/** The drills that were held: one JSON line each, in the data directory. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillRun } from './drill.ts';

export interface DrillRecord {
  /** Wall time, UTC milliseconds. */
  readonly atMs: number;
  readonly version: string;
  readonly rehearse: string;
  readonly ok: boolean;
  /** Medians of the runs, in milliseconds; null when a run did not get there. */
  readonly noNewOrdersMs: number | null;
  readonly canceledMs: number | null;
  readonly flatMs: number | null;
  readonly runs: readonly DrillRun[];
}

const fileIn = (dataDir: string): string => join(dataDir, 'drills.jsonl');

export function keepDrill(dataDir: string, record: DrillRecord): string {
  mkdirSync(dataDir, { recursive: true });
  appendFileSync(fileIn(dataDir), `${JSON.stringify(record)}\n`);
  return fileIn(dataDir);
}

/** The newest that can be read; undefined when none was held here. */
export function lastDrill(dataDir: string): DrillRecord | undefined {
  for (const line of linesOf(fileIn(dataDir)).toReversed()) {
    try {
      return JSON.parse(line) as DrillRecord;
    } catch {
      // Cut short by a crash while it was written; the one before it counts.
    }
  }
  return undefined;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Every step of every run was reached, and nothing was sent after the first. */
export const isGood = (runs: readonly DrillRun[]): boolean =>
  runs.every(
    ({ noNewOrdersMs, canceledMs, flatMs, sentAfter }) =>
      sentAfter === 0 && ![noNewOrdersMs, canceledMs, flatMs].includes(null),
  );

/** Null as soon as one is missing: a step that was not reached has no typical time. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (known.length < values.length || known.length === 0) return null;
  const middle = Math.floor(known.length / 2);
  const upper = known[middle] ?? 0;
  const lower = known.length % 2 === 0 ? (known[middle - 1] ?? upper) : upper;
  return Math.round(((lower + upper) / 2) * 10) / 10;
}
