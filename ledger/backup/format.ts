/**
 * A backup: gzip of JSON lines, the same for every engine. First what it is, then each table as its
 * columns and its rows, every value as PostgreSQL writes it; the journal is the last of them. At the end
 * how many rows there were, and the SHA-256 of every byte before that line.
 */
import type { Head } from '../ledger.ts';

const FORMAT_NAME = 'plimsoll-backup/';
export const FORMAT = `${FORMAT_NAME}1`;

export interface BackupHeader {
  readonly format: string;
  /** The Plimsoll that wrote it. */
  readonly version: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly head: Head;
  /** How often events had been kept. */
  readonly commits: number;
  /** Of whoever led then. */
  readonly epoch: number;
  readonly migrations: readonly string[];
  readonly tables: readonly string[];
}

export type Value = string | null;
export type Row = readonly Value[];

export interface TableLine {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface Trailer {
  readonly rows: Readonly<Record<string, number>>;
  readonly sha256: string;
}

/** The file is no backup that this Plimsoll could read. The message says what it is instead. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable';
}

/** A backup that is not as it was written, or does not hold what it says. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
}

/** Throws `BackupUnusable` for anything else than the first line of a backup of today's format. */
export function headerFrom(value: unknown): BackupHeader {
  const header = (isObject(value) ? value : {}) as Partial<BackupHeader>;
  const { format } = header;
  if (typeof format !== 'string' || !format.startsWith(FORMAT_NAME)) {
    throw new BackupUnusable('is not a backup that Plimsoll made');
  }
  if (format !== FORMAT) {
    throw new BackupUnusable(
      `is of the format ${format}, and this Plimsoll reads ${FORMAT}; use a newer one`,
    );
  }
  if (!isHead(header.head) || !isCount(header.commits) || !areNames(header.migrations)) {
    throw new BackupDamaged('has a first line that says too little');
  }
  return value as BackupHeader;
}

export const isTableLine = (value: unknown): value is TableLine =>
  isObject(value) && typeof value['table'] === 'string' && areNames(value['columns']);

export const isTrailer = (value: unknown): value is Trailer =>
  isObject(value) && typeof value['sha256'] === 'string' && isObject(value['rows']);

export const isRow = (value: unknown): value is Row =>
  Array.isArray(value) && value.every((one) => one === null || typeof one === 'string');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isHead = (value: unknown): boolean =>
  isObject(value) && isCount(value['seq']) && /^[0-9a-f]{64}$/.test(String(value['hash']));

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const areNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
