/** Fifty comparisons in the order in which a person wants to read them. */
import type { CheckView } from '../../../api/views.ts';
import { gaugeShare } from './gauge.ts';

/** As many measured limits as a card shows before it has to be asked. */
const TELLING = 10;

export interface SortedChecks {
  /** What failed, then the measured limits with the least headroom. */
  readonly telling: readonly CheckView[];
  /** The other measured limits, the fullest first. */
  readonly rest: readonly CheckView[];
  /** What holds and has no measure. */
  readonly conditions: readonly CheckView[];
}

const share = (check: CheckView): number => gaugeShare(check) ?? 0;

export function sortChecks(checks: readonly CheckView[]): SortedChecks {
  const failed = checks.filter(({ passed }) => !passed);
  const held = checks.filter(({ passed }) => passed);
  const measured = held
    .filter((check) => gaugeShare(check) !== null)
    .sort((a, b) => share(b) - share(a));
  const conditions = held.filter((check) => gaugeShare(check) === null);
  return {
    telling: [...failed, ...measured.slice(0, TELLING)],
    rest: measured.slice(TELLING),
    conditions,
  };
}
