/**
 * The journal of trades: a fold of the events that says of every trade what was planned, what was done
 * and what came of it. Nothing decides by it. An event that does not fit, because it came late or
 * because nobody ever explained it, is taken for what it says and never thrown at the reader.
 */
import type { Timeframe } from '../../domain/candle.ts';
import type { DomainEvent, EventOf, OrderText } from '../../domain/event.ts';
import type {
  ClientOrderId,
  CycleId,
  InstrumentId,
  ProposalId,
  StrategyId,
} from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Fill } from '../../domain/order.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { applyFill, flatPosition, type Position } from '../../domain/position.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import {
  absolute,
  add,
  type Money,
  NO_QUANTITY,
  type Price,
  price,
  type Quantity,
} from '../../domain/units.ts';
import { fillFromEvent } from '../projections/book.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';
import { type CloseWish, exitReasonOf, type SentOrder } from './exit-reason.ts';
import { stretched } from './figures.ts';
import { type Candidate, contextOf, planOf } from './plan.ts';
import { execution, isTurned, NOTHING_PAID, type Step, stepOf } from './step.ts';
import type { Execution, Run, Trade, Voice } from './trade.ts';

/** What somebody answered to what the results of a strategy recommend; the latest answer. */
export interface FeedbackAnswer {
  readonly atMs: number;
  readonly by: string;
  readonly recommendation: EventOf<'feedback.answered'>['body']['recommendation'];
  readonly answer: 'TAKEN' | 'SET_ASIDE';
  readonly because: string;
}

interface Sent {
  readonly order: OrderText;
  readonly proposalId: ProposalId | null;
  readonly wish: CloseWish | null;
}

interface LastBar {
  readonly close: Price;
  readonly timeframe: Timeframe;
}

/** Plain data, so that it can be put away. */
interface State {
  seq: number;
  newestMs: number;
  run: Run | null;
  currency: string;
  active: readonly StrategyId[];
  readonly off: Map<StrategyId, string>;
  /** In the order in which they began. */
  readonly trades: Map<string, Trade>;
  /** By position key: the trade that goes on, and the last one that began. */
  readonly open: Map<string, string>;
  readonly latest: Map<string, string>;
  readonly positions: Map<string, Position>;
  readonly wishes: Map<string, CloseWish>;
  readonly orders: Map<ClientOrderId, Sent>;
  readonly entries: Map<ProposalId, ClientOrderId>;
  readonly candidates: Map<ProposalId, Candidate>;
  readonly proposalOf: Map<CycleId, ProposalId>;
  readonly voices: Map<CycleId, readonly Voice[]>;
  readonly bars: Map<InstrumentId, LastBar>;
  readonly answers: Map<StrategyId, FeedbackAnswer>;
}

const freshState = (): State => ({
  seq: 0,
  newestMs: 0,
  run: null,
  currency: '',
  active: [],
  off: new Map(),
  trades: new Map(),
  open: new Map(),
  latest: new Map(),
  positions: new Map(),
  wishes: new Map(),
  orders: new Map(),
  entries: new Map(),
  candidates: new Map(),
  proposalOf: new Map(),
  voices: new Map(),
  bars: new Map(),
  answers: new Map(),
});

/** A cycle that ended like this sends nothing any more, and its proposal is of no further use. */
const NEVER_SENT: ReadonlySet<string> = new Set<string>([
  'NO_SETUP',
  'ABSTAINED',
  'REFUSED',
  'DECLINED',
  'EXPIRED',
  'INVALIDATED',
  'DENIED',
]);
const KILL_SWITCH = 'kill-switch';

export class Trades implements Fold {
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  #state = freshState();

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  /** The newest event it has seen. */
  get seq(): number {
    return this.#state.seq;
  }

  /** Time of the newest event; 0 before the first. */
  get newestMs(): number {
    return this.#state.newestMs;
  }

  /** What the last start said. */
  get run(): Run | null {
    return this.#state.run;
  }

  get currency(): string {
    return this.#state.currency;
  }

  /** The strategies that the last start named. */
  get active(): readonly StrategyId[] {
    return this.#state.active;
  }

  /** Strategies that are switched off, and why. */
  get off(): ReadonlyMap<StrategyId, string> {
    return this.#state.off;
  }

  /** By strategy. */
  get answers(): ReadonlyMap<StrategyId, FeedbackAnswer> {
    return this.#state.answers;
  }

