/** What an audit may find wrong. Each is named, because what to do next depends on it. */
import type { ChainFault } from '../verify.ts';

export type AuditFault =
  | ChainFault
  /** The journal is shorter than a signed checkpoint saw it, and was written as often since. */
  | 'TAIL_CUT'
  /** The journal is shorter than a signed checkpoint saw it, and so is the count of its commits. */
  | 'OLDER_COPY'
  /** No signed checkpoint agrees with it: this is another journal, or one that was made anew. */
  | 'REBUILT'
  /** It agrees with its first checkpoints and not with a later one. */
  | 'FORKED'
  | 'CHECKPOINTS_UNREADABLE'
  /** What keeps rows from being changed is switched off, gone, or another. */
  | 'GUARD_DOWN'
  /** The database cannot read its own pages any more. */
  | 'STORAGE_DAMAGED'
  | 'EVENT_UNREADABLE'
  /** The journal tells a story that cannot be: a fill of no order, a step the order table does not have. */
  | 'STORY_BROKEN'
  | 'OUT_OF_BALANCE'
  /** An order went out without what must come before it. */
  | 'LINEAGE_BROKEN'
  | 'SNAPSHOT_DISAGREES';

export interface Finding {
  readonly fault: AuditFault;
  /** The event it begins at; null where it is not about one. */
  readonly seq: number | null;
  readonly sentence: string;
}

export const finding = (fault: AuditFault, seq: number | null, sentence: string): Finding => ({
  fault,
  seq,
  sentence,
});
