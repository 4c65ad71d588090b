/**
 * Who may write. Whoever opens a store for writing leads it in a new, higher epoch, and every earlier
 * leader is deposed at that moment, whether it runs, hangs or sleeps. It carries its epoch into every
 * write, so a leader that was paused finds out at the first thing it tries.
 */
import type { Head } from './ledger.ts';

/** The right to write after one event; worth what the store says of it in the same transaction. */
export interface Leadership {
  readonly epoch: number;
  /** The last stored event. */
  readonly head: Head;
}

/** Leadership as it was just taken over. */
export interface TakenOver extends Leadership {
  /** How often events were kept since the journal was begun. */
  readonly commits: number;
}

export interface StoredLeadership extends TakenOver {
  /** Names the process for people, as in `desk-1/4711`. */
  readonly holder: string;
}

/** Why `ours` is not the right to write where `found` is what the store says, or undefined when it is. */
export function leadershipFault(
  ours: Leadership,
  found: StoredLeadership | undefined,
): string | undefined {
  if (found === undefined) return LEADERSHIP_GONE;
  if (found.epoch !== ours.epoch) {
    return `Another Plimsoll (${found.holder}) took over with epoch ${found.epoch}; this one led epoch ${ours.epoch} and must stop.`;
  }
  if (found.head.seq === ours.head.seq && found.head.hash === ours.head.hash) return undefined;
  return `The journal's head is event ${found.head.seq} and not our event ${ours.head.seq}: somebody else wrote.`;
}

export const LEADERSHIP_GONE = 'The head of the journal is gone, or the row that says who leads.';