  /** Oldest first, by when they began. */
  all(): readonly Trade[] {
    return [...this.#state.trades.values()];
  }

  get(id: string): Trade | undefined {
    return this.#state.trades.get(id);
  }

  save(): Saved {
    return pack(this.#state);
  }

  load(saved: Saved): void {
    this.#state = unpackLike(saved, freshState());
  }

  apply(event: DomainEvent): void {
    const state = this.#state;
    state.seq = event.seq;
    state.newestMs = event.atMs;
    switch (event.type) {
      case 'system.started': {
        const { venueMode, decisionMode, currency, strategies } = event.body;
        state.run = { venueMode, decisionMode };
        state.currency = currency;
        state.active = strategies;
        return;
      }
      case 'strategy.disabled':
        state.off.set(event.body.strategyId, event.body.because);
        return;
      case 'strategy.enabled':
        state.off.delete(event.body.strategyId);
        return;
      case 'market.bar-closed':
        return this.#closeBar(event);
      case 'agent.stepped':
        return this.#hear(event);
      case 'proposal.made':
        return this.#propose(event.body.proposal);
      case 'approval.decided':
        return this.#decide(event);
      case 'cycle.closed':
        return this.#endCycle(event);
      case 'position.close-requested': {
        const { instrumentId, strategyId, because } = event.body;
        const killSwitch = event.correlationId === KILL_SWITCH;
        state.wishes.set(positionKey(instrumentId, strategyId), { because, killSwitch });
        return;
      }
      case 'order.submitting':
        return this.#submit(event);
      case 'order.filled':
        return this.#fill(event);
      case 'trade.noted':
        return this.#note(event);
      case 'feedback.answered': {
        const { strategyId, ...answer } = event.body;
        state.answers.set(strategyId, { atMs: event.atMs, by: event.actor.name, ...answer });
        return;
      }
      default:
        return;
    }
  }

  #closeBar({ body }: EventOf<'market.bar-closed'>): void {
    const { trades, open, bars } = this.#state;
    const { instrumentId, timeframe, bar } = body;
    const close = price(bar.close);
    const whole = { high: price(bar.high), low: price(bar.low) };
    bars.set(instrumentId, { close, timeframe });
    for (const id of open.values()) {
      const trade = trades.get(id);
      if (trade === undefined || trade.instrumentId !== instrumentId) continue;
      const seen = bar.openTimeMs >= trade.openedAtMs ? whole : { high: close, low: close };
      const count = trade.timeframe === timeframe ? trade.bars + 1 : trade.bars;
      trades.set(id, { ...trade, ...stretched(trade, seen), bars: count });
    }
  }

  #hear({ body }: EventOf<'agent.stepped'>): void {
    if (body.opinions === undefined) return;
    const voices = body.opinions.map((opinion): Voice => {
      const said = opinion.kind === 'SIGNAL' ? opinion.direction : opinion.kind;
      return { strategyId: opinion.strategyId, said, because: opinion.because };
    });
    this.#state.voices.set(body.cycleId, voices);
  }

