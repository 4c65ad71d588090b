import { hash } from 'node:crypto';
import type { Checkpoint } from '../checkpoint.ts';
import { OURS } from './keys.ts';

export const NOON_MS = Date.UTC(2026, 0, 31, 12);

/** A checkpoint whose hashes follow from its size. */
export const checkpointAt = (size: number, atMs = NOON_MS): Checkpoint => ({
  origin: OURS.name,
  size,
  root: hash('sha256', `root ${size}`, 'hex'),
  headHash: hash('sha256', `head ${size}`, 'hex'),
  commits: size,
  atMs,
});
