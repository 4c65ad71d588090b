import { createPrivateKey, type KeyObject } from 'node:crypto';
import { signerOf } from '../note.ts';

/** An Ed25519 key from its 32 seed bytes, so that a test signs the same each time. */
export const keyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });

export const OURS = signerOf('plimsoll/00112233445566ff', keyOf(Buffer.alloc(32, 7)));
/** Another key under the same name. */
export const THEIRS = signerOf(OURS.name, keyOf(Buffer.alloc(32, 8)));