  #propose(proposal: TradeProposal): void {
    const { candidates, proposalOf, voices, bars } = this.#state;
    candidates.set(proposal.id, {
      proposal,
      timeframe: bars.get(proposal.instrumentId)?.timeframe ?? null,
      voices: voices.get(proposal.cycleId) ?? [],
      approval: null,
    });
    proposalOf.set(proposal.cycleId, proposal.id);
  }

  #decide({ body, actor }: EventOf<'approval.decided'>): void {
    const { candidates } = this.#state;
    const candidate = candidates.get(body.proposalId);
    if (candidate === undefined || body.status !== 'APPROVED') return;
    const approval = { by: actor, because: body.because };
    candidates.set(body.proposalId, { ...candidate, approval });
  }

  #endCycle({ body }: EventOf<'cycle.closed'>): void {
    const { voices, proposalOf, candidates, entries } = this.#state;
    voices.delete(body.cycleId);
    const proposal = proposalOf.get(body.cycleId);
    proposalOf.delete(body.cycleId);
    if (proposal === undefined || entries.has(proposal)) return;
    if (NEVER_SENT.has(body.outcome)) candidates.delete(proposal);
  }

  #submit({ body }: EventOf<'order.submitting'>): void {
    const { orders, entries, wishes } = this.#state;
    const { order, proposalId } = body;
    const wish = wishes.get(positionKey(order.instrumentId, order.strategyId)) ?? null;
    orders.set(order.id, { order, proposalId, wish });
    if (order.role === 'ENTRY' && order.addTo === undefined && proposalId !== null)
      entries.set(proposalId, order.id);
  }

  #note(event: EventOf<'trade.noted'>): void {
    const { trades } = this.#state;
    const { tradeId, note: text } = event.body;
    const trade = trades.get(tradeId);
    if (trade === undefined) return;
    const note = { atMs: event.atMs, by: event.actor.name, text };
    trades.set(tradeId, { ...trade, notes: [...trade.notes, note] });
  }

  #fill(event: EventOf<'order.filled'>): void {
    const { positions, open, latest } = this.#state;
    const fill = fillFromEvent(event);
    const key = positionKey(fill.instrumentId, fill.strategyId);
    const before =
      positions.get(key) ?? flatPosition(fill.instrumentId, fill.strategyId, fill.atMs);
    const after = applyFill(before, fill);
    positions.set(key, after);
    const step = stepOf(before, after, fill);
    // What is left of a trade and taken off after its end is still a part of it.
    const ongoing = open.get(key) ?? (step.opened === NO_QUANTITY ? latest.get(key) : undefined);
    if (ongoing !== undefined) {
      const over = this.#isNothing(after) || isTurned(before, after);
      this.#change(ongoing, fill, step, over);
      if (!over) return;
      this.#end(key);
      if (this.#isNothing(after)) return;
      return this.#begin(key, fill, after, { ...step, closed: NO_QUANTITY, ...NOTHING_PAID });
    }
    this.#begin(key, fill, after, step);
  }

  /** Less than a lot can be neither traded nor protected: a trade is over when only that is left. */
  #isNothing({ quantity, instrumentId }: Position): boolean {
    const lot = this.#instruments.get(instrumentId)?.lot;
    return quantity === NO_QUANTITY || (lot !== undefined && absolute(quantity) < lot);
  }

  #end(key: string): void {
    this.#state.open.delete(key);
    this.#state.wishes.delete(key);
  }

  #begin(key: string, fill: Fill, after: Position, step: Step): void {
    const { trades, open, latest, orders, candidates, run, currency, bars } = this.#state;
    const sent = orders.get(fill.orderId);
    const entry = sent?.order.role === 'ENTRY' ? sent : undefined;
    const candidate = candidates.get(entry?.proposalId ?? NO_PROPOSAL);
    const id = this.#freeId(fill, entry);
    // All of it went for a fee in base: it began, and that was it.
    const gone = this.#isNothing(after);
    trades.set(id, {
      id,
      run,
      currency,
      strategyId: fill.strategyId,
      instrumentId: fill.instrumentId,
      direction: fill.side === 'BUY' ? 'LONG' : 'SHORT',
      timeframe: candidate?.timeframe ?? bars.get(fill.instrumentId)?.timeframe ?? null,
      plan: candidate === undefined ? null : planOf(candidate),
      plannedStop: optionalPrice(entry?.order.protectiveStop),
      context: candidate === undefined ? null : contextOf(candidate),
      entries: [this.#entry(fill, sent, step.opened, step.fee)],
      exits: [],
      held: gone ? NO_QUANTITY : step.held,
      net: step.net,
      openedAtMs: fill.atMs,
      closedAtMs: gone ? fill.atMs : null,
      high: fill.price,
      low: fill.price,
      bars: 0,
      notes: [],
    });
    latest.set(key, id);
    if (!gone) open.set(key, id);
  }

  /** A proposal's first trade has its name; whatever else its orders open has theirs. */
  #freeId(fill: Fill, entry: Sent | undefined): string {
    const { trades } = this.#state;
    const names = [entry?.proposalId ?? fill.orderId, fill.orderId, fill.id];
    return names.find((name) => !trades.has(name)) ?? `${fill.id}-${this.#state.seq}`;
  }

  #change(id: string, fill: Fill, step: Step, over: boolean): void {
    const { trades, orders } = this.#state;
    const trade = trades.get(id);
    if (trade === undefined) return;
    const sent = orders.get(fill.orderId);
    const isExit = step.closed > NO_QUANTITY;
    // What it bought beyond the closing went for a fee in base, or begins the next trade.
    const parted = isExit && !over ? fill.quantity : step.closed;
    const exit = {
      ...this.#exit(fill, sent, parted, step.fee),
      reason: exitReasonOf(this.#known(sent)),
    };
    const entry = this.#entry(fill, sent, step.opened, step.fee);
    trades.set(id, {
      ...trade,
      ...stretched(trade, { high: fill.price, low: fill.price }),
      entries: isExit ? trade.entries : [...trade.entries, entry],
      exits: isExit ? [...trade.exits, exit] : trade.exits,
      held: over ? NO_QUANTITY : step.held,
      net: add(trade.net, step.net),
      closedAtMs: over ? fill.atMs : trade.closedAtMs,
    });
  }

  /** Meant to be filled at its limit, or near the price that the proposal was made at. */
  #entry(fill: Fill, sent: Sent | undefined, opened: Quantity, fee: Money): Execution {
    if (sent?.order.role !== 'ENTRY') return execution(fill, opened, fee, null);
    const proposal = this.#state.candidates.get(sent.proposalId ?? NO_PROPOSAL)?.proposal;
    const expected = sent.order.limitPrice ?? proposal?.referencePrice;
    return execution(fill, opened, fee, optionalPrice(expected));
  }

  /** Meant to be filled at its own level; a close at the market near the last price that was recorded. */
  #exit(fill: Fill, sent: Sent | undefined, closed: Quantity, fee: Money): Execution {
    const level = sent?.order.stopPrice ?? sent?.order.limitPrice;
    const mark = this.#state.bars.get(fill.instrumentId)?.close ?? null;
    const expected = level === undefined ? mark : price(level);
    return execution(fill, closed, fee, sent === undefined ? null : expected);
  }

  #known(sent: Sent | undefined): SentOrder | undefined {
    if (sent === undefined) return undefined;
    const { orders, entries } = this.#state;
    const entry = entries.get(sent.proposalId ?? NO_PROPOSAL);
    return {
      order: sent.order,
      entry: entry === undefined ? undefined : orders.get(entry)?.order,
      wish: sent.wish ?? undefined,
    };
  }
}

/** No proposal is called this. */
const NO_PROPOSAL = '' as ProposalId;

const optionalPrice = (text: string | undefined): Price | null =>
  text === undefined ? null : price(text);
