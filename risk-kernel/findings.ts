import type { ReasonCode } from '../domain/reason-code.ts';
import { basisPoints, type Money } from '../domain/units.ts';

/** Exact amounts are decimals (`bigint`), counts and ratios are numbers, conditions are words. */
export type Measure = bigint | number | string;

export interface Finding {
  readonly code: ReasonCode;
  readonly passed: boolean;
  readonly value: Measure;
  readonly limit: Measure;
  readonly unit: string;
}

/** At most so many basis points of a whole; what they come to is worked out when somebody asks. */
class ShareFinding implements Finding {
  readonly code: ReasonCode;
  readonly passed: boolean;
  readonly value: Money;
  readonly unit = 'money';
  readonly #bps: number;
  readonly #whole: Money;

  constructor(code: ReasonCode, value: Money, bps: number, whole: Money) {
    this.code = code;
    this.value = value;
    this.#bps = bps;
    this.#whole = whole;
    // Multiplied out, because a division for each limit would be the dearest part of a review.
    this.passed = value * 10_000n <= whole * BigInt(bps);
  }

  /** Rounded down, so that a value on the limit passes and the smallest amount above it does not. */
  get limit(): Money {
    return basisPoints(this.#whole, this.#bps, 'down');
  }
}

/**
 * What the checks found, in order. Every comparison is written so that it is true only for good
 * values: NaN, undefined and null make it false, and false denies.
 */
export class Findings {
  readonly #list: Finding[] = [];

  /** Passes when `value ≤ limit`. */
  atMost<T extends bigint | number>(code: ReasonCode, value: T, limit: T, unit: string): boolean {
    return this.#record(code, value <= limit, value, limit, unit);
  }

  /** Passes when `value < limit`. */
  below<T extends bigint | number>(code: ReasonCode, value: T, limit: T, unit: string): boolean {
    return this.#record(code, value < limit, value, limit, unit);
  }

  /** Passes when `value ≥ limit`. */
  atLeast<T extends bigint | number>(code: ReasonCode, value: T, limit: T, unit: string): boolean {
    return this.#record(code, value >= limit, value, limit, unit);
  }

  /** Passes when `value` is at most `bps` basis points of `whole`. */
  atMostShare(code: ReasonCode, value: Money, bps: number, whole: Money): boolean {
    const finding = new ShareFinding(code, value, bps, whole);
    this.#list.push(finding);
    return finding.passed;
  }

  /** Passes when the condition is exactly true; `found` and `wanted` say it in words. */
  holds(code: ReasonCode, condition: boolean, found: Measure, wanted: Measure): boolean {
    return this.#record(code, condition === true, found, wanted, '');
  }

  get list(): readonly Finding[] {
    return this.#list;
  }

  /** The code of the last comparison: of a denial, the one that failed. */
  get decisive(): ReasonCode {
    return (this.#list.at(-1) as Finding).code;
  }

  #record(
    code: ReasonCode,
    passed: boolean,
    value: Measure,
    limit: Measure,
    unit: string,
  ): boolean {
    this.#list.push({ code, passed, value, limit, unit });
    return passed;
  }
}
