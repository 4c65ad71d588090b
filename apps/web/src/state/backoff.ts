const FIRST_MS = 500;
const MOST_MS = 8_000;

/** How long to wait before try number `attempt` (0 is the first): doubling, at most eight seconds. */
export const backoffMs = (attempt: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
