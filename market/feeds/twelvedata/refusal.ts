import type { ProviderFaultKind } from '../provider.ts';
import { type Fields, numeralOf, textOf, wholeOf } from '../wire/fields.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** TwelveData's way of saying no: `{code, message, status: "error"}`, with HTTP status 200 or the same. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

export const isRefusal = ({ values }: Fields): boolean => values['status'] === 'error';

export const refusalOf = (fields: Fields): Refusal => ({
  // The stream writes it as a text.
  code:
    typeof fields.values['code'] === 'string' ? numeralOf(fields, 'code') : wholeOf(fields, 'code'),
  message: textOf(fields, 'message'),
});

/** A span without a bar is refused like a mistake; only the sentence tells. */
export const saysNoBars = ({ code, message }: Refusal): boolean =>
  (code === 400 || code === 404) && /^no data is available on the specified dates/i.test(message);

export function kindOf(code: number): ProviderFaultKind {
  if (code === 429) return 'RATE_LIMITED';
  if (code === 401 || code === 403) return 'REFUSED';
  if (code === 400 || code === 404 || code === 414) return 'NOT_OFFERED';
  return code >= 500 ? 'LOST' : 'GARBLED';
}

/** Credits come back with the next minute; those of a day at midnight UTC. */
export function pauseMsAfter(message: string, nowMs: number): number {
  return /for the day|daily/i.test(message) ? DAY_MS - (nowMs % DAY_MS) : MINUTE_MS;
}
