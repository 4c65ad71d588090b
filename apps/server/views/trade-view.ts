/** A trade as the API and the command line tell it. */
import { type Price, text, toTick } from '../../../domain/units.ts';
import { figuresOf, type Slippage } from '../../../ledger/trades/figures.ts';
import type { Execution, Plan, Trade } from '../../../ledger/trades/trade.ts';
import { instrumentsById } from '../../instruments.ts';
import type { TradeDetail, TradeView } from '../../api/trade-views.ts';
import { deciderName } from './decision-view.ts';
import { exitWords } from './exit-words.ts';
import { sidesOf } from './sides.ts';

export function tradeView(trade: Trade): TradeView {
  const figures = figuresOf(trade);
  const average = (at: Price | null): string | null => (at === null ? null : onTick(trade, at));
  return {
    id: trade.id,
    venueMode: trade.run?.venueMode ?? null,
    strategyId: trade.strategyId,
    instrumentId: trade.instrumentId,
    base: sidesOf(trade.instrumentId).base,
    currency: trade.currency,
    direction: trade.direction,
    timeframe: trade.timeframe,
    quantity: text(figures.entered),
    held: text(trade.held),
    entryPrice: average(figures.entryPrice),
    exitPrice: average(figures.exitPrice),
    gross: text(figures.gross),
    fees: text(figures.fees),
    net: text(figures.net),
    plannedLoss: figures.plannedLoss === null ? null : text(figures.plannedLoss),
    r: figures.r,
    entrySlippage: slippageView(figures.entrySlippage),
    exitSlippage: slippageView(figures.exitSlippage),
    exitParts: figures.exitParts.map(({ reason, quantity }) => ({
      kind: reason.kind,
      words: exitWords(reason),
      quantity: text(quantity),
    })),
    adverse: { price: text(figures.adverse.price), r: figures.adverse.r },
    favourable: { price: text(figures.favourable.price), r: figures.favourable.r },
    openedAtMs: trade.openedAtMs,
    closedAtMs: trade.closedAtMs,
    durationMs: figures.durationMs,
    bars: trade.bars,
    noteCount: trade.notes.length,
  };
}

export const tradeDetail = (trade: Trade): TradeDetail => ({
  ...tradeView(trade),
  decisionMode: trade.run?.decisionMode ?? null,
  plan: trade.plan === null ? null : planView(trade.plan),
  evidence: trade.context?.evidence ?? [],
  voices: trade.context?.voices ?? [],
  entries: trade.entries.map(executionView),
  exits: trade.exits.map((exit) => ({ ...executionView(exit), words: exitWords(exit.reason) })),
  notes: trade.notes,
});

const planView = ({ proposalId: _id, approval, ...plan }: Plan): TradeDetail['plan'] => ({
  ...plan,
  referencePrice: text(plan.referencePrice),
  quantity: text(plan.quantity),
  stop: text(plan.stop),
  target: text(plan.target),
  lossAtStop: text(plan.lossAtStop),
  approvedBy: approval === null ? null : deciderName(approval.by),
  approvedBecause: approval === null ? null : approval.because,
});

const executionView = ({ atMs, quantity, price, expected, fee, orderId, fillId }: Execution) => ({
  atMs,
  quantity: text(quantity),
  price: text(price),
  expected: expected === null ? null : text(expected),
  fee: text(fee),
  orderId,
  fillId,
});

const slippageView = (slippage: Slippage | null): TradeView['entrySlippage'] =>
  slippage === null ? null : { cost: text(slippage.cost), bps: slippage.bps };

/** Read once: instruments are not added to a process that runs. */
let known: ReturnType<typeof instrumentsById> | undefined;

/** An average has more places than a price; an instrument that is not known any more keeps them. */
function onTick({ instrumentId }: Trade, at: Price): string {
  known ??= instrumentsById();
  const tick = known.get(instrumentId)?.tick;
  return text(tick === undefined ? at : toTick(at, tick, 'half-even'));
}
