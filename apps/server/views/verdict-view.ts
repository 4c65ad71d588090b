import type { VerdictRecord } from '../../../domain/verdict.ts';
import type { VerdictView } from '../../api/views.ts';

export const verdictView = (verdict: VerdictRecord): VerdictView => ({
  cleared: verdict.cleared,
  lane: verdict.lane,
  sentence: verdict.sentence,
  limitsHash: verdict.limitsHash,
  reviewedAtMs: verdict.reviewedAtMs,
  checks: verdict.checks.map(({ check, passed, code, value, limit, headroom, unit }) => ({
    check,
    passed,
    code: code ?? null,
    value,
    limit,
    headroom,
    unit,
  })),
});
