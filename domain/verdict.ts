import type { ReasonCode } from './reason-code.ts';

export type Severity = 'INFO' | 'WARNING' | 'CRITICAL' | 'EMERGENCY';

/**
 * One comparison the kernel made: what was measured, what is allowed, what is left.
 * `value`, `limit` and `headroom` are text with exact decimals in `unit`, ready to record and show.
 */
export interface CheckOutcome {
  readonly check: string;
  readonly passed: boolean;
  readonly code?: ReasonCode;
  readonly value: string;
  readonly limit: string;
  readonly headroom: string;
  readonly unit: string;
}

interface Judged {
  readonly lane: 'ENTRY' | 'REDUCE_ONLY';
  /** `CATEGORY_CONDITION: value=… limit=…`, or the word CLEARED. */
  readonly sentence: string;
  readonly checks: readonly CheckOutcome[];
  readonly orderHash: string;
  readonly limitsHash: string;
  readonly snapshotSeq: number;
  readonly reviewedAtMs: number;
}

/** A verdict as it is recorded and shown; permission itself is the kernel's clearance, never this. */
export type VerdictRecord =
  | (Judged & { readonly cleared: true; readonly code?: never })
  | (Judged & { readonly cleared: false; readonly code: ReasonCode; readonly severity: Severity });
