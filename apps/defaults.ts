/** What a start uses when nothing is said. */
export const DEFAULT_DATA_DIR = '.plimsoll';
export const DEFAULT_PORT = 4810;
/** The synthetic market's own default. */
export { DEFAULT_SEED } from '../market/feeds/synthetic-feed.ts';
/** Market seconds per wall second of the synthetic market. */
export const DEFAULT_SPEED = 30;
/** Replayed bars per wall second. */
export const DEFAULT_BARS_PER_SECOND = 4;
/** How long a proposal waits for a person, in real milliseconds. */
export const APPROVAL_WALL_MS = 300_000;
