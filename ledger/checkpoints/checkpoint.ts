/**
 * What a checkpoint says, in the form of C2SP's tlog-checkpoint: origin, size and root, each on its
 * line, then our extension lines. Other extension lines are allowed and mean nothing here.
 */
import { base64Bytes, isKeyName } from './note.ts';

export interface Checkpoint {
  /** The journal it is about; also the name of the key that signs. */
  readonly origin: string;
  /** Events covered: the sequence number of the last one. */
  readonly size: number;
  /** Of the Merkle tree over the event hashes, 64 hex digits, as every hash here. */
  readonly root: string;
  /** The hash of the last event covered. */
  readonly headHash: string;
  /** Group commits so far. */
  readonly commits: number;
  /** UTC milliseconds. */
  readonly atMs: number;
  /** The snapshot of all projections taken last, if one was. */
  readonly state?: { readonly seq: number; readonly hash: string };
}

/** A text that is no checkpoint of ours. The message says which line is wrong. */
export class NoCheckpoint extends Error {
  override readonly name = 'NoCheckpoint';
}

const HEX_HASH = /^[0-9a-f]{64}$/;
const WHOLE_NUMBER = /^(0|[1-9]\d{0,15})$/;
const HASH_BYTES = 32;
const OURS: readonly string[] = ['head', 'commits', 'at', 'state'];

/** The text to sign. Throws when it would not read back as the same checkpoint. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { origin, size, root, headHash, commits, atMs, state } = checkpoint;
  if (!isKeyName(origin))
    throw new NoCheckpoint(`"${origin}" is no origin: no spaces, no plus sign`);
  const lines = [
    origin,
    String(size),
    Buffer.from(hexHash('root', root), 'hex').toString('base64'),
    `head ${hexHash('head', headHash)}`,
    `commits ${commits}`,
    `at ${isInstant(atMs) ? new Date(atMs).toISOString() : atMs}`,
    ...(state === undefined ? [] : [`state ${state.seq} ${hexHash('state', state.hash)}`]),
  ];
  const text = `${lines.join('\n')}\n`;
  readCheckpoint(text);
  return text;
}

export function readCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new NoCheckpoint('the checkpoint ends in the middle of a line');
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw new NoCheckpoint('the checkpoint has no origin in its first line');
  const lines = extensionsOf(extensions);
  const checkpoint = {
    origin,
    size: wholeNumber('size', size),
    root: rootIn(root),
    headHash: hexHash('head', needed(lines, 'head')),
    commits: wholeNumber('commits', needed(lines, 'commits')),
    atMs: instant(needed(lines, 'at')),
  };
  const state = lines.get('state');
  return state === undefined
    ? checkpoint
    : { ...checkpoint, state: stateIn(state, checkpoint.size) };
}

/** Our extension lines by their first word. */
function extensionsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    if (line === '') throw new NoCheckpoint('the checkpoint has an empty line');
    const [word = '', ...rest] = line.split(' ');
    if (!OURS.includes(word)) continue;
    if (found.has(word)) throw new NoCheckpoint(`the checkpoint has two lines "${word}"`);
    found.set(word, rest.join(' '));
  }
  return found;
}

function needed(lines: ReadonlyMap<string, string>, word: string): string {
  const found = lines.get(word);
  if (found === undefined) throw new NoCheckpoint(`the checkpoint has no line "${word}"`);
  return found;
}

function wholeNumber(word: string, text: string): number {
  const value = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new NoCheckpoint(`${word} "${text}" is not a whole number without leading zeros`);
}

function rootIn(text: string): string {
  const bytes = base64Bytes(text);
  if (bytes?.length === HASH_BYTES) return bytes.toString('hex');
  throw new NoCheckpoint(`the root "${text}" is not the base64 of ${HASH_BYTES} bytes`);
}

function hexHash(word: string, text: string): string {
  if (HEX_HASH.test(text)) return text;
  throw new NoCheckpoint(`${word} "${text}" is not 64 lower-case hex digits`);
}

function stateIn(text: string, size: number): { readonly seq: number; readonly hash: string } {
  const [seqText = '', ...rest] = text.split(' ');
  const state = { seq: wholeNumber('state', seqText), hash: hexHash('state', rest.join(' ')) };
  if (state.seq <= size) return state;
  throw new NoCheckpoint(`state ${state.seq} is of a snapshot after the last event, ${size}`);
}

/** Exactly what `toISOString` writes for a year of four digits. */
function instant(text: string): number {
  const atMs = Date.parse(text);
  if (isInstant(atMs) && new Date(atMs).toISOString() === text) return atMs;
  throw new NoCheckpoint(`at "${text}" is not a UTC time like 2026-01-31T12:00:00.000Z`);
}

const YEAR_10000_MS = 253_402_300_800_000;
const isInstant = (atMs: number): boolean =>
  Number.isSafeInteger(atMs) && atMs >= 0 && atMs < YEAR_10000_MS;
