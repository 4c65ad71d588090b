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
import { type Signer, signNote, verifierKey } from '../checkpoints/note.ts';
import type { JournalPage } from '../verify.ts';
import type { EventProof } from './event-proof.ts';

export interface ExportSources {
  /** The stored rows after an event, oldest first. */
  readonly pages: (afterSeq: number) => AsyncIterable<JournalPage>;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The log of signed checkpoints, copied as it is. */
  readonly checkpointsPath: string;
  readonly signer: Signer;
  /** Of the last event that a checkpoint covers, and of the first where that is not event 1. */
  readonly proofs: readonly EventProof[];
  readonly onProgress?: (events: number) => void;
}

export interface Exported {
  readonly events: number;
  readonly files: readonly string[];
}

const VERIFIER = new URL('../verify/verify.mjs', import.meta.url);

/** Writes the bundle as directory `out`, which must not exist; it appears whole or not at all. */
export async function exportBundle(sources: ExportSources, out: string): Promise<Exported> {
  const draft = `${out}.${process.pid}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(draft, 'proofs'), { recursive: true, mode: 0o700 });
  try {
    const events = await writeJournal(sources, join(draft, 'journal.jsonl'));
    await copyFile(sources.checkpointsPath, join(draft, 'checkpoints'));
    await writeFile(join(draft, 'log.vkey'), `${verifierKey(sources.signer)}\n`);
    await copyFile(VERIFIER, join(draft, 'verify.mjs'));
    for (const proof of sources.proofs)
      await writeFile(join(draft, 'proofs', `${proof.seq}.json`), `${JSON.stringify(proof)}\n`);
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
  let events = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { rows } of sources.pages(sources.fromSeq - 1)) {
      const wanted = rows.filter(({ seq }) => seq >= sources.fromSeq && seq <= sources.toSeq);
      if (wanted.length === 0 && rows.length > 0) return;
      events += wanted.length;
      yield wanted
        .map(
          ({ seq, prevHash, hash, body }) => `${JSON.stringify({ seq, prevHash, hash, body })}\n`,
        )
        .join('');
      sources.onProgress?.(events);
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { flush: true }));
  return events;
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const proofs = (await readdir(join(directory, 'proofs'))).map((name) => `proofs/${name}`);
  return ['checkpoints', 'journal.jsonl', 'log.vkey', 'verify.mjs', ...proofs.sort()];
}

/** One line for each file, `SHA-256 bytes name`, and the range of events, as a signed note. */
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
  return signNote(`${['plimsoll/export/v1', signer.name, range, ...lines].join('\n')}\n`, signer);
}

async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  // The journal may be larger than memory; the rest is small.
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
