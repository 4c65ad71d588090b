/**
 * The key that signs checkpoints: one file that only its owner may read, made once, and beside it
 * `log.vkey`, the public half to give away. The name of the journal follows from the key, so that two
 * journals never share one.
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Signer, signerOf, verifierKey } from './note.ts';

/** The key cannot be used as it lies there. The message says what to do. */
export class SigningKeyUnusable extends Error {
  override readonly name = 'SigningKeyUnusable';
}

const SEED_BYTES = 32;
const ID_DIGITS = 16;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_NAME = /^plimsoll\/[0-9a-f]{16}$/;
const OTHERS_MAY = 0o077;

/** Where the public half of the key in `path` lies. */
export const verifierKeyPath = (path: string): string => join(dirname(path), 'log.vkey');

/**
 * The key in `path`; makes one when there has never been one. `drawSeed` gives 32 bytes that nobody can
 * guess.
 */
export function openSigningKey(path: string, drawSeed: () => Uint8Array): Signer {
  const told = readIfThere(verifierKeyPath(path))?.trim();
  if (readIfThere(path) === undefined) {
    if (told !== undefined) throw goneButTold(path);
    makeKey(path, drawSeed());
  }
  const signer = readKey(path);
  if (told === undefined) writeNew(verifierKeyPath(path), `${verifierKey(signer)}\n`, 0o644);
  else if (told !== verifierKey(signer)) throw notTheTold(path);
  return signer;
}

function readKey(path: string): Signer {
  refuseIfOthersMayRead(path);
  const { name, privateKey } = parse(path, readIfThere(path) ?? '');
  return signerOf(name, privateKey);
}

function refuseIfOthersMayRead(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS_MAY) === 0) return;
  throw new SigningKeyUnusable(
    `The signing key ${path} is open to other users (mode ${mode.toString(8)}). ` +
      `Whoever read it can sign for this journal; if nobody did, run: chmod 600 ${path}`,
  );
}

function parse(
  path: string,
  text: string,
): { readonly name: string; readonly privateKey: KeyObject } {
  try {
    const { name, privateKey } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof name === 'string' && typeof privateKey === 'string' && KEY_NAME.test(name)) {
      const key = createPrivateKey(privateKey);
      if (key.asymmetricKeyType === 'ed25519') return { name, privateKey: key };
    }
  } catch {
    // Neither JSON nor a key: said below, without a word of what the file holds.
  }
  throw new SigningKeyUnusable(
    `${path} is no signing key: it should hold a name and an Ed25519 private key. ` +
      'Put the file back from a backup.',
  );
}

function makeKey(path: string, seed: Uint8Array): void {
  if (seed.length !== SEED_BYTES) throw new Error(`a key is made of ${SEED_BYTES} bytes`);
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const name = `plimsoll/${hash('sha256', publicKey, 'hex').slice(0, ID_DIGITS)}`;
  const privateKey = key.export({ format: 'pem', type: 'pkcs8' });
  writeNew(path, `${JSON.stringify({ name, privateKey }, null, 2)}\n`, 0o600);
}

/** Appears whole, with its mode, and only if nothing is there: of two processes one wins. */
function writeNew(path: string, text: string, mode: number): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: 'wx', mode, flush: true });
    linkSync(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new SigningKeyUnusable(`${path} cannot be written: ${message}`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A new name is durable once its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Undefined only when the file is certainly not there. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SigningKeyUnusable(`${path} cannot be read: ${message}`);
  }
}

const goneButTold = (path: string): SigningKeyUnusable =>
  new SigningKeyUnusable(
    `The signing key ${path} is gone, but ${verifierKeyPath(path)} says that there was one. ` +
      'Put it back from a backup; to begin with a new key, move log.vkey and the checkpoints aside.',
  );

const notTheTold = (path: string): SigningKeyUnusable =>
  new SigningKeyUnusable(
    `The signing key ${path} is not the one that ${verifierKeyPath(path)} belongs to: ` +
      'one of them was replaced. Put the right one back from a backup.',
  );
