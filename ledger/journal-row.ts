import type { ChainedEvent } from './ledger.ts';
import { eventFromText } from './schema/event-text.ts';

/**
 * An event as it is stored. `body` is the truth and is what the chain covers; the columns before it
 * repeat parts of it so that the database can search, and verification compares them.
 */
export interface JournalRow {
  readonly seq: number;
  /** UTC milliseconds. */
  readonly atMs: number;
  readonly type: string;
  readonly correlationId: string;
  readonly causationSeq: number | null;
  /** RFC 8785 text of the whole event. */
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** Reads a row that this ledger wrote. A row of unknown origin goes through verification first. */
export const chainedEvent = (row: JournalRow): ChainedEvent => ({
  event: eventFromText(row.body),
  body: row.body,
  prevHash: row.prevHash,
  hash: row.hash,
});
