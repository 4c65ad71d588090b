import type { InstrumentId, StrategyId } from './ids.ts';
import type { Fill } from './order.ts';
import {
  applyFill,
  cashFlow,
  flatPosition,
  marketValue,
  type Position,
  unrealised,
} from './position.ts';
import { add, type Money, NO_MONEY, type Price, subtract } from './units.ts';

/** Cash and positions of one account in one currency: a fold over fills. */
export interface Portfolio {
  readonly currency: string;
  readonly cash: Money;
  readonly fees: Money;
  /** Net result of everything that was closed, every fee included. */
  readonly realised: Money;
  /** Open positions only, by `positionKey`. */
  readonly positions: ReadonlyMap<string, Position>;
}

/** What a fill did, beside changing the portfolio. */
export interface Booking {
  readonly portfolio: Portfolio;
  /** Result of the trade that just ended flat or turned around; undefined while it goes on. */
  readonly closedResult: Money | undefined;
}

export class CurrencyMismatch extends Error {
  override readonly name = 'CurrencyMismatch';
}

export const positionKey = (instrument: InstrumentId, strategy: StrategyId): string =>
  `${instrument}:${strategy}`;

export const openPortfolio = (currency: string, cash: Money): Portfolio => ({
  currency,
  cash,
  fees: NO_MONEY,
  realised: NO_MONEY,
  positions: new Map(),
});

/** Books a fill whose quote currency must be the account's. */
export function bookFill(portfolio: Portfolio, fill: Fill, quote: string): Booking {
  if (quote !== portfolio.currency) {
    throw new CurrencyMismatch(
      `fill ${fill.id} is in ${quote}, the account in ${portfolio.currency}; they cannot be added`,
    );
  }
  const key = positionKey(fill.instrumentId, fill.strategyId);
  const before =
    portfolio.positions.get(key) ?? flatPosition(fill.instrumentId, fill.strategyId, fill.atMs);
  const after = applyFill(before, fill);
  const turned = before.quantity !== 0n && after.quantity > 0n !== before.quantity > 0n;
  const ended = before.quantity !== 0n && (after.quantity === 0n || turned);
  const positions = new Map(portfolio.positions);
  if (after.quantity === 0n) positions.delete(key);
  else positions.set(key, ended ? { ...after, realised: NO_MONEY } : after);
  return {
    portfolio: {
      ...portfolio,
      cash: add(portfolio.cash, cashFlow(fill)),
      fees: add(portfolio.fees, fill.fee),
      realised: add(portfolio.realised, subtract(after.realised, before.realised)),
      positions,
    },
    closedResult: ended ? after.realised : undefined,
  };
}

/** Result of open positions at the marks; a position without a mark counts at its cost. */
export function unrealisedTotal(
  portfolio: Portfolio,
  markOf: (id: InstrumentId) => Price | undefined,
): Money {
  let total = NO_MONEY;
  for (const position of portfolio.positions.values()) {
    const mark = markOf(position.instrumentId);
    if (mark !== undefined) total = add(total, unrealised(position, mark));
  }
  return total;
}

/** Cash and open positions at the marks; a position without a mark counts at its cost. */
export function equity(
  portfolio: Portfolio,
  markOf: (id: InstrumentId) => Price | undefined,
): Money {
  let total = portfolio.cash;
  for (const position of portfolio.positions.values()) {
    const mark = markOf(position.instrumentId);
    total = add(total, mark === undefined ? position.cost : marketValue(position, mark));
  }
  return total;
}
