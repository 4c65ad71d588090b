/**
 * A bundle that proves the journal to somebody who has neither our database nor our program: the events
 * as they were chained, the signed checkpoints, the verifier to run, and a manifest signed with the
 * checkpoints' key.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RecordBroken } from '../checkpoints/checkpointer.ts';
import { readCheckpoints, SEPARATOR } from '../checkpoints/log-file.ts';
import { type Signer, signNote, verifierKey } from '../checkpoints/note.ts';
import { GENESIS } from '../hash-chain.ts';
import type { JournalRow } from '../journal-row.ts';
import type { Head } from '../ledger.ts';
import { leafHash } from '../merkle/tree.ts';
import { headBroken, type JournalPage, rowBroken } from '../verify.ts';
import type { EventProof } from './event-proof.ts';

export interface ExportSources {
  /** The stored rows after an event, oldest first. */
  readonly pages: (afterSeq: number) => AsyncIterable<JournalPage>;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The log of signed checkpoints; those of later events are left out, because these cannot show them. */
  readonly checkpointsPath: string;
  readonly signer: Signer;
  /** Of the first event and of the last: what lies between them hangs together by its hashes. */
  readonly proofs: readonly EventProof[];
  readonly onProgress?: (events: number) => void;
}

export interface Exported {
  readonly events: number;
  readonly files: readonly string[];
}

const VERIFIER = new URL('../verify/verify.mjs', import.meta.url);

/**
 * Writes the bundle as directory `out`, which must not exist; it appears whole or not at all. Rejects
 * with `RecordBroken` for events that are not as they were chained: what is signed here is proven first.
 */
export async function exportBundle(sources: ExportSources, out: string): Promise<Exported> {
  const draft = `${out}.${process.pid}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, 'proofs'), { recursive: true, mode: 0o700 });
  try {
    const events = await writeJournal(sources, join(draft, 'journal.jsonl'));
    await writeFile(join(draft, 'checkpoints'), await notesUpTo(sources));
    await writeFile(join(draft, 'log.vkey'), `${verifierKey(sources.signer)}\n`);
    await copyFile(VERIFIER, join(draft, 'verify.mjs'));
    for (const proof of sources.proofs)
      await writeFile(join(draft, 'proofs', `${proof.seq}.json`), proofText(proof));
    const files = await filesIn(draft);
    await writeFile(join(draft, 'manifest'), await manifest(draft, files, sources));
    await rename(draft, out);
    return { events, files: [...files, 'manifest'] };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function writeJournal(sources: ExportSources, path: string): Promise<number> {
  const { fromSeq, toSeq } = sources;
  let last: Head | undefined;
  async function* lines(): AsyncGenerator<string> {
    for await (const { rows } of sources.pages(fromSeq - 1)) {
      const wanted = rows.filter(({ seq }) => seq <= toSeq);
      for (const row of wanted) {
        assertChained(last ?? before(fromSeq, row), row);
        last = row;
      }
      yield wanted.map(lineOf).join('');
      sources.onProgress?.((last?.seq ?? fromSeq - 1) - fromSeq + 1);
      if (wanted.length < rows.length) return;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { flush: true }));
  const { seq, hash } = last ?? { ...GENESIS, seq: fromSeq - 1 };
  // Events may have come since; what was asked for must be there.
  const missing = headBroken({ seq, hash }, { seq: toSeq, hash });
  if (missing !== undefined) throw new RecordBroken(missing);
  return toSeq - fromSeq + 1;
}

/** What a first event says it follows is taken as given; only event 1 follows nothing. */
const before = (fromSeq: number, row: JournalRow): Head =>
  fromSeq === 1 ? GENESIS : { seq: fromSeq - 1, hash: row.prevHash };

function assertChained(last: Head, row: JournalRow): void {
  const broken = rowBroken(last, row);
  if (broken !== undefined) throw new RecordBroken(broken);
}

const lineOf = ({ seq, prevHash, hash, body }: JournalRow): string =>
  `${JSON.stringify({ seq, prevHash, hash, body })}\n`;

async function notesUpTo({ checkpointsPath, signer, toSeq }: ExportSources): Promise<string> {
  let notes = '';
  for await (const { size, note } of readCheckpoints(checkpointsPath, signer))
    if (size <= toSeq) notes += note + SEPARATOR;
  return notes;
}

/** As the verifier reads it, which finds the event in the journal beside it. */
const proofText = ({ seq, size, hash, path, checkpoint }: EventProof): string =>
  `${JSON.stringify({ seq, size, leafHash: leafHash(hash), path, note: checkpoint })}\n`;

async function filesIn(directory: string): Promise<readonly string[]> {
  const proofs = (await readdir(join(directory, 'proofs'))).map((name) => `proofs/${name}`);
  return ['checkpoints', 'journal.jsonl', 'log.vkey', 'verify.mjs', ...proofs.sort()];
}

/** The range of events and one line for each file, `SHA-256 bytes name`, as a signed note. */
async function manifest(
  directory: string,
  files: readonly string[],
  { fromSeq, toSeq, signer }: ExportSources,
): Promise<string> {
  const lines: string[] = [];
  for (const name of files) {
    const path = join(directory, name);
    lines.push(`${await hashOf(path)} ${(await stat(path)).size} ${name}`);
  }
  const range = `events ${fromSeq} ${toSeq}`;
  return signNote(`${['plimsoll/export/v1', range, ...lines].join('\n')}\n`, signer);
}

async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  // The journal may be larger than memory; the rest is small.
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
