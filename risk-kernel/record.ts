import { formatDecimal } from '../domain/decimal.ts';
import type { Order } from '../domain/order.ts';
import { type ReasonCode, REASONS } from '../domain/reason-code.ts';
import { absolute, type Money } from '../domain/units.ts';
import type { CheckOutcome, Severity, VerdictRecord } from '../domain/verdict.ts';
import type { Finding, Findings, Measure } from './findings.ts';
import { orderHash } from './order-fingerprint.ts';
import type { Opinion } from './review.ts';

/** A verdict as the journal stores it and people read it. */
export function toRecord(order: Order, opinion: Opinion): VerdictRecord {
  const findings = opinion.findings.list;
  const failing = findings.at(-1);
  const judged = {
    lane: opinion.lane,
    checks: findings.map(toOutcome),
    orderHash: orderHash(order),
    limitsHash: opinion.limitsHash,
    snapshotSeq: opinion.snapshotSeq,
    reviewedAtMs: opinion.reviewedAtMs,
  };
  if (opinion.cleared) return { ...judged, cleared: true, sentence: 'CLEARED' };
  return {
    ...judged,
    cleared: false,
    code: opinion.code,
    severity: severityOf(opinion.code),
    sentence: sentenceOf(opinion.code, failing),
  };
}

function toOutcome(finding: Finding): CheckOutcome {
  return {
    check: finding.code,
    passed: finding.passed,
    ...(finding.passed ? {} : { code: finding.code }),
    value: show(finding.value),
    limit: show(finding.limit),
    headroom: headroom(finding),
    unit: finding.unit,
  };
}

const show = (measure: Measure): string =>
  typeof measure === 'bigint' ? formatDecimal(measure) : String(measure);

/**
 * The distance between value and limit, whichever side is the good one; negative when it failed. A
 * condition, which has no unit, holds or does not, and has none.
 */
function headroom({ value, limit, passed, unit }: Finding): string {
  if (unit === '') return '';
  if (typeof value === 'bigint') {
    const distance = absolute((value - (limit as bigint)) as Money);
    return formatDecimal(passed ? distance : -distance);
  }
  const distance = Math.abs(Number(limit) - Number(value));
  return String(passed ? distance : -distance);
}

/** What did not hold, each in words a person can act on. */
export const failures = (
  findings: Findings,
): readonly { readonly code: ReasonCode; readonly sentence: string }[] =>
  findings.list
    .filter(({ passed }) => !passed)
    .map((finding) => ({
      code: finding.code,
      sentence: `${REASONS[finding.code]} (${sentenceOf(finding.code, finding)})`,
    }));

function sentenceOf(code: ReasonCode, failing: Finding | undefined): string {
  if (failing === undefined || failing.code !== code) return code;
  return `${code}: value=${show(failing.value)} limit=${show(failing.limit)}`;
}

const EMERGENCIES: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'EMERGENCY_ACTIVE',
  'DRAWDOWN_EXCEEDS_MAXIMUM',
  'LIMITS_UNKNOWN',
  'AUDIT_CHAIN_BROKEN',
]);

const CRITICALS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'TRADING_HALTED',
  'TRADING_REDUCING',
  'SNAPSHOT_INCONSISTENT',
  'SNAPSHOT_STALE',
  'RECONCILIATION_PENDING',
  'DRAWDOWN_BLOCKS_ENTRIES',
  'REPEATED_EXECUTION',
  'POSITIONS_EXCEED_MAXIMUM',
  'DAILY_LOSS_EXCEEDS_MAXIMUM',
  'LEVERAGE_EXCEEDS_MAXIMUM',
  'SELF_MATCH',
  'ACCOUNT_BALANCE_BELOW_MINIMUM',
]);

function severityOf(code: ReasonCode): Severity {
  if (EMERGENCIES.has(code)) return 'EMERGENCY';
  return CRITICALS.has(code) ? 'CRITICAL' : 'WARNING';
}
