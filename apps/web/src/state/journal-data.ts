/** The newest end of the journal, merged from pages and from the stream by sequence number. */
import type { EntryView } from '../../../api/views.ts';
import type { Journal } from './page-state.ts';

export const JOURNAL_PAGE = 100;
const KEPT_WHILE_STREAMING = 500;

const newestFirst = (entries: readonly EntryView[]): readonly EntryView[] =>
  [...entries].sort((a, b) => b.seq - a.seq);

/** The journal starts at 1, so a page that reaches it is the last one. */
const reachesStart = (entries: readonly EntryView[]): boolean => (entries.at(-1)?.seq ?? 1) === 1;

export function journalFrom(entries: readonly EntryView[]): Journal {
  const sorted = newestFirst(entries);
  return { entries: sorted, keep: KEPT_WHILE_STREAMING, atEnd: reachesStart(sorted) };
}

/**
 * Adds streamed entries. Null when they do not join what is there without a gap, or tell another
 * story under the same number (the server began a new journal): the newest page must then be read again.
 */
export function withStreamed(journal: Journal, arrived: readonly EntryView[]): Journal | null {
  const head = journal.entries[0];
  const known = new Map(journal.entries.map((entry) => [entry.seq, entry.hash]));
  if (arrived.some(({ seq, hash }) => known.has(seq) && known.get(seq) !== hash)) return null;
  const fresh = newestFirst(arrived.filter((entry) => entry.seq > (head?.seq ?? 0)));
  const oldest = fresh.at(-1);
  if (oldest === undefined) return journal;
  if (head !== undefined && oldest.seq !== head.seq + 1) return null;
  const entries = [...fresh, ...journal.entries].slice(0, journal.keep);
  return { ...journal, entries, atEnd: reachesStart(entries) };
}

/** Adds an older page below and holds on to it. */
export function withOlder(journal: Journal, page: readonly EntryView[]): Journal {
  const tail = journal.entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  const older = newestFirst(page.filter((entry) => entry.seq < tail));
  const entries = [...journal.entries, ...older];
  return {
    entries,
    keep: Math.max(journal.keep, entries.length),
    atEnd: older.length === 0 || reachesStart(entries),
  };
}
