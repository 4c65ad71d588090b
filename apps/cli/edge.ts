import { randomBytes } from 'node:crypto';
import type { Edge } from '../custody.ts';

const SEED_BYTES = 32;

/** The one place where the command line hands out real time and chance for signing. */
export const EDGE: Edge = {
  clock: { now: () => Date.now() },
  drawSeed: () => randomBytes(SEED_BYTES),
};
