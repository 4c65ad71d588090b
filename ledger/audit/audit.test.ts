import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { GENESIS, linkHash } from '../hash-chain.ts';
import type { JournalRow } from '../journal-row.ts';
import { randomJournal } from '../testing/random-journal.ts';
import { audit, type AuditOutcome, type AuditReport, type SavedAudit } from './audit.ts';
import { type AuditFault, finding } from './finding.ts';
import {
  checkpointOf,
  type Evidence,
  evidenceOf,
  headOf,
  lawful,
  rowsOf,
  sourcesOf,
} from './testing/evidence.ts';

const STEPS_MAX = 30;
const RUNS = Math.ceil(PROPERTY_RUNS / 20);

/** A journal, signed at some sizes, and a page size. */
const untouched = fc
  .tuple(
    randomJournal(STEPS_MAX),
    fc.array(fc.nat(), { maxLength: 5 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([events, places, pageRows]) => {
    const told = lawful(events);
    const sizes = places.map((place) => place % (told.length + 1)).sort((a, b) => a - b);
    return { evidence: evidenceOf(told, sizes), pageRows };
  });

/** Long enough for everything below, with orders that were filled. */
const TOLD =
  fc
    .sample(randomJournal(60).map(lawful), { numRuns: 100, seed: 4 })
    .find(
      (told) => told.length > 90 && told.filter(({ type }) => type === 'order.filled').length > 5,
    ) ?? [];
const SIZES = [0, 20, 40, 60];
const GOOD = evidenceOf(TOLD, SIZES);
const { length: SIZE } = GOOD.rows;

const report = async (evidence: Evidence, pageRows?: number): Promise<AuditReport> =>
  reportOf(await audit(sourcesOf(evidence, pageRows)));

function reportOf(outcome: AuditOutcome): AuditReport {
  if (outcome.kind === 'DONE') return outcome.report;
  throw new Error('it was put down');
}

const faults = async (
  evidence: Evidence,
): Promise<readonly (readonly [AuditFault, number | null])[]> =>
  (await report(evidence)).findings.map(({ fault, seq }) => [fault, seq] as const);

describe('an untouched journal', () => {
  test('is accepted, whatever happened in it, wherever it was signed, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(untouched, async ({ evidence, pageRows }) => {
        const { findings, ...rest } = await report(evidence, pageRows);
        expect(findings).toEqual([]);
        expect(rest).toMatchObject({
          ok: true,
          events: evidence.rows.length,
          headHash: evidence.head?.hash,
          checkpoints: evidence.checkpoints.length,
        });
        expect(rest.lastCheckpoint).toBe(evidence.checkpoints.at(-1));
        const at = evidence.snapshot?.seq;
        expect(rest.comparedAtSeq).toBe(at === 0 ? undefined : at);
      }),
      { numRuns: RUNS },
    );
  });

  test('gives the same report when it is put down after any page and taken up again', async () => {
    await fc.assert(
      fc.asyncProperty(untouched, fc.nat(), async ({ evidence, pageRows }, place) => {
        const sources = sourcesOf(evidence, pageRows);
        let left = place % Math.ceil((evidence.rows.length + 1) / (pageRows + 1));
        const resume = savedOf(await audit(sources, { stop: () => left-- === 0 }));
        expect(await audit(sources, { resume })).toEqual(await audit(sources));
      }),
      { numRuns: RUNS },
    );
  });

  test('is put down and taken up after every single page', async () => {
    const sources = sourcesOf(GOOD, 7);
    let outcome = await audit(sources, { stop: () => true });
    for (let times = 0; outcome.kind === 'PUT_DOWN' && times < SIZE; times++) {
      let pages = 0;
      outcome = await audit(sources, { resume: savedOf(outcome), stop: () => pages++ === 1 });
    }
    expect(reportOf(outcome)).toEqual(await report(GOOD));
  });

  test('tells how far it has come after each page', async () => {
    const seen: number[] = [];
    await audit(sourcesOf(GOOD, 25), { onProgress: (events) => seen.push(events) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(SIZE);
    expect(seen.length).toBe(Math.floor(SIZE / 25) + (SIZE % 25 === 0 ? 0 : 1));
  });

  test('is accepted where nothing was written', async () => {
    const nothing = evidenceOf([], [0]);
    expect(await report(nothing)).toMatchObject({ ok: true, events: 0, checkpoints: 1 });
  });
});

