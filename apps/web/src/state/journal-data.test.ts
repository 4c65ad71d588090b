import { describe, expect, it } from 'vitest';
import type { EntryView } from '../../../api/views.ts';
import { journalFrom, withOlder, withStreamed } from './journal-data.ts';

const entry = (seq: number, hash = `h${seq}`): EntryView => ({
  seq,
  atMs: seq,
  type: 'cycle.opened',
  actor: 'supervisor',
  actorKind: 'AGENT',
  correlationId: 'c',
  causationSeq: null,
  sentence: '',
  hash,
  prevHash: '',
  body: {},
});
const seqs = (journal: { readonly entries: readonly EntryView[] } | null) =>
  journal?.entries.map(({ seq }) => seq);

describe('the journal on the page', () => {
  it('puts streamed entries on top, newest first', () => {
    const journal = journalFrom([entry(5), entry(4)]);
    expect(seqs(withStreamed(journal, [entry(6), entry(7)]))).toEqual([7, 6, 5, 4]);
  });

  it('does not repeat what it already has', () => {
    const journal = journalFrom([entry(5), entry(4)]);
    expect(withStreamed(journal, [entry(5)])).toBe(journal);
  });

  it('asks to be read again when a frame was missed', () => {
    expect(withStreamed(journalFrom([entry(5)]), [entry(8)])).toBeNull();
  });

  it('asks to be read again when the server began another journal', () => {
    expect(withStreamed(journalFrom([entry(5)]), [entry(5, 'other')])).toBeNull();
  });

  it('adds older pages below until the first entry', () => {
    const journal = withOlder(journalFrom([entry(4), entry(3)]), [entry(2), entry(1)]);
    expect(seqs(journal)).toEqual([4, 3, 2, 1]);
    expect(journal.atEnd).toBe(true);
  });

  it('lets the oldest go while new ones stream in', () => {
    const full = journalFrom(Array.from({ length: 500 }, (_, index) => entry(index + 2)));
    const next = withStreamed(full, [entry(502)]);
    expect(next?.entries).toHaveLength(500);
    expect(next?.atEnd).toBe(false);
  });
});
