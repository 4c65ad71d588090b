/** The newest decisions, refreshed from the top while older pages stay below. */
import type { DecisionView } from '../../../api/views.ts';
import type { Decisions } from './page-state.ts';

export const DECISIONS_PAGE = 50;

/** Replaces what the newest page covers and keeps the older rows that were loaded under it. */
export function withNewest(
  current: Decisions | null,
  newest: readonly DecisionView[],
  quiet: boolean,
): Decisions {
  const whole = newest.length < DECISIONS_PAGE;
  if (current === null || current.quiet !== quiet || whole) {
    return { rows: newest, quiet, atEnd: whole };
  }
  const covered = new Set(newest.map(({ cycleId }) => cycleId));
  const join = current.rows.findLastIndex(({ cycleId }) => covered.has(cycleId));
  // Nothing in common: more happened than one page holds, so the old rows no longer join on.
  if (join === -1) return { rows: newest, quiet, atEnd: false };
  return { ...current, rows: [...newest, ...current.rows.slice(join + 1)] };
}

export function withOlderDecisions(current: Decisions, older: readonly DecisionView[]): Decisions {
  const known = new Set(current.rows.map(({ cycleId }) => cycleId));
  const fresh = older.filter(({ cycleId }) => !known.has(cycleId));
  return {
    ...current,
    rows: [...current.rows, ...fresh],
    atEnd: older.length < DECISIONS_PAGE,
  };
}
