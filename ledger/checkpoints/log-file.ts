/**
 * The file of signed checkpoints: C2SP notes as they are, each followed by a line `---`. A person can
 * read it, and every note in it can be cut out and checked alone.
 */
import { open } from 'node:fs/promises';
import { type Checkpoint, NoCheckpoint, readCheckpoint } from './checkpoint.ts';
import { NOTE_BYTES_MAX, NoteRefused, openNote, type Verifier } from './note.ts';

export const SEPARATOR = '---\n';

export interface SignedCheckpoint extends Checkpoint {
  /** As it was signed. */
  readonly note: string;
}

/** The file is not what this journal's key signed, in the order it was signed. */
export class CheckpointLogBroken extends Error {
  override readonly name = 'CheckpointLogBroken';
}

/** How the file ends. */
export interface Tail {
  readonly last: SignedCheckpoint | undefined;
  /** Up to here the file holds whole notes and separators. */
  readonly wholeBytes: number;
  /** What is there after them: nothing, or what a crash left of the last note. */
  readonly torn: 'NOTHING' | 'SEPARATOR' | 'NOTE';
}

const NOTE_END = Buffer.from(`\n${SEPARATOR}`);
const TORN_SEPARATOR = /(?<=\n)-{1,3}$/u;
/** Room for the last note, and for one that a crash left half written. */
const TAIL_BYTES = 2 * (NOTE_BYTES_MAX + NOTE_END.length);

/**
 * Every checkpoint in the file, oldest first, each proven to be signed and to follow the one before.
 * What a crash left of the last note is passed over. None when there is no file.
 */
export async function* readCheckpoints(
  path: string,
  verifier: Verifier,
): AsyncGenerator<SignedCheckpoint, void, undefined> {
  let before: SignedCheckpoint | undefined;
  for await (const { bytes, isEnded } of pieces(path)) {
    const found = isEnded
      ? parse(path, bytes, verifier)
      : parseIfWhole(path, bytes.toString('utf8'), verifier);
    if (found === undefined) return;
    refuseContradiction(path, before, found);
    before = found;
    yield found;
  }
}

/** Reads only the end, whatever the length. */
export async function readTail(path: string, verifier: Verifier): Promise<Tail> {
  const { size, bytes } = await endOf(path);
  const end = bytes.lastIndexOf(NOTE_END);
  const restAt = end === -1 ? 0 : end + NOTE_END.length;
  const rest = bytes.subarray(restAt);
  const lastAt = startOfLast(bytes, end);
  if (rest.length > NOTE_BYTES_MAX || (lastAt === 0 && size > bytes.length)) {
    throw new CheckpointLogBroken(`${path} does not end like a file of signed notes.`);
  }
  const wholeBytes = size - rest.length;
  const last = end === -1 ? undefined : parse(path, bytes.subarray(lastAt, end + 1), verifier);
  if (rest.length === 0) return { last, wholeBytes, torn: 'NOTHING' };
  const unended = parseIfWhole(path, rest.toString('utf8'), verifier);
  if (unended === undefined) return { last, wholeBytes, torn: 'NOTE' };
  refuseContradiction(path, last, unended);
  return {
    last: unended,
    wholeBytes: wholeBytes + Buffer.byteLength(unended.note, 'utf8'),
    torn: 'SEPARATOR',
  };
}

/** Why `next` may not be signed after `before`, or undefined. Its time may lie earlier: clocks go back. */
export function contradiction(before: Checkpoint, next: Checkpoint): string | undefined {
  if (next.origin !== before.origin) return `is of ${next.origin}, not of ${before.origin}`;
  if (next.size < before.size)
    return `covers ${next.size} events after one that covered ${before.size}`;
  if (next.size > before.size) return undefined;
  const isSame = next.root === before.root && next.headHash === before.headHash;
  return isSame ? undefined : `covers the same ${next.size} events with another root or head`;
}

function refuseContradiction(
  path: string,
  before: Checkpoint | undefined,
  next: SignedCheckpoint,
): void {
  const because = before === undefined ? undefined : contradiction(before, next);
  if (because === undefined) return;
  throw new CheckpointLogBroken(`A checkpoint in ${path} ${because}.`);
}

function parse(path: string, bytes: Buffer, verifier: Verifier): SignedCheckpoint {
  const note = bytes.toString('utf8');
  try {
    const checkpoint = readCheckpoint(openNote(note, verifier));
    if (checkpoint.origin === verifier.name) return { ...checkpoint, note };
    throw new NoCheckpoint(`it is of ${checkpoint.origin}, not of ${verifier.name}`);
  } catch (error) {
    if (!(error instanceof NoteRefused) && !(error instanceof NoCheckpoint)) throw error;
    throw new CheckpointLogBroken(
      `A note in ${path} is not a checkpoint that this journal signed: ${error.message}. ` +
        `It begins: ${JSON.stringify(note.slice(0, 60))}`,
    );
  }
}

/** Undefined for what a crash left of a note. A whole note that is not ours was no accident. */
function parseIfWhole(
  path: string,
  rest: string,
  verifier: Verifier,
): SignedCheckpoint | undefined {
  const note = rest.replace(TORN_SEPARATOR, '');
  return isWhole(note) ? parse(path, Buffer.from(note, 'utf8'), verifier) : undefined;
}

/** A text, a blank line and signatures that end their lines. */
const isWhole = (note: string): boolean => /\n\n(— \S+ [A-Za-z0-9+/]+=*\n)+$/u.test(note);

/** Where the note begins that ends at `end`; 0 too when it may begin before these bytes. */
function startOfLast(bytes: Buffer, end: number): number {
  if (end < 1) return 0;
  const before = bytes.lastIndexOf(NOTE_END, end - 1);
  return before === -1 ? 0 : before + NOTE_END.length;
}

async function endOf(path: string): Promise<{ readonly size: number; readonly bytes: Buffer }> {
  const file = await open(path, 'r').catch(unlessMissing);
  if (file === undefined) return { size: 0, bytes: Buffer.alloc(0) };
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
    if (bytesRead === bytes.length) return { size, bytes };
    throw new Error(`${path} became shorter while it was read`);
  } finally {
    await file.close();
  }
}

interface Piece {
  readonly bytes: Buffer;
  /** False for what comes after the last separator. */
  readonly isEnded: boolean;
}

/** The file at its separators. */
async function* pieces(path: string): AsyncGenerator<Piece, void, undefined> {
  const file = await open(path, 'r').catch(unlessMissing);
  if (file === undefined) return;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of file.createReadStream()) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = rest.indexOf(NOTE_END); end !== -1; end = rest.indexOf(NOTE_END, start)) {
      yield { bytes: rest.subarray(start, end + 1), isEnded: true };
      start = end + NOTE_END.length;
    }
    rest = rest.subarray(start);
    if (rest.length > NOTE_BYTES_MAX) {
      throw new CheckpointLogBroken(`${path} does not hold signed notes: one has no end.`);
    }
  }
  if (rest.length > 0) yield { bytes: rest, isEnded: false };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
