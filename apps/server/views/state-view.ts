import { placesOf } from '../../../domain/decimal.ts';
import type { AgentName, Phase } from '../../../domain/event.ts';
import { equity, unrealisedTotal } from '../../../domain/portfolio.ts';
import { larger, type Price, ratioBps, subtract, text } from '../../../domain/units.ts';
import type { InstrumentId } from '../../../domain/ids.ts';
import type { ApprovalView, StateView } from '../../api/views.ts';
import type { Sources } from '../sources.ts';
import { approvalView, isWaiting } from './approval-view.ts';
import { describeEvent } from './describe-event.ts';
import {
  alarmView,
  externalOrderViews,
  haltedInstrumentViews,
  rehearsalView,
} from './trouble-views.ts';
import { ladderView, tightenedView } from './ladder-view.ts';
import { limitViews } from './limit-views.ts';
import { orderView, positionViews } from './position-views.ts';
import { strategyViews } from './strategy-views.ts';

const AGENTS: readonly AgentName[] = ['supervisor', 'strategy', 'risk', 'execution'];

/** Everything at this instant, in one piece, so that no two numbers of it contradict each other. */
export function stateView(sources: Sources): StateView {
  const { runtime, projection, haltFile } = sources;
  const { book, decisions } = runtime.parts;
  const { ledger, limits } = runtime.options;
  const { head, broken } = ledger;
  const counts = decisions.counts();
  return {
    version: runtime.options.version,
    decisionMode: runtime.options.decisionMode,
    venueMode: runtime.options.venueMode,
    tradingState: book.tradingState,
    tradingStateBecause: book.tradingStateBecause,
    tradingStateCode: book.tradingStateCode,
    tradingStateSinceMs: projection.tradingStateSinceMs,
    emergency: book.emergency,
    haltFile: { path: haltFile.path, present: haltFile.isPresent() },
    haltedInstruments: haltedInstrumentViews(book),
    alarms: projection.alarms.map(alarmView),
    rehearsal: rehearsalView(runtime.options.rehearse),
    hasOperator: projection.hasOperator,
    rung: book.rung,
    ladder: ladderView(limits.limits),
    limitsHash: limits.hash,
    tightened: tightenedView(limits),
    strategies: strategyViews(runtime),
    phase: phaseOf(sources),
    market: marketOf(sources),
    account: accountOf(sources),
    positions: positionViews(runtime),
    orders: book.liveOrders().map(orderView),
    externalOrders: externalOrderViews(book),
    limits: limitViews(runtime),
    approvals: waitingApprovals(sources),
    agents: AGENTS.map((name) => agentOf(sources, name)),
    journal: { seq: head.seq, hash: head.hash, broken: broken ?? null },
    counts: {
      cycles: counts.cycles,
      proposals: counts.proposals,
      denials: Object.values(counts.denials).reduce((sum, count) => sum + count, 0),
      fills: counts.fills,
    },
  };
}

export function waitingApprovals({ runtime, market }: Sources): readonly ApprovalView[] {
  const nowMs = runtime.options.clock.now();
  const status = market.status();
  return runtime.parts.decisions
    .open()
    .filter(isWaiting)
    .flatMap((decision) => approvalView(decision, status, nowMs) ?? []);
}

/** A cycle that still runs says more than a later one that has ended. */
function phaseOf({ runtime, projection }: Sources): Phase {
  const { decisions } = runtime.parts;
  const running = decisions.open().at(-1);
  if (running !== undefined) return running.phase;
  return projection.lastCycle === undefined ? 'IDLE' : decisions.phaseOf(projection.lastCycle);
}

function marketOf({ runtime, market }: Sources): StateView['market'] {
  const { feed, clock } = runtime.options;
  const { id, base, quote, tick } = feed.instrument;
  const { stopped, ...moving } = market.status();
  const mark = runtime.parts.marks.get(id) ?? runtime.parts.book.mark(id);
  return {
    instrumentId: id,
    base,
    quote,
    timeframe: feed.timeframe,
    source: feed.source,
    synthetic: feed.synthetic,
    live: feed.live,
    pricePlaces: placesOf(tick),
    nowMs: clock.now(),
    lastPrice: mark === undefined ? null : text(mark.price),
    lastPriceAtMs: mark?.atMs ?? null,
    ...moving,
    ...(stopped === null ? {} : { stopped }),
  };
}

function accountOf({ runtime }: Sources): StateView['account'] {
  const { book, marks } = runtime.parts;
  const { portfolio, startingCash } = book;
  const markOf = (id: InstrumentId): Price | undefined =>
    marks.get(id)?.price ?? book.mark(id)?.price;
  const worth = equity(portfolio, markOf);
  const peak = larger(book.peakEquity, worth);
  const dayOpen = book.dayOpenEquity(runtime.options.clock.now());
  return {
    currency: portfolio.currency,
    cash: text(portfolio.cash),
    equity: text(worth),
    peakEquity: text(peak),
    drawdownBps: peak > 0n ? ratioBps(subtract(peak, worth), peak) : 0,
    dayOpenEquity: text(dayOpen),
    dayResult: text(subtract(worth, dayOpen)),
    realised: text(portfolio.realised),
    unrealised: text(unrealisedTotal(portfolio, markOf)),
    fees: text(portfolio.fees),
    startingCash: text(startingCash),
  };
}

function agentOf({ projection }: Sources, name: AgentName): StateView['agents'][number] {
  const last = projection.lastStepOf(name);
  if (last === undefined) return { name, lastStep: 'Nothing yet.', lastActiveMs: null };
  const lastStep = last.type === 'agent.stepped' ? last.body.summary : describeEvent(last);
  return { name, lastStep, lastActiveMs: last.atMs };
}