/** As it comes back from the file it was kept in. */
function savedOf(outcome: AuditOutcome): SavedAudit {
  if (outcome.kind === 'DONE') throw new Error('it was not put down');
  return JSON.parse(JSON.stringify(outcome.saved)) as SavedAudit;
}

describe('put down', () => {
  const until = async (evidence: Evidence, seq: number) => {
    let at = 0;
    return audit(sourcesOf(evidence, 10), {
      onProgress: (events) => (at = events),
      stop: () => at >= seq,
    });
  };

  test('once something is wrong, it ends with what it has found instead of forgetting it', async () => {
    const forked = {
      ...GOOD,
      checkpoints: GOOD.checkpoints.with(1, { ...checkpoint(1), root: 'f'.repeat(64) }),
    };
    const outcome = await until(forked, 30);
    expect(reportOf(outcome)).toMatchObject({
      ok: false,
      findings: [{ fault: 'REBUILT', seq: 1 }],
    });
    expect(reportOf(outcome).events).toBeLessThan(SIZE);
  });

  test('and the journal changed at its end meanwhile, the change is found', async () => {
    const saved = savedOf(await until(GOOD, 30));
    const { size } = saved.tree as { readonly size: number };
    const row = GOOD.rows[size - 1] as JournalRow;
    const other = rowsOf(TOLD.slice(0, size).with(3, { ...TOLD[3], correlationId: 'x' } as never));
    const rows = [...other, ...rowsOf(TOLD.slice(size), other.at(-1))];
    const outcome = await audit(sourcesOf({ ...GOOD, rows, head: headOf(rows) }), {
      resume: saved,
    });
    expect(row.seq).toBe(size);
    expect(reportOf(outcome).findings[0]).toMatchObject({ fault: 'PREV_LINK', seq: size + 1 });
  });

  test('and something was signed since of what it had read, it begins again', async () => {
    const saved = savedOf(await until({ ...GOOD, checkpoints: GOOD.checkpoints.slice(0, 1) }, 30));
    const wrong = { ...checkpoint(1), root: 'f'.repeat(64) };
    const sources = sourcesOf({ ...GOOD, checkpoints: GOOD.checkpoints.with(1, wrong) });
    const { findings } = reportOf(await audit(sources, { resume: saved }));
    expect(findings).toMatchObject([{ fault: 'REBUILT', seq: 1 }]);
  });
});

const checkpoint = (index: number) => checkpointOf(GOOD.rows, SIZES[index] ?? 0);

