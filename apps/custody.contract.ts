/**
 * Somebody who owns the database, and may switch off whatever guards it, changes a journal that was
 * signed. Neither does Plimsoll start on it, nor does an audit accept it, and both name what was done.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { DomainEvent } from '../domain/event.ts';
import type { AuditReport } from '../ledger/audit/audit.ts';
import { auditFiles } from '../ledger/audit/evidence.ts';
import { headOf, lawful, rowsOf } from '../ledger/audit/testing/evidence.ts';
import { RecordBroken } from '../ledger/checkpoints/checkpointer.ts';
import { SEPARATOR } from '../ledger/checkpoints/log-file.ts';
import { openNote, readVerifierKey, signerOf, signNote } from '../ledger/checkpoints/note.ts';
import { keyOf } from '../ledger/checkpoints/testing/keys.ts';
import type { Database } from '../ledger/database.ts';
import type { JournalRow } from '../ledger/journal-row.ts';
import { LedgerBroken } from '../ledger/ledger.ts';
import { prepareTables } from '../ledger/prepare-tables.ts';
import { openSqlLedger } from '../ledger/sql-ledger.ts';
import { KNOWN, randomJournal } from '../ledger/testing/random-journal.ts';
import { resetTables } from '../ledger/testing/reset-tables.ts';
import { syntheticFeed } from '../market/feeds/synthetic-feed.ts';
import { DEFAULT_STRATEGIES } from '../strategies/registry.ts';
import { auditDirOf, auditStored, openCustody } from './custody.ts';
import { foldJournal } from './runtime/folds.ts';
import type { StoredLocation } from './storage.ts';

export const FEED = syntheticFeed();
const TRADED = { feed: FEED, strategies: DEFAULT_STRATEGIES };

/** A hundred and twenty events and more, of orders that were sent and filled. */
const EVENTS: readonly DomainEvent[] = (
  fc
    .sample(randomJournal(80).map(lawful), { numRuns: 100, seed: 11 })
    .find(
      (told) => told.length > 120 && told.filter(({ type }) => type === 'order.filled').length > 8,
    ) ?? []
).map(ofFeed);

/** As if it had been begun on the feed, so that a start looks further than at the market. */
function ofFeed(event: DomainEvent): DomainEvent {
  const { source: market, timeframe, instrument } = FEED;
  switch (event.type) {
    case 'system.started':
      return { ...event, body: { ...event.body, market, instruments: [instrument.id] } };
    case 'market.bar-closed':
      return { ...event, body: { ...event.body, timeframe } };
    default:
      return event;
  }
}
export const ROWS = rowsOf(EVENTS);
const SIZE = ROWS.length;
/** Signed at these sizes; at the third with a snapshot. */
export const [FIRST, SECOND, STATE, LAST] = [0, 40, 80, SIZE - 10] as const;

export interface Place {
  readonly database: Database;
  readonly location: StoredLocation;
}

/** What is wrong when Plimsoll starts on it, and what an audit finds. */
interface Found {
  readonly start: string;
  readonly audit: readonly (readonly [fault: string, seq: number | null])[];
}

type Row = Readonly<Record<string, unknown>>;

/** Writes the journal as it was signed; everything else is derived from it. */
export class Prepared {
  readonly place: Place;
  readonly #kept = mkdtempSync(join(tmpdir(), 'plimsoll-custody-'));
  #snapshots: readonly Row[] = [];

  constructor(place: Place) {
    this.place = place;
  }

  get auditDir(): string {
    return auditDirOf(this.place.location);
  }

  get files() {
    return auditFiles(this.auditDir);
  }

