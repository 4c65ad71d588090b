import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Price } from '../domain/units.ts';
import { ratioBps, subtract } from '../domain/units.ts';
import { type Command, ownWorstCase, withAdds, type WorstCase } from './command.ts';
import { type Rung, rungAt } from './drawdown-ladder.ts';
import type { LimitsInForce } from './limits-in-force.ts';
import type { Limits } from './limits.ts';
import { type Load, loadOf, type Traffic, trafficOf } from './load.ts';
import type { RiskSnapshot } from './snapshot.ts';

/** An entry and everything the nine checks look at, worked out once. */
export class Question implements Command {
  readonly order: Order;
  readonly instrument: Instrument;
  readonly nowMs: number;
  readonly snapshot: RiskSnapshot;
  /** The limits on the rung the account stands on. */
  readonly limits: Limits;
  readonly drawdownBps: number;
  readonly rung: Rung;
  /** Zero while there is none; the check of market data stands before its first use. */
  readonly mark: Price;
  readonly load: Load;
  readonly traffic: Traffic;
  #own: WorstCase | undefined;
  #worst: WorstCase | undefined;

  constructor(command: Command, snapshot: RiskSnapshot, inForce: LimitsInForce) {
    const fall = subtract(snapshot.peakEquity, snapshot.equity);
    this.order = command.order;
    this.instrument = command.instrument;
    this.nowMs = command.nowMs;
    this.snapshot = snapshot;
    this.drawdownBps = ratioBps(fall, snapshot.peakEquity);
    this.rung = Math.max(snapshot.rung, rungAt(this.drawdownBps, inForce.limits)) as Rung;
    this.limits = inForce.onRung[this.rung] as Limits;
    this.mark = snapshot.mark?.price ?? (0n as Price);
    this.load = loadOf(command, snapshot, this.limits);
    this.traffic = trafficOf(command, snapshot);
  }

  /**
   * Of the order alone. Worked out when a check first asks for it, because it needs a mark that was
   * found to be sound.
   */
  get own(): WorstCase {
    this.#own ??= ownWorstCase(this.order, this.mark);
    return this.#own;
  }

  /** Of the order and every add planned with it: what the limits are held against. */
  get worst(): WorstCase {
    this.#worst ??= withAdds(this.own, this.order, this.mark);
    return this.#worst;
  }
}
