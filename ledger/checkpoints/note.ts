/**
 * C2SP signed notes: a text, a blank line, and signature lines `— <name> <base64>`, where the base64 is a
 * four-byte key id and an Ed25519 signature of the text. Anybody's verifier reads them.
 */
import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** A key that signs notes, as those who check them know it. */
export interface Verifier {
  readonly name: string;
  /** Eight hex digits that follow from the name and the key. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

export interface Signer extends Verifier {
  readonly privateKey: KeyObject;
}

/** A note, or the text of a key, that is not what it should be. The message says what is wrong. */
export class NoteRefused extends Error {
  override readonly name = 'NoteRefused';
}

/** Room for sixteen of the largest signatures there are; the rest of a note is short. */
export const NOTE_BYTES_MAX = 131_072;

const ED25519 = Buffer.of(0x01);
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const SPACE_OR_PLUS = /[\s\u0085+]/u;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNPRINTABLE = /[\0-\x09\x0b-\x1f]|\p{Surrogate}/u;

export function signerOf(name: string, privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  return { name, keyId: keyIdOf(name, rawBytesOf(publicKey)), publicKey, privateKey };
}

/** The key as one line, to be compared and handed on: `<name>+<key id>+<base64 of 01 ‖ key>`. */
export function verifierKey({ name, keyId, publicKey }: Verifier): string {
  return `${name}+${keyId}+${Buffer.concat([ED25519, rawBytesOf(publicKey)]).toString('base64')}`;
}

export function readVerifierKey(line: string): Verifier {
  // The base64 may hold plus signs; the name and the id cannot.
  const [, name, keyId, text] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(line) ?? [];
  if (name === undefined || keyId === undefined || text === undefined || !isKeyName(name)) {
    throw new NoteRefused('a verifier key has the form <name>+<8 hex digits>+<base64>');
  }
  const bytes = base64Bytes(text);
  if (bytes?.length !== 1 + PUBLIC_KEY_BYTES || bytes[0] !== ED25519[0]) {
    throw new NoteRefused(`the verifier key of ${name} holds no Ed25519 key`);
  }
  const raw = bytes.subarray(1);
  if (keyIdOf(name, raw) !== keyId) {
    throw new NoteRefused(
      `the verifier key of ${name} has the id ${keyIdOf(name, raw)}, not ${keyId}`,
    );
  }
  const der = Buffer.concat([SPKI_PREFIX, raw]);
  return { name, keyId, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

export const isKeyName = (text: string): boolean =>
  text !== '' && !SPACE_OR_PLUS.test(text) && !UNPRINTABLE.test(text);

/** The text, which must end its last line, with its signature. */
export function signNote(text: string, signer: Signer): string {
  if (!text.endsWith('\n')) throw new NoteRefused('the text of a note ends with a newline');
  const signature = sign(null, Buffer.from(text, 'utf8'), signer.privateKey);
  const line = Buffer.concat([Buffer.from(signer.keyId, 'hex'), signature]).toString('base64');
  const note = `${text}\n— ${signer.name} ${line}\n`;
  refuseUnprintable(note);
  return note;
}

/**
 * The text of a note that this key signed. Signatures of other keys are left alone, as C2SP wants it: a
 * witness may have added its own.
 */
export function openNote(note: string, verifier: Verifier): string {
  refuseUnprintable(note);
  const textEnd = note.lastIndexOf('\n\n') + 1;
  if (textEnd === 0) throw new NoteRefused('the note has no blank line before its signatures');
  if (!note.endsWith('\n')) throw new NoteRefused('the note ends in the middle of a line');
  const text = note.slice(0, textEnd);
  const lines = note.slice(textEnd + 1, -1).split('\n');
  const ours = lines.map(readSignature).filter((one) => isBy(one, verifier));
  if (ours.length === 0) {
    throw new NoteRefused(`the note is not signed by ${verifier.name} with key ${verifier.keyId}`);
  }
  const bytes = Buffer.from(text, 'utf8');
  if (!ours.every(({ signature }) => isValid(bytes, signature, verifier))) {
    throw new NoteRefused(`the signature of ${verifier.name} does not fit the text of the note`);
  }
  return text;
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Buffer;
}

function readSignature(line: string): NoteSignature {
  const [, name, text] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = text === undefined ? undefined : base64Bytes(text);
  if (
    name === undefined ||
    !isKeyName(name) ||
    bytes === undefined ||
    bytes.length <= KEY_ID_BYTES
  ) {
    throw new NoteRefused(`"${line}" is no signature line; one has the form — <name> <base64>`);
  }
  const keyId = bytes.toString('hex', 0, KEY_ID_BYTES);
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

const isBy = ({ name, keyId }: NoteSignature, by: Verifier): boolean =>
  name === by.name && keyId === by.keyId;

const isValid = (text: Buffer, signature: Buffer, by: Verifier): boolean =>
  signature.length === SIGNATURE_BYTES && verify(null, text, by.publicKey, signature);

function refuseUnprintable(note: string): void {
  if (UNPRINTABLE.test(note)) {
    throw new NoteRefused('the note holds a control character or text that is not Unicode');
  }
  if (Buffer.byteLength(note, 'utf8') > NOTE_BYTES_MAX) {
    throw new NoteRefused(`the note is longer than ${NOTE_BYTES_MAX} bytes`);
  }
}

/** Undefined for text that no encoder writes: one value has one text. */
export function base64Bytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Refuses keys of other kinds. */
function rawBytesOf(publicKey: KeyObject): Buffer {
  if (publicKey.asymmetricKeyType !== 'ed25519') {
    throw new NoteRefused(`notes are signed with Ed25519, not ${publicKey.asymmetricKeyType}`);
  }
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function keyIdOf(name: string, raw: Buffer): string {
  if (!isKeyName(name)) throw new NoteRefused(`"${name}" is no key name: no spaces, no plus sign`);
  const input = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), ED25519, raw]);
  return hash('sha256', input, 'hex').slice(0, 2 * KEY_ID_BYTES);
}
