import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chain, GENESIS, linkHash } from './hash-chain.ts';
import type { JournalRow } from './journal-row.ts';
import type { Head } from './ledger.ts';
import { numbered, START_MS } from './testing/samples.ts';
import { verifyJournal } from './verify.ts';

const EVENTS = 8;
const JOURNAL: readonly JournalRow[] = journalOf(EVENTS);
const HEAD: Head = JOURNAL[EVENTS - 1] ?? GENESIS;

const verify = (rows: readonly JournalRow[], head: Head | undefined = HEAD) =>
  verifyJournal([{ rows, head }]);

describe('verification', () => {
  test('accepts an empty journal', async () => {
    expect(await verify([], GENESIS)).toEqual({ ok: true, events: 0, headHash: GENESIS.hash });
  });

  test('accepts a whole journal in pages of any size, and reports progress', async () => {
    const progress: number[] = [];
    const pages = [JOURNAL.slice(0, 3), [], JOURNAL.slice(3)].map((rows) => ({ rows, head: HEAD }));
    const verified = await verifyJournal(pages, (events) => progress.push(events));
    expect(verified).toEqual({ ok: true, events: EVENTS, headHash: HEAD.hash });
    expect(progress).toEqual([3, 3, EVENTS]);
  });

  test('finds any change of one character in any text column of any row', async () => {
    const columns = ['type', 'correlationId', 'body', 'prevHash', 'hash'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(EVENTS - 1),
        fc.constantFrom(...columns),
        fc.nat(),
        fc.string({ unit: 'binary', minLength: 0, maxLength: 1 }),
        async (index, column, place, character) => {
          const row = JOURNAL[index] as JournalRow;
          const at = place % row[column].length;
          const changed = row[column].slice(0, at) + character + row[column].slice(at + 1);
          fc.pre(changed !== row[column]);
          const found = await verify(JOURNAL.with(index, { ...row, [column]: changed }));
          expect(found).toMatchObject({ ok: false, seq: index + 1 });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('finds any rows taken out, anywhere', async () => {
    const someRows = fc.subarray([...JOURNAL], { maxLength: EVENTS - 1 });
    await fc.assert(
      fc.asyncProperty(someRows, async (rows) => {
        const firstMissing = JOURNAL.find((row) => !rows.includes(row));
        expect(await verify(rows)).toMatchObject({
          ok: false,
          seq: firstMissing?.seq,
          fault: 'GAP',
        });
      }),
    );
  });

  test('finds any two rows exchanged', async () => {
    const two = fc.uniqueArray(fc.nat(EVENTS - 1), { minLength: 2, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(two, async ([a = 0, b = 1]) => {
        const [rowA, rowB] = [JOURNAL[a] as JournalRow, JOURNAL[b] as JournalRow];
        const found = await verify(JOURNAL.with(a, rowB).with(b, rowA));
        expect(found).toMatchObject({ ok: false, seq: Math.min(a, b) + 1 });
      }),
    );
  });

  test('names a body that is hashed correctly but cannot be read', async () => {
    for (const body of ['not json', '7', 'null']) {
      const row = { ...(JOURNAL[0] as JournalRow), body, hash: linkHash(GENESIS.hash, 1, body) };
      expect(await verify([row])).toMatchObject({ ok: false, seq: 1, fault: 'BODY_UNREADABLE' });
    }
  });

  test('names a body that is hashed correctly but has another number', async () => {
    const body = (JOURNAL[0] as JournalRow).body.replace('"seq":1', '"seq":9');
    const row = { ...(JOURNAL[0] as JournalRow), body, hash: linkHash(GENESIS.hash, 1, body) };
    expect(await verify([row])).toMatchObject({
      seq: 1,
      fault: 'COLUMN_DISAGREES',
      sentence: 'Column seq of event 1 says 1, but its body says 9.',
    });
  });

  test('does not throw on rows that hold no data at all', async () => {
    const nothing = { seq: 1, body: null, prevHash: null, hash: null } as unknown as JournalRow;
    expect(await verify([nothing])).toMatchObject({ ok: false, seq: 1, fault: 'BODY_UNREADABLE' });
    const unnumbered = { ...(JOURNAL[0] as JournalRow), seq: Number.NaN };
    expect(await verify([unnumbered])).toMatchObject({ ok: false, seq: 1, fault: 'OUT_OF_ORDER' });
  });

  test('says that the tail was cut, and how far the head had come', async () => {
    expect(await verify(JOURNAL.slice(0, 5))).toEqual({
      ok: false,
      seq: 6,
      fault: 'GAP',
      sentence: 'The journal ends at event 5, but its head says 8: the tail was cut.',
    });
  });
});

function journalOf(events: number): readonly JournalRow[] {
  const rows: JournalRow[] = [];
  for (let seq = 1; seq <= events; seq++) {
    const causationSeq = seq === 1 ? null : seq - 1;
    const event = { ...numbered(seq), causationSeq, seq, atMs: START_MS };
    rows.push(chain(rows.at(-1) ?? GENESIS, event));
  }
  return rows;
}