  /** Once: signs as the journal grows. */
  async make(): Promise<void> {
    await this.#empty();
    rmSync(this.auditDir, { recursive: true, force: true });
    for (const size of [FIRST, SECOND, STATE, LAST]) {
      await this.hold(ROWS.slice(0, size), size);
      await this.start(size === STATE ? 'SIGN_STATE' : 'SIGN');
    }
    const { rows } = await this.place.database.pool.query<Row>('SELECT * FROM snapshots');
    this.#snapshots = rows;
    cpSync(this.auditDir, this.#kept, { recursive: true });
  }

  /** As it was made, with the events that came after the last signature. */
  async reset(): Promise<void> {
    await this.#empty();
    await this.hold(ROWS, SIZE);
    for (const { seq, fingerprint, hash, state } of this.#snapshots)
      await this.place.database.pool.query('INSERT INTO snapshots VALUES ($1, $2, $3, $4)', [
        seq,
        fingerprint,
        hash,
        state,
      ]);
    rmSync(this.auditDir, { recursive: true, force: true });
    cpSync(this.#kept, this.auditDir, { recursive: true });
  }

  /** These rows and a head that fits, as a superuser writes them. */
  async hold(rows: readonly JournalRow[], commits: number): Promise<void> {
    await this.attack('DELETE FROM journal');
    await this.place.database.pool.query(
      `INSERT INTO journal SELECT * FROM json_to_recordset($1) AS row (seq bigint, at_ms bigint,
         type text, correlation_id text, causation_seq bigint, body text, prev_hash text, hash text)`,
      [
        JSON.stringify(
          rows.map((row) => ({
            ...row,
            at_ms: row.atMs,
            correlation_id: row.correlationId,
            causation_seq: row.causationSeq,
            prev_hash: row.prevHash,
          })),
        ),
      ],
    );
    const { seq, hash } = headOf(rows);
    await this.place.database.pool.query(
      'UPDATE journal_head SET seq = $1, hash = $2, commits = $3',
      [seq, hash, commits],
    );
  }

  /** Three events more than it was made with, lawfully written. */
  async grow(): Promise<void> {
    const { database } = this.place;
    const ledger = await openSqlLedger({ database, clock: new ManualClock(1_800_000_000_000) });
    const said = { kind: 'SYSTEM', name: 'test' } as const;
    for (const name of ['ada', 'mira', 'noor']) {
      await ledger.append(draft('operator.added', said, 'system', null, { name }));
      await ledger.flush();
    }
    await ledger.close();
  }

  /** With the guards down, and up again before anybody looks. */
  async attack(...statements: readonly string[]): Promise<void> {
    const { pool } = this.place.database;
    await pool.query('ALTER TABLE journal DISABLE TRIGGER USER');
    for (const statement of statements) await pool.query(statement);
    await pool.query('ALTER TABLE journal ENABLE TRIGGER USER');
  }

  /** `OK`, or the fault for which it is refused. */
  async start(then: 'LOOK' | 'SIGN' | 'SIGN_STATE' = 'LOOK'): Promise<string> {
    const { database, location } = this.place;
    const clock = new ManualClock(1_800_000_000_000);
    try {
      const ledger = await openSqlLedger({ database, clock });
      const drawSeed = (): Uint8Array => Buffer.alloc(32, 5);
      const custody = await openCustody({ database, ledger, location }, TRADED, {
        clock,
        drawSeed,
      });
      await foldJournal(ledger, custody.snapshots, KNOWN);
      if (then !== 'LOOK') await custody.checkpointer.sign(then === 'SIGN_STATE');
      return custody.snapshots.seq === 0 ? 'OK' : `OK from ${custody.snapshots.seq}`;
    } catch (error) {
      if (error instanceof LedgerBroken) return 'LEDGER_BROKEN';
      if (!(error instanceof RecordBroken)) throw error;
      expect(error.message).toMatch(/^[A-Z].{20}/);
      return error.finding.fault;
    }
  }

  async report(): Promise<AuditReport> {
    const { database, location } = this.place;
    const outcome = await auditStored(database, location);
    if (outcome.kind === 'DONE') return outcome.report;
    throw new Error('nobody asked to put it down');
  }

  async found(): Promise<Found> {
    const { findings } = await this.report();
    return {
      audit: findings.map(({ fault, seq }) => [fault, seq] as const),
      start: await this.start(),
    };
  }

  async #empty(): Promise<void> {
    await resetTables(this.place.database);
    await prepareTables(this.place.database);
  }

  remove(): void {
    rmSync(this.#kept, { recursive: true, force: true });
    rmSync(this.auditDir, { recursive: true, force: true });
  }
}

/** The same journal, where everything from an event on happened a little later. */
const rewritten = (from: number): readonly JournalRow[] =>
  rowsOf(EVENTS.map((event) => (event.seq < from ? event : later(event))));
const later = <E extends DomainEvent>(event: E): E => ({ ...event, atMs: event.atMs + 1 });

interface Attack extends Found {
  readonly name: string;
  readonly run: (prepared: Prepared) => Promise<void> | void;
}

const sql =
  (...statements: readonly string[]) =>
  (prepared: Prepared): Promise<void> =>
    prepared.attack(...statements);

const NO_CONSTRAINTS = `ALTER TABLE journal DROP CONSTRAINT journal_pkey,
  DROP CONSTRAINT journal_hash_key, DROP CONSTRAINT journal_prev_hash_key`;
const headAt = (seq: number): string =>
  `UPDATE journal_head SET (seq, hash) = (SELECT seq, hash FROM journal WHERE seq = ${seq})`;
const FRESH = LAST + 5;

const ATTACKS: readonly Attack[] = [
  {
    name: 'an event is edited',
    run: sql(`UPDATE journal SET body = overlay(body placing '~' from 30) WHERE seq = ${FRESH}`),
    start: 'HASH',
    audit: [['HASH', FRESH]],
  },
  {
    name: 'the time of an event is edited',
    run: sql(`UPDATE journal SET at_ms = at_ms + 1 WHERE seq = ${FRESH}`),
    start: 'COLUMN_DISAGREES',
    audit: [['COLUMN_DISAGREES', FRESH]],
  },
  {
    name: 'an event is deleted',
    run: sql(`DELETE FROM journal WHERE seq = ${FRESH}`),
    start: 'GAP',
    audit: [['GAP', FRESH]],
  },
  {
    name: 'an event is inserted',
    run: sql(
      `UPDATE journal SET seq = seq + 100000 WHERE seq >= ${FRESH}`,
      `UPDATE journal SET seq = seq - 99999 WHERE seq > 100000`,
      `INSERT INTO journal SELECT ${FRESH}, at_ms, type, correlation_id, NULL, body, repeat('a', 64),
         repeat('b', 64) FROM journal WHERE seq = 3`,
      headAt(SIZE + 1),
    ),
    start: 'PREV_LINK',
    audit: [['PREV_LINK', FRESH]],
  },
  {
    name: 'two events are exchanged',
    run: sql(
      `UPDATE journal a SET body = b.body FROM journal b
       WHERE (a.seq = ${FRESH} AND b.seq = ${FRESH + 2}) OR (a.seq = ${FRESH + 2} AND b.seq = ${FRESH})`,
    ),
    start: 'HASH',
    audit: [['HASH', FRESH]],
  },
  {
    name: 'an event is doubled',
    run: sql(NO_CONSTRAINTS, `INSERT INTO journal SELECT * FROM journal WHERE seq = ${FRESH}`),
    start: 'GUARD_DOWN',
    audit: [
      ['TWICE', FRESH],
      ['GUARD_DOWN', null],
      ['GUARD_DOWN', null],
      ['GUARD_DOWN', null],
    ],
  },
  {
    name: 'the tail is cut behind the last signature, and the head with it',
    run: sql(`DELETE FROM journal WHERE seq >= ${LAST}`, headAt(LAST - 1)),
    start: 'TAIL_CUT',
    audit: [['TAIL_CUT', LAST]],
  },
  {
    name: 'the tail is cut before the snapshot, which stays',
    run: sql(`DELETE FROM journal WHERE seq > 50`, headAt(50)),
    start: 'TAIL_CUT',
    audit: [['TAIL_CUT', 51]],
  },
  {
    name: 'the journal is emptied',
    run: sql('DELETE FROM journal', `UPDATE journal_head SET seq = 0, hash = repeat('0', 64)`),
    start: 'TAIL_CUT',
    audit: [['TAIL_CUT', 1]],
  },
  {
    name: 'the head is set back',
    run: sql(headAt(SIZE - 1)),
    start: 'LEDGER_BROKEN',
    audit: [['HEAD_DISAGREES', SIZE]],
  },
  {
    name: 'the head is deleted',
    run: sql('DELETE FROM journal_head'),
    start: 'LEDGER_BROKEN',
    audit: [
      ['HEAD_DISAGREES', SIZE],
      ['HEAD_DISAGREES', SIZE],
    ],
  },
  {
    name: 'the count of writes is set back',
    run: sql('UPDATE journal_head SET commits = 1'),
    start: 'HEAD_DISAGREES',
    audit: [['HEAD_DISAGREES', SIZE]],
  },
  {
    name: 'an older copy is put back',
    run: (prepared) => prepared.hold(ROWS.slice(0, 60), 60),
    start: 'OLDER_COPY',
    audit: [['OLDER_COPY', 61]],
  },
  {
    name: 'it is forked after its second signature, with every hash made anew',
    run: (prepared) => prepared.hold(rewritten(60), SIZE),
    start: 'FORKED',
    audit: [['FORKED', SECOND + 1]],
  },
  {
    name: 'it is forked just before its last signature',
    run: (prepared) => prepared.hold(rewritten(LAST), SIZE),
    start: 'FORKED',
    audit: [['FORKED', STATE + 1]],
  },
  {
    name: 'it is rebuilt from its first event, with every hash made anew',
    run: (prepared) => prepared.hold(rewritten(1), SIZE),
    start: 'REBUILT',
    audit: [['REBUILT', 1]],
  },
  {
    name: 'it is rebuilt to end where the snapshot does',
    run: (prepared) => prepared.hold(rewritten(1).slice(0, STATE), SIZE),
    start: 'REBUILT',
    audit: [['REBUILT', 1]],
  },
  {
    name: 'its triggers are disabled',
    run: async ({ place }) =>
      void (await place.database.pool.query('ALTER TABLE journal DISABLE TRIGGER USER')),
    start: 'GUARD_DOWN',
    audit: [
      ['GUARD_DOWN', null],
      ['GUARD_DOWN', null],
    ],
  },
  {
    name: 'its checkpoints are deleted',
    run: ({ files }) => rmSync(files.checkpoints),
    start: 'CHECKPOINTS_UNREADABLE',
    audit: [['CHECKPOINTS_UNREADABLE', null]],
  },
  {
    name: 'its checkpoints are emptied',
    run: ({ files }) => writeFileSync(files.checkpoints, ''),
    start: 'CHECKPOINTS_UNREADABLE',
    audit: [['CHECKPOINTS_UNREADABLE', null]],
  },
  {
    name: 'one byte of its first checkpoint is edited',
    run: ({ files }) => edit(files.checkpoints, (text) => text.replace('commits 0', 'commits 1')),
    start: 'CHECKPOINTS_UNREADABLE',
    audit: [['CHECKPOINTS_UNREADABLE', null]],
  },
  {
    name: 'its last checkpoint is signed with another key of the same name',
    run: ({ files }) => {
      const ours = readVerifierKey(readFileSync(files.verifierKey, 'utf8').trim());
      const theirs = signerOf(ours.name, keyOf(Buffer.alloc(32, 6)));
      edit(files.checkpoints, (text) => {
        const notes = text.split(SEPARATOR).slice(0, -1);
        const last = signNote(openNote(notes.at(-1) ?? '', ours), theirs);
        return [...notes.slice(0, -1), last, ''].join(SEPARATOR);
      });
    },
    start: 'CHECKPOINTS_UNREADABLE',
    audit: [['CHECKPOINTS_UNREADABLE', null]],
  },
  {
    name: 'the key to check its checkpoints with is deleted',
    run: ({ files }) => rmSync(files.verifierKey),
    // The private half is still there, and the public one follows from it.
    start: 'OK from 80',
    audit: [['CHECKPOINTS_UNREADABLE', null]],
  },
  {
    name: 'one byte of its snapshot is edited',
    run: sql(`UPDATE snapshots SET state = overlay(state placing '~' from 200)`),
    start: 'OK',
    audit: [['SNAPSHOT_DISAGREES', STATE]],
  },
  {
    name: 'its snapshot is passed off as made by another version',
    run: sql(`UPDATE snapshots SET fingerprint = fingerprint || '!'`),
    start: 'OK',
    audit: [['SNAPSHOT_DISAGREES', STATE]],
  },
  {
    name: 'the hash of its snapshot is edited',
    // Every digit becomes another, whichever the hash has.
    run: sql(`UPDATE snapshots SET hash = translate(hash, '0123456789abcdef', '123456789abcdef0')`),
    start: 'OK',
    audit: [['SNAPSHOT_DISAGREES', STATE]],
  },
];

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** What was signed is not what is there; a snapshot may hide that from a start. */
const REPLACED: readonly string[] = ['TAIL_CUT', 'OLDER_COPY', 'FORKED', 'REBUILT'];
const COLUMNS = ['body', 'hash', 'prev_hash', 'type', 'correlation_id'] as const;

export function custodyContract(name: string, open: () => Promise<Place>): void {
  describe(`${name}: a journal in custody`, () => {
    let prepared: Prepared;
    beforeAll(async () => {
      prepared = new Prepared(await open());
      await prepared.make();
    });
    beforeEach(() => prepared.reset());
    afterAll(() => prepared.remove());

    test('starts and is accepted as long as nobody touches it', async () => {
      expect(await prepared.report()).toMatchObject({
        ok: true,
        events: SIZE,
        checkpoints: 4,
        lastCheckpoint: { size: LAST },
        comparedAtSeq: STATE,
        findings: [],
      });
      expect(await prepared.start()).toBe(`OK from ${STATE}`);
      await prepared.place.database.pool.query('DELETE FROM snapshots');
      expect(await prepared.found()).toEqual({ audit: [], start: 'OK' });
      expect((await prepared.report()).comparedAtSeq).toBeUndefined();
    });

    test.each(ATTACKS)('$name: that is named', async ({ run, start, audit }) => {
      await run(prepared);
      expect(await prepared.found()).toEqual({ audit, start });
    });

    test('is named the same where there is no snapshot to begin from', async () => {
      const covered = ATTACKS.filter(({ start }) => REPLACED.includes(start));
      for (const { name: what, run, start } of covered) {
        await prepared.reset();
        await prepared.place.database.pool.query('DELETE FROM snapshots');
        await run(prepared);
        expect([what, await prepared.start()]).toEqual([what, start]);
      }
    });

    test('names the event in which one byte was changed, wherever it is', async () => {
      const places = fc.tuple(
        fc.integer({ min: 1, max: SIZE }),
        fc.constantFrom(...COLUMNS),
        fc.nat(10_000),
      );
      for (const [seq, column, place] of fc.sample(places, 12)) {
        await prepared.attack(
          `UPDATE journal SET ${column} = overlay(${column} placing
             chr(ascii(substr(${column}, 1 + ${place} % length(${column}))) # 1)
             from 1 + ${place} % length(${column})) WHERE seq = ${seq}`,
        );
        expect((await prepared.report()).findings[0]?.seq).toBe(seq);
        await prepared.hold(ROWS, SIZE);
      }
    });

    test('whose checkpoints were set aside on purpose begins to be signed again', async () => {
      const { checkpoints } = prepared.files;
      cpSync(checkpoints, `${checkpoints}.ended-${LAST}`);
      rmSync(checkpoints);
      await prepared.hold(ROWS.slice(0, 50), 50);
      expect(await prepared.start()).toBe('OK');
      expect(await prepared.report()).toMatchObject({ ok: true, checkpoints: 1 });
      expect(await prepared.start()).toBe('OK');
    });

    test('of an older Plimsoll is signed from the moment it is first opened', async () => {
      rmSync(prepared.auditDir, { recursive: true });
      expect(await prepared.report()).toMatchObject({ ok: true, checkpoints: 0 });
      expect(await prepared.start()).toBe('OK');
      expect(await prepared.report()).toMatchObject({ ok: true, lastCheckpoint: { size: SIZE } });
    });
  });
}