describe('a change of one byte', () => {
  const texts = ['type', 'correlationId', 'body', 'prevHash', 'hash'] as const;
  const numbers = ['seq', 'atMs', 'causationSeq'] as const;

  test('in any text column of any row is found, and the event is named', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(SIZE - 1),
        fc.constantFrom(...texts),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (index, column, place, bits) => {
          const row = GOOD.rows[index] as JournalRow;
          const rows = GOOD.rows.with(index, {
            ...row,
            [column]: flipped(row[column], place, bits),
          });
          const { ok, findings } = await report({ ...GOOD, rows });
          expect(ok).toBe(false);
          expect(findings[0]?.seq).toBe(index + 1);
          expect(['HASH', 'PREV_LINK', 'COLUMN_DISAGREES']).toContain(findings[0]?.fault);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('in any number of any row is found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(SIZE - 1),
        fc.constantFrom(...numbers),
        fc.integer({ min: 0, max: 52 }),
        async (index, column, bit) => {
          const row = GOOD.rows[index] as JournalRow;
          const before = BigInt(row[column] ?? 0);
          const changed = { ...row, [column]: Number(before ^ (1n << BigInt(bit))) };
          const { ok, findings } = await report({ ...GOOD, rows: GOOD.rows.with(index, changed) });
          expect(ok).toBe(false);
          expect(findings[0]?.seq).not.toBeNull();
          if (column !== 'seq')
            expect(findings[0]).toMatchObject({ fault: 'COLUMN_DISAGREES', seq: index + 1 });
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('in the head is found', async () => {
    const { head } = GOOD;
    if (head === undefined) throw new Error('there is a head');
    for (let place = 0; place < 64; place += 9) {
      const hash = flipped(head.hash, place, 1);
      expect(await faults({ ...GOOD, head: { ...head, hash } })).toEqual([
        ['HEAD_DISAGREES', SIZE],
      ]);
    }
    expect(await faults({ ...GOOD, head: { ...head, seq: SIZE - 1 } })).toEqual([
      ['HEAD_DISAGREES', SIZE],
    ]);
    expect(await faults({ ...GOOD, head: { ...head, seq: SIZE + 1 } })).toEqual([
      ['GAP', SIZE + 1],
    ]);
    expect(await faults({ ...GOOD, head: undefined })).toEqual([['HEAD_DISAGREES', SIZE]]);
    // Fewer than were signed: such a count never goes back.
    expect(await faults({ ...GOOD, commits: 59 })).toEqual([['HEAD_DISAGREES', SIZE]]);
  });

  test('in any section of the snapshot is found', async () => {
    const { snapshot } = GOOD;
    if (snapshot === undefined) throw new Error('there is a snapshot');
    for (const [name, text] of snapshot.sections) {
      const sections = new Map(snapshot.sections).set(name, flipped(text, text.length >> 1, 1));
      const changed = { ...GOOD, snapshot: { ...snapshot, sections } };
      expect(await faults(changed)).toEqual([['SNAPSHOT_DISAGREES', snapshot.seq]]);
    }
    const without = { ...snapshot, sections: new Map([...snapshot.sections].slice(1)) };
    expect(await faults({ ...GOOD, snapshot: without })).toEqual([['SNAPSHOT_DISAGREES', 40]]);
  });

  test('in the root of any checkpoint is found, and the part that cannot be trusted is named', async () => {
    for (const [index, fault, seq] of [
      [1, 'REBUILT', 1],
      [2, 'FORKED', 21],
      [3, 'FORKED', 41],
    ] as const) {
      const wrong = { ...checkpoint(index), root: flipped(checkpoint(index).root, 9, 1) };
      const changed = { ...GOOD, checkpoints: GOOD.checkpoints.with(index, wrong) };
      expect(await faults(changed)).toEqual([[fault, seq]]);
    }
  });
});

/** One character becomes another. */
function flipped(text: string, place: number, bits: number): string {
  const at = place % text.length;
  const code = text.charCodeAt(at) ^ bits;
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}

describe('what was done is named', () => {
  test('an event that was deleted, inserted, exchanged or doubled', async () => {
    const rows = [...GOOD.rows];
    const [five, six] = [rows[4] as JournalRow, rows[5] as JournalRow];
    expect(await faults({ ...GOOD, rows: rows.toSpliced(4, 1) })).toEqual([['GAP', 5]]);
    expect(await faults({ ...GOOD, rows: [...rows, five] })).toEqual([['TWICE', 5]]);
    const inserted = rows.flatMap((row) =>
      row.seq < 6
        ? [row]
        : row === six
          ? [
              { ...five, seq: 6 },
              { ...row, seq: 7 },
            ]
          : [{ ...row, seq: row.seq + 1 }],
    );
    expect(await faults({ ...GOOD, rows: inserted })).toEqual([['PREV_LINK', 6]]);
    const exchanged = rows.with(4, { ...six, seq: 5 }).with(5, { ...five, seq: 6 });
    expect(await faults({ ...GOOD, rows: exchanged })).toEqual([['PREV_LINK', 5]]);
  });

  test('a tail that was cut, the head set back with it', async () => {
    for (const length of [0, 1, 30, 59]) {
      const rows = GOOD.rows.slice(0, length);
      const cut = { ...GOOD, rows, head: headOf(rows) };
      expect(await faults(cut)).toEqual([['TAIL_CUT', length + 1]]);
      // The same with the count of an older copy.
      expect(await faults({ ...cut, commits: length })).toEqual([['OLDER_COPY', length + 1]]);
    }
  });

  test('a cut behind the last checkpoint shows by nothing but the head, and is no secret of the audit', async () => {
    const rows = GOOD.rows.slice(0, 61);
    expect(await faults({ ...GOOD, rows })).toEqual([['GAP', 62]]);
    expect(await faults({ ...GOOD, rows, head: headOf(rows) })).toEqual([]);
  });

  const told = (from: number) =>
    TOLD.map((event) =>
      event.seq < from ? event : ({ ...event, atMs: event.atMs + 1 } as typeof event),
    );

  test('a chain that was rebuilt from its first event, or from any later one', async () => {
    for (const [from, fault, seq] of [
      [1, 'REBUILT', 1],
      [20, 'REBUILT', 1],
      [21, 'FORKED', 21],
      [41, 'FORKED', 41],
      [60, 'FORKED', 41],
    ] as const) {
      const rows = rowsOf(told(from));
      const rebuilt = { ...GOOD, rows, head: headOf(rows) };
      expect((await faults(rebuilt))[0]).toEqual([fault, seq]);
      const { checkpoints } = rebuilt;
      const [first] = await faults({ ...rebuilt, checkpoints: checkpoints.slice(1) });
      expect(first).toEqual(from <= 20 ? ['REBUILT', 1] : [fault, seq]);
    }
  });

  test('and a rebuilt chain that is shorter or longer too, only once', async () => {
    for (const length of [21, 59, SIZE]) {
      const rows = rowsOf(told(1).slice(0, length));
      const { checkpoints: _, snapshot: _none, ...rest } = GOOD;
      const evidence = {
        ...rest,
        rows,
        head: headOf(rows),
        checkpoints: GOOD.checkpoints.slice(1),
      };
      expect(await faults(evidence)).toEqual([['REBUILT', 1]]);
    }
  });

  test('guards that are down, beside everything else', async () => {
    const sources = { ...sourcesOf(GOOD), guardFaults: async () => ['The trigger is disabled.'] };
    expect(reportOf(await audit(sources)).findings).toEqual([
      finding('GUARD_DOWN', null, 'The trigger is disabled.'),
    ]);
    const rows = GOOD.rows.toSpliced(4, 1);
    const both = { ...sources, pages: sourcesOf({ ...GOOD, rows }).pages };
    expect(reportOf(await audit(both)).findings.map(({ fault }) => fault)).toEqual([
      'GAP',
      'GUARD_DOWN',
    ]);
  });

  test('checkpoints and snapshots that could not be read, and the journal is proven all the same', async () => {
    const lost = finding('CHECKPOINTS_UNREADABLE', null, 'They are gone.');
    const changed = finding('SNAPSHOT_DISAGREES', 40, 'It was changed.');
    const sources = { ...sourcesOf(GOOD), checkpoints: lost, snapshot: changed };
    const found = reportOf(await audit(sources));
    expect(found).toMatchObject({
      ok: false,
      events: SIZE,
      checkpoints: 0,
      findings: [lost, changed],
    });
  });

  test('an event that nobody understands, whose chain holds', async () => {
    const alien = { ...TOLD[9], type: 'alien.landed' } as unknown as (typeof TOLD)[number];
    const rows = rowsAs(9, JSON.stringify({ ...alien, seq: 10 }));
    expect(await faults({ rows, head: headOf(rows), commits: SIZE, checkpoints: [] })).toEqual([
      ['EVENT_UNREADABLE', 10],
    ]);
  });
});

/** The journal, chained over another text of one event. */
function rowsAs(index: number, body: string): readonly JournalRow[] {
  const event = JSON.parse(body) as (typeof TOLD)[number];
  const before = rowsOf(TOLD.slice(0, index));
  const { atMs, type, correlationId, causationSeq } = event;
  const after = before.at(-1) ?? GENESIS;
  const row = {
    seq: index + 1,
    atMs,
    type,
    correlationId,
    causationSeq,
    body,
    prevHash: after.hash,
    hash: linkHash(after.hash, index + 1, body),
  };
  return [...before, row, ...rowsOf(TOLD.slice(index + 1), row)];
}
