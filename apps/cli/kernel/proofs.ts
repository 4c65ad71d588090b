/** Which test makes which limit fire. `living-tests.ts` knows whether it still exists. */
import type { ReasonCode } from '../../../domain/reason-code.ts';
import { LIMIT_TABLE, type LimitName } from '../../../risk-kernel/limits.ts';

export interface Proof {
  /** From the top of the house. */
  readonly file: string;
  /** As vitest names it: the titles of its suites and its own. */
  readonly title: string;
}

export const proof = (file: string, title: string): Proof => ({ file, title });

/** The case that makes the kernel's review deny with this code; beside it stands one that is spared. */
export const fires = (code: ReasonCode): Proof =>
  proof('risk-kernel/review.test.ts', `${code} > fires`);

/** The measurement that pulls this breaker. */
export const trips = (code: ReasonCode): Proof =>
  proof('risk-kernel/breakers.test.ts', `${code} > fires`);

const onRung = (title: string): Proof =>
  proof('execution/risk-watch.test.ts', `on a rung > ${title}`);

/** Limits that do not deny by themselves: they move a breaker, a rung of the ladder, or a deadline. */
const ELSEWHERE: Partial<Record<LimitName, Proof>> = {
  drawdownFullSizeBpsMax: proof(
    'risk-kernel/drawdown-ladder.test.ts',
    'a drawdown calls for > 500 bps: rung 1',
  ),
  drawdownHalfSizeBpsMax: proof(
    'risk-kernel/drawdown-ladder.test.ts',
    'a drawdown calls for > 800 bps: rung 2',
  ),
  drawdownReleaseBpsMin: proof(
    'risk-kernel/drawdown-ladder.test.ts',
    'the next rung > from 1 at 400 bps is 1: and until it is a full percent above it',
  ),
  halfSizeBpsMax: onRung('of half size, a position is worth no more than its share'),
  quarterSizeBpsMax: onRung('of quarter size, a position is worth no more than its share'),
  entriesPerHourHalfSizeMax: onRung('of half size, only so many entries go out in an hour'),
  entriesPerHourQuarterSizeMax: onRung('of quarter size, only so many entries go out in an hour'),
  rejectsPerMinuteMax: trips('REJECT_STORM'),
  messagesStormPerMinuteMax: trips('ORDER_STORM'),
  feedSilenceMsMax: trips('FEED_SILENT'),
  clearanceMsMax: proof('risk-kernel/clearance.test.ts', 'it expires > after its last millisecond'),
};

export const proofOf = (name: LimitName): Proof => ELSEWHERE[name] ?? fires(LIMIT_TABLE[name].code);

export const proofText = ({ file, title }: Proof): string => `${file} › ${title}`;
