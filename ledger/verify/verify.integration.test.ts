import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckpointLog } from '../checkpoints/checkpoint-log.ts';
import { signerOf, verifierKey } from '../checkpoints/note.ts';
import { chain, GENESIS } from '../hash-chain.ts';
import type { JournalRow } from '../journal-row.ts';
import { inclusionProof } from '../merkle/proofs.ts';
import { Frontier, leafHash } from '../merkle/tree.ts';
import { numbered, START_MS } from '../testing/samples.ts';
import {
  type Bundle,
  chained,
  checkpointOf,
  keyFrom,
  type Line,
  proofOf,
  signed,
  writeBundle,
  writeManifest,
} from './testing/bundle.ts';

const VERIFIER = fileURLToPath(new URL('./verify.mjs', import.meta.url));
const KEY = keyFrom(1);
const OTHER_KEY = keyFrom(2);
// JSON leaves the line and paragraph separators as they are, and they end no line.
const BODIES = Array.from(
  { length: 20 },
  (_, index) => `{"seq":${index + 1},"text":"ü\u2028\u2029 ✓"}`,
);
const LINES = chained(BODIES);
const upTo = (seq: number): readonly Line[] => LINES.slice(0, seq);
const GOOD: Bundle = {
  lines: LINES,
  checkpoints: [0, 1, 7, 7, 12, 17].map((size) => checkpointOf(upTo(size), KEY)),
  proofs: {
    'event-5.json': proofOf(5, upTo(12), KEY),
    'event-17.json': proofOf(17, upTo(17), KEY),
  },
  key: KEY,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-export-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Verdict {
  readonly exit: number;
  readonly said: string;
}

/** As a person runs it. */
const spawned = (...args: readonly string[]): Promise<Verdict> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [VERIFIER, ...args], (_, said, complaints) =>
      resolve({ exit: child.exitCode ?? -1, said: said + complaints }),
    );
  });

/** The same file in a thread, which starts ten times faster. */
async function run(...args: readonly string[]): Promise<Verdict> {
  const thread = new Worker(VERIFIER, { argv: [...args], stdout: true });
  const [[exit], said] = await Promise.all([
    once(thread, 'exit') as Promise<[number]>,
    textOf(thread.stdout),
  ]);
  return { exit, said };
}
const verify = (): Promise<Verdict> => run(folder, '--key', KEY.vkey);

const broken = (said: string): Verdict => ({ exit: 3, said: `BROKEN: ${said}.\n` });
const file = (name: string): string => join(folder, name);
const edit = (name: string, from: string, to: string): void => {
  const text = readFileSync(file(name), 'utf8');
  expect(text).toContain(from);
  writeFileSync(file(name), text.replace(from, to));
};
/** Somebody who owns the database exports it: the manifest fits whatever the journal says. */
const exported = (change: Partial<Bundle>): Promise<Verdict> => {
  writeBundle(folder, { ...GOOD, ...change });
  return verify();
};

