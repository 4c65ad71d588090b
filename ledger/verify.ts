/**
 * Proves that a journal is the one that was written: gap-free, in order, every link and every column
 * as chained. It names the first place that is not.
 *
 * What it cannot see: somebody who may rewrite the whole chain and its head together, or cut the tail
 * and set the head back. For that, note `headHash` where the database's owner cannot write, and
 * compare.
 */
import { GENESIS, verifyLink } from './hash-chain.ts';
import type { JournalRow } from './journal-row.ts';
import type { Head } from './ledger.ts';

/** Consecutive rows in stored order, and the head as it stood at the same moment. */
export interface JournalPage {
  readonly rows: readonly JournalRow[];
  /** Undefined when the head row is gone. */
  readonly head: Head | undefined;
}

export type ChainFault =
  | 'GAP'
  | 'OUT_OF_ORDER'
  | 'TWICE'
  | 'PREV_LINK'
  | 'HASH'
  | 'BODY_UNREADABLE'
  | 'COLUMN_DISAGREES'
  | 'HEAD_DISAGREES';

export type Verification =
  | { readonly ok: true; readonly events: number; readonly headHash: string }
  | {
      readonly ok: false;
      /** The first event that is missing or not as chained. */
      readonly seq: number;
      readonly fault: ChainFault;
      readonly sentence: string;
    };

export type Broken = Extract<Verification, { ok: false }>;

/**
 * Checks every page in turn; the head of the last page must be the last event. `onProgress` hears how
 * many events hold so far, after each page.
 */
export async function verifyJournal(
  pages: AsyncIterable<JournalPage> | Iterable<JournalPage>,
  onProgress?: (eventsVerified: number) => void,
): Promise<Verification> {
  let last: Head = GENESIS;
  let stated: Head | undefined;
  for await (const page of pages) {
    for (const row of page.rows) {
      const broken = rowBroken(last, row);
      if (broken !== undefined) return broken;
      last = row;
    }
    stated = page.head;
    onProgress?.(last.seq);
  }
  return headBroken(last, stated) ?? { ok: true, events: last.seq, headHash: last.hash };
}

/** Why `row` is not what was chained after `last`, or undefined when it is. */
export function rowBroken(last: Head, row: JournalRow): Broken | undefined {
  const next = last.seq + 1;
  if (row.seq > next) {
    return broken(
      next,
      'GAP',
      `Event ${next} is missing: event ${last.seq} is followed by ${row.seq}.`,
    );
  }
  if (row.seq === last.seq && row.seq > 0) {
    return broken(row.seq, 'TWICE', `Event ${row.seq} stands there twice: the chain was forked.`);
  }
  if (row.seq !== next) {
    return broken(next, 'OUT_OF_ORDER', `Event ${row.seq} stands where event ${next} should.`);
  }
  // A table that was tampered with may hold anything, whatever its type says.
  if (typeof row.body !== 'string') return unreadable(row);
  switch (verifyLink(last, row)) {
    case 'PREV_LINK':
      return broken(
        next,
        'PREV_LINK',
        `Event ${next} says it follows ${row.prevHash}, but event ${last.seq} has hash ${last.hash}.`,
      );
    case 'HASH':
      return broken(
        next,
        'HASH',
        `Event ${next} is not what was hashed: its hash or its body changed.`,
      );
    case undefined:
      return bodyBroken(row);
  }
}

const COLUMNS = ['seq', 'atMs', 'type', 'correlationId', 'causationSeq'] as const;

function bodyBroken(row: JournalRow): Broken | undefined {
  const body = parsedObject(row.body);
  if (body === undefined) return unreadable(row);
  for (const column of COLUMNS) {
    if (body[column] === row[column]) continue;
    return broken(
      row.seq,
      'COLUMN_DISAGREES',
      `Column ${column} of event ${row.seq} says ${row[column]}, but its body says ${String(body[column])}.`,
    );
  }
  return undefined;
}

/** Why `last` is not the last event that the head states, or undefined when it is. */
export function headBroken(last: Head, stated: Head | undefined): Broken | undefined {
  if (stated === undefined) {
    return broken(last.seq, 'HEAD_DISAGREES', 'The head of the journal is gone.');
  }
  if (stated.seq > last.seq) {
    return broken(
      last.seq + 1,
      'GAP',
      `The journal ends at event ${last.seq}, but its head says ${stated.seq}: the tail was cut.`,
    );
  }
  if (stated.seq === last.seq && stated.hash === last.hash) return undefined;
  return broken(
    last.seq,
    'HEAD_DISAGREES',
    `The last event is ${last.seq} with hash ${last.hash}, but the head says ${stated.seq} with ${stated.hash}.`,
  );
}

const unreadable = ({ seq }: JournalRow): Broken =>
  broken(seq, 'BODY_UNREADABLE', `The body of event ${seq} is not a JSON object.`);

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const broken = (seq: number, fault: ChainFault, sentence: string): Broken => ({
  ok: false,
  seq,
  fault,
  sentence,
});
