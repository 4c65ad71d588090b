/** What follows from a trade's record: money stays exact, ratios are doubles for people. */
import {
  add,
  averagePrice,
  larger,
  type Money,
  NO_MONEY,
  NO_QUANTITY,
  notional,
  type Price,
  type Quantity,
  smaller,
  subtract,
  toNumber,
} from '../../domain/units.ts';
import type { Execution, ExitReason, Trade } from './trade.ts';

/** How far the fills were from where they were meant to be; above zero it cost something. */
export interface Slippage {
  readonly cost: Money;
  /** Of what the fills were meant to be worth. */
  readonly bps: number;
}

/** The farthest the price went one way, and what that would have been in multiples of the planned loss. */
export interface Excursion {
  readonly price: Price;
  readonly r: number | null;
}

export interface ExitPart {
  readonly reason: ExitReason;
  readonly quantity: Quantity;
}

export interface TradeFigures {
  readonly entered: Quantity;
  readonly left: Quantity;
  readonly entryPrice: Price | null;
  readonly exitPrice: Price | null;
  /** Null when it is not known of every fill where it was meant to be. */
  readonly entrySlippage: Slippage | null;
  readonly exitSlippage: Slippage | null;
  /** Largest part first. */
  readonly exitParts: readonly ExitPart[];
  readonly gross: Money;
  readonly fees: Money;
  readonly net: Money;
  /** What the stop would have lost of the quantity that was really filled; null without a stop to lose at. */
  readonly plannedLoss: Money | null;
  /** Net result in multiples of the planned loss. */
  readonly r: number | null;
  readonly adverse: Excursion;
  readonly favourable: Excursion;
  /** Null while it goes on. */
  readonly durationMs: number | null;
}

export function figuresOf(trade: Trade): TradeFigures {
  const { direction, entries, exits, net } = trade;
  const long = direction === 'LONG';
  const fees = sum([...entries, ...exits].map(({ fee }) => fee));
  const entered = quantityOf(entries);
  const plannedLoss = plannedLossOf(trade);
  const excursion = (price: Price): Excursion => ({
    price,
    r: plannedLoss === null ? null : ratio(resultAt(trade, price), plannedLoss),
  });
  const [against, withIt] = long ? [trade.low, trade.high] : [trade.high, trade.low];
  return {
    entered,
    left: quantityOf(exits),
    entryPrice: averageOf(entries),
    exitPrice: averageOf(exits),
    entrySlippage: slippageOf(entries, long),
    exitSlippage: slippageOf(exits, !long),
    exitParts: exitPartsOf(trade),
    gross: add(net, fees),
    fees,
    net,
    plannedLoss,
    r: plannedLoss === null ? null : ratio(net, plannedLoss),
    adverse: excursion(against),
    favourable: excursion(withIt),
    durationMs: trade.closedAtMs === null ? null : trade.closedAtMs - trade.openedAtMs,
  };
}

const sum = (amounts: readonly Money[]): Money =>
  amounts.reduce<Money>((total, one) => add(total, one), NO_MONEY);

const quantityOf = (executions: readonly Execution[]): Quantity =>
  executions.reduce<Quantity>((total, { quantity }) => add(total, quantity), NO_QUANTITY);

const worthOf = (executions: readonly Execution[]): Money =>
  sum(executions.map(({ price, quantity }) => notional(price, quantity)));

function averageOf(executions: readonly Execution[]): Price | null {
  const quantity = quantityOf(executions);
  return quantity === NO_QUANTITY ? null : averagePrice(worthOf(executions), quantity);
}

function slippageOf(executions: readonly Execution[], buying: boolean): Slippage | null {
  const meant = executions.flatMap(({ expected, quantity }) =>
    expected === null ? [] : [notional(expected, quantity)],
  );
  if (meant.length === 0 || meant.length < executions.length) return null;
  const wanted = sum(meant);
  const got = worthOf(executions);
  const cost = buying ? subtract(got, wanted) : subtract(wanted, got);
  return { cost, bps: wanted === NO_MONEY ? 0 : ratio(cost, wanted) * 10_000 };
}

/** From where each part was meant to be entered, so that it is what the proposal had promised at most. */
function plannedLossOf({ direction, entries, plannedStop }: Trade): Money | null {
  if (plannedStop === null) return null;
  const distances = entries.map(({ expected, price, quantity }) => {
    const from = expected ?? price;
    const distance =
      direction === 'LONG' ? subtract(from, plannedStop) : subtract(plannedStop, from);
    return notional(distance, quantity);
  });
  const loss = sum(distances);
  return loss > NO_MONEY ? loss : null;
}

/** What everything that was entered would have brought at a price, without fees. */
function resultAt({ direction, entries }: Trade, at: Price): Money {
  const worth = notional(at, quantityOf(entries));
  const cost = worthOf(entries);
  return direction === 'LONG' ? subtract(worth, cost) : subtract(cost, worth);
}

function exitPartsOf({ exits }: Trade): readonly ExitPart[] {
  const parts = new Map<string, ExitPart>();
  for (const { reason, quantity } of exits) {
    const key = JSON.stringify(reason);
    const before = parts.get(key)?.quantity ?? NO_QUANTITY;
    parts.set(key, { reason, quantity: add(before, quantity) });
  }
  return [...parts.values()].sort((a, b) => Number(b.quantity - a.quantity));
}

const ratio = (part: Money, whole: Money): number => toNumber(part) / toNumber(whole);

/** The farther of two prices each way. */
export const stretched = (
  { high, low }: Pick<Trade, 'high' | 'low'>,
  other: { readonly high: Price; readonly low: Price },
): Pick<Trade, 'high' | 'low'> => ({
  high: larger(high, other.high),
  low: smaller(low, other.low),
});