describe('the standalone verifier', () => {
  test('accepts an untouched export, and says what it found', async () => {
    expect(await exported({})).toEqual({
      exit: 0,
      said:
        `${KEY.name}: events 1 to 20 follow one another as they were written.\n` +
        '6 checkpoints hold, to event 17, and 2 of 2 proofs.\n' +
        'For the events after 17 only the manifest vouches.\n',
    });
  });

  test('runs alone, with its verdict as its exit code', async () => {
    writeBundle(folder, GOOD);
    expect(await spawned(folder, '--key', KEY.vkey)).toEqual(await verify());
    edit('journal.jsonl', '{\\"seq\\":9', '{\\"seq\\":8');
    expect(await spawned(folder, '--key', KEY.vkey)).toEqual(
      broken('Event 9: not as it was written'),
    );
    expect(await spawned()).toMatchObject({ exit: 1 });
  });

  test('says that a key from the export itself proves nothing against who made it', async () => {
    writeBundle(folder, GOOD);
    const { exit, said } = await run(folder);
    expect(exit).toBe(0);
    expect(said).toContain('which proves nothing against whoever made all of it');
    expect(said).toContain(KEY.vkey);
  });

  test('accepts what the ledger itself writes', async () => {
    const signer = signerOf(KEY.name, KEY.privateKey);
    expect(verifierKey(signer)).toBe(KEY.vkey);
    const log = await CheckpointLog.open(file('checkpoints'), signer);
    const frontier = new Frontier();
    const rows: JournalRow[] = [];
    for (let seq = 1; seq <= 100; seq++) {
      const event = { ...numbered(seq), causationSeq: null, seq, atMs: START_MS };
      const row = chain(rows.at(-1) ?? GENESIS, event);
      rows.push(row);
      frontier.append(row.hash);
      if (seq % 9 !== 0) continue;
      const at = { size: seq, root: frontier.root(), headHash: row.hash };
      await log.append({ origin: KEY.name, ...at, commits: seq, atMs: START_MS });
    }
    const hashes = rows.map(({ hash }) => hash);
    const proof = {
      seq: 42,
      size: 99,
      leafHash: leafHash(hashes[41] as string),
      path: await inclusionProof(41, 99, hashes),
      note: log.last?.note,
    };
    const checkpoints: string[] = [];
    for await (const { note } of log.entries()) checkpoints.push(note);
    expect((await exported({ lines: rows, checkpoints, proofs: { '42.json': proof } })).said).toBe(
      `${KEY.name}: events 1 to 100 follow one another as they were written.\n` +
        '11 checkpoints hold, to event 99, and 1 of 1 proofs.\n' +
        'For the events after 99 only the manifest vouches.\n',
    );
  });

  test('accepts an empty journal, and one without checkpoints', async () => {
    const nothing = { lines: [], checkpoints: [], proofs: {} };
    expect((await exported(nothing)).exit).toBe(0);
    expect((await exported({ ...nothing, checkpoints: GOOD.checkpoints.slice(0, 1) })).exit).toBe(
      0,
    );
    expect((await exported({ checkpoints: [], proofs: {} })).exit).toBe(0);
  });

  test('accepts the later part of a journal, and says what it took as given', async () => {
    const { exit, said } = await exported({ lines: LINES.slice(7) });
    expect(exit).toBe(0);
    expect(said).toContain('What came before event 8 is not here and was taken as given.');
    expect(said).toContain('1 of 2 proofs');
  });

  test('cannot check what is not there, nor with a key that is none', async () => {
    for (const args of [[], [folder, '--kye', KEY.vkey], [folder, '--key']]) {
      expect(await run(...args)).toMatchObject({
        exit: 1,
        said: expect.stringContaining('usage:'),
      });
    }
    expect((await run(file('none'))).exit).toBe(1);
    writeBundle(folder, GOOD);
    expect((await run(folder, '--key', 'no key')).exit).toBe(1);
    rmSync(file('journal.jsonl'));
    expect(await verify()).toMatchObject({
      exit: 1,
      said: expect.stringMatching(/journal\.jsonl/),
    });
  });
});

/** The hashes stay as they were, as when a row is updated. */
const withBody = (seq: number, body: string): readonly Line[] =>
  LINES.with(seq - 1, { ...(LINES[seq - 1] as Line), body });
const rebuilt = (from: number): readonly Line[] =>
  chained(BODIES.map((body, index) => (index + 1 < from ? body : body.replace('text', 'word'))));
const without = (seq: number): readonly Line[] => LINES.toSpliced(seq - 1, 1);

