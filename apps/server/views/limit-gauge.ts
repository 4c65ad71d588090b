/** One load line as a gauge: what is measured, what is allowed, what is left. */
import { type Money, NO_MONEY, ratioBps, subtract, text, toNumber } from '../../../domain/units.ts';
import type { LimitView } from '../../api/views.ts';

/** Far past any limit; an account without equity breaks every share of it, but JSON has no infinity. */
const BEYOND = 1_000_000;

export function atMost(
  id: string,
  title: string,
  measured: number,
  limit: number,
  unit: string,
): LimitView {
  const value = Math.min(measured, BEYOND);
  return {
    id,
    title,
    value: String(value),
    limit: String(limit),
    headroom: String(limit - value),
    unit,
    used: value / limit,
  };
}

/** Limits from below: what is used of them is how near the account has come. */
export const atLeast = (
  id: string,
  title: string,
  value: Money,
  limit: Money,
  unit: string,
): LimitView => ({
  id,
  title,
  value: text(value),
  limit: text(limit),
  headroom: text(subtract(value, limit)),
  unit,
  used: value <= NO_MONEY ? BEYOND : Math.min(toNumber(limit) / toNumber(value), BEYOND),
});

/** An amount as a share of equity; nothing is no share even of an account that has none. */
export const shareBps = (amount: Money, equity: Money): number =>
  amount === NO_MONEY ? 0 : ratioBps(amount, equity);
