/** What each strategy won and lost: the cash its fills moved, and its open positions at a mark. */
import type { InstrumentId, StrategyId } from '../../domain/ids.ts';
import type { Fill } from '../../domain/order.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import { cashFlow, marketValue } from '../../domain/position.ts';
import { add, type Money, NO_MONEY, type Price, subtract } from '../../domain/units.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';

export type MarkOf = (id: InstrumentId) => Price | undefined;

export class StrategyResults {
  #flows = new Map<StrategyId, Money>();
  #atMidnight: ReadonlyMap<StrategyId, Money> = new Map();

  fill(fill: Fill): void {
    const flow = this.#flows.get(fill.strategyId) ?? NO_MONEY;
    this.#flows.set(fill.strategyId, add(flow, cashFlow(fill)));
  }

  /** Remembers where every strategy stood when the day turned. */
  turnDay(portfolio: Portfolio, markOf: MarkOf): void {
    const ids = [...this.#flows.keys()];
    this.#atMidnight = new Map(ids.map((id) => [id, this.total(id, portfolio, markOf)]));
  }

  /** Since the first day; a position without a mark counts at its cost. */
  total(id: StrategyId, portfolio: Portfolio, markOf: MarkOf): Money {
    let total = this.#flows.get(id) ?? NO_MONEY;
    for (const position of portfolio.positions.values()) {
      if (position.strategyId !== id) continue;
      const mark = markOf(position.instrumentId);
      total = add(total, mark === undefined ? position.cost : marketValue(position, mark));
    }
    return total;
  }

  /** Since midnight. */
  today(id: StrategyId, portfolio: Portfolio, markOf: MarkOf): Money {
    return subtract(this.total(id, portfolio, markOf), this.#atMidnight.get(id) ?? NO_MONEY);
  }

  save(): Saved {
    return pack(this.#state());
  }

  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    this.#flows = state.flows;
    this.#atMidnight = state.atMidnight;
  }

  #state() {
    return { flows: this.#flows, atMidnight: this.#atMidnight };
  }
}