describe('the standalone verifier names', () => {
  test.each<[string, Partial<Bundle>, string]>([
    ['an edited event', { lines: withBody(9, '{"seq":9}') }, 'Event 9: not as it was written'],
    [
      'an edited last event',
      { lines: withBody(20, `${BODIES[19]} `) },
      'Event 20: not as it was written',
    ],
    [
      'an edited event whose hash was made anew',
      { lines: LINES.with(8, rebuilt(9)[8] as Line) },
      'Event 10: does not follow from the one before',
    ],
    ['a deleted event', { lines: without(9) }, 'Event 9: not in its place, where event 10 stands'],
    [
      'a deleted event, the later ones moved up',
      { lines: without(9).map((line, index) => ({ ...line, seq: index + 1 })) },
      'Event 9: does not follow from the one before',
    ],
    [
      'an inserted event',
      { lines: LINES.toSpliced(9, 0, LINES[3] as Line) },
      'Event 10: not in its place, where event 4 stands',
    ],
    [
      'two events exchanged',
      { lines: LINES.with(4, LINES[5] as Line).with(5, LINES[4] as Line) },
      'Event 5: not in its place, where event 6 stands',
    ],
    [
      'a tail cut off below what was signed',
      { lines: upTo(15) },
      'The journal: cut off after event 15; event 17 was signed',
    ],
    [
      'a chain that was rebuilt',
      { lines: rebuilt(10) },
      'Checkpoint 5, of 12 events: signed for other events, or not in its place',
    ],
    [
      'a chain that was rebuilt from the first event on',
      { lines: rebuilt(1) },
      'Checkpoint 2, of 1 events: signed for other events, or not in its place',
    ],
    [
      'a rebuilt part of a journal',
      { lines: rebuilt(10).slice(8) },
      'Checkpoint 5, of 12 events: signed for other events, or not in its place',
    ],
    [
      'a part of a journal that does not continue what was signed before it',
      { lines: rebuilt(5).slice(12) },
      'Checkpoint 5, of 12 events: signed for other events, or not in its place',
    ],
    [
      'a checkpoint out of its order',
      { checkpoints: [12, 7].map((size) => checkpointOf(upTo(size), KEY)) },
      'Checkpoint 2, of 7 events: signed for other events, or not in its place',
    ],
    [
      'a smaller checkpoint behind one of events that are gone',
      { lines: upTo(10), checkpoints: [12, 7].map((size) => checkpointOf(upTo(size), KEY)) },
      'The journal: cut off after event 10; event 12 was signed',
    ],
    [
      'a checkpoint that another key signed',
      { checkpoints: GOOD.checkpoints.with(2, checkpointOf(upTo(7), OTHER_KEY)) },
      `Checkpoint 3: not signed with this key of ${KEY.name}, or changed since`,
    ],
    [
      'a checkpoint with a wrong root',
      {
        checkpoints: GOOD.checkpoints.with(
          4,
          checkpointOf([...rebuilt(1).slice(0, 11), LINES[11] as Line], KEY),
        ),
      },
      'Checkpoint 5, of 12 events: signed for other events, or not in its place',
    ],
    [
      'a checkpoint of another journal',
      { checkpoints: [signed(GOOD.checkpoints[2]?.replace('f\n', 'e\n') ?? '', KEY)] },
      'Checkpoint 1: no checkpoint of this journal',
    ],
    [
      'a proof of another event',
      { proofs: { 'x.json': { ...proofOf(5, upTo(12), KEY), seq: 6 } } },
      'The proof x.json of event 6: does not hold',
    ],
    [
      'a proof with a path that leads elsewhere',
      { proofs: { 'x.json': { ...proofOf(5, upTo(12), KEY), path: [] } } },
      'The proof x.json of event 5: does not hold',
    ],
    [
      'a proof of another size than was signed',
      { proofs: { 'x.json': { ...proofOf(1, upTo(3), KEY), size: 4 } } },
      'The proof x.json of event 1: does not hold',
    ],
    [
      'a proof against a checkpoint of another key',
      { proofs: { 'x.json': proofOf(5, upTo(12), OTHER_KEY) } },
      `The proof x.json of event 5: not signed with this key of ${KEY.name}, or changed since`,
    ],
    [
      'an export that another key signed, whatever key lies in it',
      { key: OTHER_KEY },
      `The manifest: not signed with this key of ${KEY.name}, or changed since`,
    ],
  ])('%s, in an export that was made of it', async (_, change, said) => {
    expect(await exported(change)).toEqual(broken(said));
  });

  test.each<[string, () => void, string]>([
    [
      'an edited event',
      () => edit('journal.jsonl', '{\\"seq\\":9', '{\\"seq\\":8'),
      'Event 9: not as it was written',
    ],
    [
      'events cut off after the last checkpoint, the manifest left as it was',
      () => {
        const text = readFileSync(file('journal.jsonl'), 'utf8');
        writeFileSync(file('journal.jsonl'), text.split('\n').slice(0, 18).join('\n').concat('\n'));
      },
      'The journal: ends at event 18; its manifest says 20',
    ],
    [
      'an event added after the last',
      () =>
        appendFileSync(
          file('journal.jsonl'),
          `${JSON.stringify(chained([...BODIES, '{}'])[20])}\n`,
        ),
      'The journal: ends at event 21; its manifest says 20',
    ],
    [
      'a line cut in the middle',
      () => truncateSync(file('journal.jsonl'), readFileSync(file('journal.jsonl')).length - 9),
      'The journal: ends at event 19; its manifest says 20',
    ],
    [
      'an edited checkpoint',
      () => edit('checkpoints', 'commits 1', 'commits 2'),
      `Checkpoint 1: not signed with this key of ${KEY.name}, or changed since`,
    ],
    [
      'a checkpoint that was taken away',
      () =>
        writeFileSync(
          file('checkpoints'),
          GOOD.checkpoints
            .slice(0, 5)
            .map((n) => `${n}---\n`)
            .join(''),
        ),
      'The journal: its manifest lists another checkpoints',
    ],
    [
      'a checkpoint cut in the middle',
      () => truncateSync(file('checkpoints'), readFileSync(file('checkpoints')).length - 2),
      'The file of checkpoints: ends in the middle of one',
    ],
    [
      'an edited manifest',
      () => edit('manifest', 'events 1 20', 'events 1 21'),
      `The manifest: not signed with this key of ${KEY.name}, or changed since`,
    ],
    [
      'an exchanged public key',
      () => writeFileSync(file('log.vkey'), `${OTHER_KEY.vkey}\n`),
      'The journal: its manifest lists another log.vkey',
    ],
    [
      'a checkpoint passed off as the manifest',
      () => writeFileSync(file('manifest'), GOOD.checkpoints[2] as string),
      'The manifest: not that of an export',
    ],
    [
      'a first event that is missing from what the manifest lists',
      () => {
        writeBundle(folder, { ...GOOD, lines: LINES.slice(1) });
        writeManifest(folder, 'events 1 20', ['journal.jsonl'], KEY);
      },
      'Event 1: not in its place, where event 2 stands',
    ],
  ])('%s, after the export was made', async (_, change, said) => {
    writeBundle(folder, GOOD);
    change();
    expect(await verify()).toEqual(broken(said));
  });

  test('an event that cannot be read', async () => {
    for (const line of ['null', '{', '{"seq":1}', '{"seq":1,"prevHash":7,"hash":"","body":""}']) {
      writeBundle(folder, GOOD);
      writeFileSync(file('journal.jsonl'), `${line}\n`);
      expect(await verify()).toMatchObject({
        exit: 3,
        said: expect.stringContaining('BROKEN: Event 1: '),
      });
    }
  });

  test('a change of any byte, wherever it is', async () => {
    const names = ['manifest', 'checkpoints', 'journal.jsonl', 'log.vkey', 'proofs/event-5.json'];
    writeBundle(folder, GOOD);
    for (const name of names) {
      const bytes = readFileSync(file(name));
      for (const at of [3, bytes.length >> 1, bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8((bytes[at] as number) ^ 0x20, at);
        writeFileSync(file(name), changed);
        expect(await verify(), `${name} at ${at}`).toMatchObject({ exit: 3 });
      }
      writeFileSync(file(name), bytes);
    }
    expect((await verify()).exit).toBe(0);
  });
});
