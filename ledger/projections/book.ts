/**
 * The book: orders, positions, balances and standings, folded from the journal and from nothing else.
 * It is rebuilt, or taken up again, at every start; `apply` called with the same events always gives the same book.
 */
import { utcDay } from '../../domain/clock.ts';
import type { DomainEvent, DrawdownRung, EventOf, TradingState } from '../../domain/event.ts';
import type {
  ClientOrderId,
  FillId,
  InstrumentId,
  OcoGroupId,
  ProposalId,
  StrategyId,
  VenueOrderId,
} from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { addsPlanned } from '../../domain/entry-order.ts';
import type { Fill, OrderRole } from '../../domain/order.ts';
import {
  advanceRecord,
  isLive,
  type OrderLifeEvent,
  type OrderRecord,
  startRecord,
} from '../../domain/order-record.ts';
import {
  bookFill,
  equity,
  openPortfolio,
  type Portfolio,
  positionKey,
} from '../../domain/portfolio.ts';
import type { ReasonCode } from '../../domain/reason-code.ts';
import {
  add,
  larger,
  type Money,
  money,
  NO_MONEY,
  NO_QUANTITY,
  type Price,
  price,
  type Quantity,
  quantity,
  smaller,
  subtract,
} from '../../domain/units.ts';
import type { Fold } from '../snapshots/fold.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, partsOf, type Saved } from '../snapshots/state-text.ts';
import { Bars } from './bars.ts';
import { Protection } from './protection.ts';
import type {
  BarHistory,
  Excursion,
  HaltedInstrument,
  Ladder,
  Mark,
  ReadonlyBook,
  Standing,
} from './readonly-book.ts';
import { type MarkOf, StrategyResults } from './strategy-results.ts';
import { Traffic } from './traffic.ts';

export class Book implements ReadonlyBook, Fold {
  seq = 0;
  lastEventMs = 0;
  started = false;
  portfolio: Portfolio = openPortfolio('', NO_MONEY);
  startingCash: Money = NO_MONEY;
  tradingState: TradingState = 'ACTIVE';
  tradingStateBecause: string | null = null;
  tradingStateCode: ReasonCode | null = null;
  emergency = false;
  rung: DrawdownRung = 0;
  peakEquity: Money = NO_MONEY;
  standings = new Map<StrategyId, Standing>();
  active: readonly StrategyId[] = [];
  halted = new Map<InstrumentId, HaltedInstrument>();
  closing = new Map<string, string>();
  external = new Map<VenueOrderId, EventOf<'order.external-found'>['body']>();
  readonly traffic = new Traffic();

  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  #orders = new Map<ClientOrderId, OrderRecord>();
  #live = new Set<ClientOrderId>();
  #sent = new Map<string, number>();
  #entries = new Map<string, ClientOrderId>();
  #marks = new Map<InstrumentId, Mark>();
  #fills = new Set<FillId>();
  #closedIn = new Map<OcoGroupId, Quantity>();
  #excursions = new Map<string, Excursion>();
  #ladders = new Set<ClientOrderId>();
  readonly #protection = new Protection();
  readonly #results = new StrategyResults();
  readonly #bars = new Bars();
  #day = Number.NEGATIVE_INFINITY;
  #dayOpenEquity: Money = NO_MONEY;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  get bars(): ReadonlyMap<InstrumentId, BarHistory> {
    return this.#bars.all;
  }

  apply(event: DomainEvent): void {
    this.seq = event.seq;
    this.lastEventMs = event.atMs;
    // A bar that closes at midnight still belongs to the day it measured.
    this.#rollDay(event.type === 'market.bar-closed' ? event.atMs - 1 : event.atMs);
    switch (event.type) {
      case 'system.started':
        return this.#start(event);
      case 'trading.state-changed':
        this.tradingState = event.body.to;
        this.tradingStateBecause = event.body.because;
        this.tradingStateCode = event.body.code;
        this.emergency = event.body.emergency;
        return;
      case 'drawdown.rung-changed':
        this.rung = event.body.to;
        return;
      case 'drawdown.peak-rebased':
        this.peakEquity = money(event.body.to);
        return;
      case 'strategy.disabled':
        return this.#stand(event.body.strategyId, { enabled: false, because: event.body.because });
      case 'strategy.enabled':
        return this.#stand(event.body.strategyId, {
          enabled: true,
          lossStreak: 0,
          because: event.body.because,
        });
      case 'market.bar-closed':
        return this.#closeBar(event);
      case 'order.submitting':
        return this.#submit(event);
      case 'order.filled':
        this.#advance(event);
        this.#fill(event);
        return this.#protect(this.#record(event.body.orderId), event.atMs);
      case 'order.rejected':
        // What stayed here, or never arrived, no venue has refused.
        if (event.actor.kind === 'VENUE') this.traffic.rejected(event.atMs);
        return this.#advance(event);
      case 'order.cancel-requested':
        this.traffic.messaged(event.atMs);
        return this.#advance(event);
      case 'order.accepted':
      case 'order.unknown':
      case 'order.cancel-refused':
      case 'order.canceled':
      case 'order.expired':
      case 'order.suspected':
      case 'order.resurfaced':
        return this.#advance(event);
      case 'order.external-found':
        this.external.set(event.body.venueOrderId, event.body);
        return;
      case 'order.external-gone':
        this.external.delete(event.body.venueOrderId);
        return;
      case 'position.close-requested':
        this.closing.set(
          positionKey(event.body.instrumentId, event.body.strategyId),
          event.body.because,
        );
        return;
      case 'instrument.halted':
        this.halted.set(event.body.instrumentId, event.body);
        return;
      case 'instrument.resumed':
        this.halted.delete(event.body.instrumentId);
        return;
      default:
        return;
    }
  }

  order(id: ClientOrderId): OrderRecord | undefined {
    return this.#orders.get(id);
  }

  liveOrders(): readonly OrderRecord[] {
    return [...this.#live].map((id) => this.#record(id));
  }

  entryOf(key: string): OrderRecord | undefined {
    const id = this.#entries.get(key);
    return id === undefined ? undefined : this.#orders.get(id);
  }

  exitsSent(proposal: ProposalId, role: OrderRole): number {
    return this.#sent.get(`${proposal}:${role}`) ?? 0;
  }

  ladders(): readonly Ladder[] {
    const found: Ladder[] = [];
    for (const id of this.#ladders) {
      const entry = this.#record(id);
      const { instrumentId, strategyId } = entry.order;
      const key = positionKey(instrumentId, strategyId);
      const position =
        this.#entries.get(key) === id ? this.portfolio.positions.get(key) : undefined;
      if (isLive(entry) || position !== undefined) found.push({ entry, position });
    }
    return found;
  }

  closedIn(group: OcoGroupId): Quantity {
    return this.#closedIn.get(group) ?? NO_QUANTITY;
  }

  excursionOf(key: string): Excursion | undefined {
    return this.#excursions.get(key);
  }

  unprotectedSince(key: string): number | undefined {
    return this.#protection.since(key);
  }

  hasFill(id: FillId): boolean {
    return this.#fills.has(id);
  }

  mark(id: InstrumentId): Mark | undefined {
    return this.#marks.get(id);
  }

  equity(): Money {
    return equity(this.portfolio, this.#markOf);
  }

  dayOpenEquity(nowMs: number): Money {
    return utcDay(nowMs) > this.#day ? this.equity() : this.#dayOpenEquity;
  }

  strategyDayResult(id: StrategyId, nowMs: number, markOf: MarkOf = NO_MARKS): Money {
    const now: MarkOf = (instrument) => markOf(instrument) ?? this.#markOf(instrument);
    // Past midnight, but before the first event of the new day: the day began at the recorded marks.
    if (utcDay(nowMs) > this.#day) {
      const before = this.#results.total(id, this.portfolio, this.#markOf);
      return subtract(this.#results.total(id, this.portfolio, now), before);
    }
    return this.#results.today(id, this.portfolio, now);
  }

  save(): Saved {
    return {
      own: pack(this.#state()),
      traffic: this.traffic.save(),
      protection: this.#protection.save(),
      results: this.#results.save(),
      bars: this.#bars.save(),
    };
  }

  load(saved: Saved): void {
    const parts = partsOf(saved, ['own', 'traffic', 'protection', 'results', 'bars']);
    this.traffic.load(parts.traffic);
    this.#protection.load(parts.protection);
    this.#results.load(parts.results);
    this.#bars.load(parts.bars);
    const state = unpackLike(parts.own, this.#state());
    this.seq = state.seq;
    this.lastEventMs = state.lastEventMs;
    this.started = state.started;
    this.portfolio = state.portfolio;
    this.startingCash = state.startingCash;
    this.tradingState = state.tradingState;
    this.tradingStateBecause = state.tradingStateBecause;
    this.tradingStateCode = state.tradingStateCode;
    this.emergency = state.emergency;
    this.rung = state.rung;
    this.peakEquity = state.peakEquity;
    this.standings = state.standings;
    this.active = state.active;
    this.halted = state.halted;
    this.closing = state.closing;
    this.external = state.external;
    this.#orders = state.orders;
    this.#live = state.live;
    this.#sent = state.sent;
    this.#entries = state.entries;
    this.#marks = state.marks;
    this.#fills = state.fills;
    this.#closedIn = state.closedIn;
    this.#excursions = state.excursions;
    this.#ladders = state.ladders;
    this.#day = state.day;
    this.#dayOpenEquity = state.dayOpenEquity;
  }

  /** Every field that events change, but for those that save themselves. */
  #state() {
    return {
      seq: this.seq,
      lastEventMs: this.lastEventMs,
      started: this.started,
      portfolio: this.portfolio,
      startingCash: this.startingCash,
      tradingState: this.tradingState,
      tradingStateBecause: this.tradingStateBecause,
      tradingStateCode: this.tradingStateCode,
      emergency: this.emergency,
      rung: this.rung,
      peakEquity: this.peakEquity,
      standings: this.standings,
      active: this.active,
      halted: this.halted,
      closing: this.closing,
      external: this.external,
      orders: this.#orders,
      live: this.#live,
      sent: this.#sent,
      entries: this.#entries,
      marks: this.#marks,
      fills: this.#fills,
      closedIn: this.#closedIn,
      excursions: this.#excursions,
      ladders: this.#ladders,
      day: this.#day,
      dayOpenEquity: this.#dayOpenEquity,
    };
  }

  #start(event: EventOf<'system.started'>): void {
    const { body } = event;
    if (!this.started) {
      this.started = true;
      this.startingCash = money(body.cash);
      this.portfolio = openPortfolio(body.currency, this.startingCash);
      this.peakEquity = this.startingCash;
      this.#dayOpenEquity = this.startingCash;
    }
    this.active = body.strategies;
    for (const id of body.strategies) this.#stand(id, {});
  }

  #stand(id: StrategyId, change: Partial<Standing>): void {
    const before = this.standings.get(id) ?? { enabled: true, lossStreak: 0, because: null };
    this.standings.set(id, { ...before, ...change });
  }

  #rollDay(ms: number): void {
    const day = utcDay(ms);
    if (day <= this.#day) return;
    if (this.started) {
      this.#dayOpenEquity = this.equity();
      this.#results.turnDay(this.portfolio, this.#markOf);
    }
    this.#day = day;
  }

  #closeBar(event: EventOf<'market.bar-closed'>): void {
    const { instrumentId, bar } = event.body;
    const [high, low, close] = [price(bar.high), price(bar.low), price(bar.close)];
    this.#marks.set(instrumentId, { price: close, atMs: event.atMs });
    this.#bars.add(instrumentId, bar);
    for (const [key, position] of this.portfolio.positions)
      if (position.instrumentId === instrumentId) this.#stretch(key, high, low);
    this.peakEquity = larger(this.peakEquity, this.equity());
  }

  #submit(event: EventOf<'order.submitting'>): void {
    const record = startRecord(event);
    this.#orders.set(record.order.id, record);
    this.#live.add(record.order.id);
    const sentKey = `${record.proposalId}:${record.order.role}`;
    this.#sent.set(sentKey, (this.#sent.get(sentKey) ?? 0) + 1);
    this.traffic.sent(record);
    if (record.order.role !== 'ENTRY' || record.order.addTo !== undefined) return;
    const { id, instrumentId, strategyId } = record.order;
    const key = positionKey(instrumentId, strategyId);
    // The ladder before this one is over, and old ones must not be walked for ever.
    this.#ladders.delete(this.#entries.get(key) ?? id);
    if (addsPlanned(record.order) > 0) this.#ladders.add(id);
    this.#entries.set(key, id);
  }

  #advance(event: OrderLifeEvent): void {
    const record = advanceRecord(this.#record(event.body.orderId), event);
    this.#orders.set(record.order.id, record);
    if (isLive(record)) this.#live.add(record.order.id);
    else this.#live.delete(record.order.id);
    if (record.order.role === 'STOP') this.#protect(record, event.atMs);
  }

  #protect({ order }: OrderRecord, atMs: number): void {
    const key = positionKey(order.instrumentId, order.strategyId);
    const lot = this.#instruments.get(order.instrumentId)?.lot ?? ONE_UNIT;
    const position = this.portfolio.positions.get(key);
    this.#protection.look(key, position, lot, this.liveOrders(), atMs);
  }

  #stretch(key: string, high: Price, low: Price): void {
    const before = this.#excursions.get(key);
    this.#excursions.set(key, {
      high: before === undefined ? high : larger(before.high, high),
      low: before === undefined ? low : smaller(before.low, low),
    });
  }

  #fill(event: EventOf<'order.filled'>): void {
    const fill = fillFromEvent(event);
    const instrument = this.#instruments.get(fill.instrumentId);
    if (instrument === undefined) {
      throw new Error(`fill ${fill.id} is of ${fill.instrumentId}, which this book does not know`);
    }
    const booking = bookFill(this.portfolio, fill, instrument.quote);
    this.#fills.add(fill.id);
    this.portfolio = booking.portfolio;
    const group = this.#record(fill.orderId).order.ocoGroupId;
    if (group !== undefined) this.#closedIn.set(group, add(this.closedIn(group), fill.quantity));
    const key = positionKey(fill.instrumentId, fill.strategyId);
    // A position that turned around is a new one.
    if (booking.closedResult !== undefined) {
      this.#excursions.delete(key);
      this.closing.delete(key);
    }
    if (booking.portfolio.positions.has(key)) this.#stretch(key, fill.price, fill.price);
    this.#results.fill(fill);
    // A fill is a price too: without it a position opened before the first bar would have no mark.
    if (!this.#marks.has(fill.instrumentId)) {
      this.#marks.set(fill.instrumentId, { price: fill.price, atMs: event.atMs });
    }
    if (booking.closedResult === undefined) return;
    const streak = this.standings.get(fill.strategyId)?.lossStreak ?? 0;
    const lossStreak = booking.closedResult > NO_MONEY ? 0 : streak + 1;
    this.#stand(fill.strategyId, { lossStreak });
  }

  readonly #markOf: MarkOf = (id) => this.#marks.get(id)?.price;

  #record(id: ClientOrderId): OrderRecord {
    const record = this.#orders.get(id);
    if (record === undefined)
      throw new Error(`the journal speaks of order ${id} before submitting it`);
    return record;
  }
}

/** The smallest quantity there is, for an instrument that is not known any more. */
const ONE_UNIT = 1n as Quantity;

const NO_MARKS: MarkOf = () => undefined;

export function fillFromEvent(event: EventOf<'order.filled'>): Fill {
  const { body } = event;
  return {
    id: body.fillId,
    orderId: body.orderId,
    instrumentId: body.instrumentId,
    strategyId: body.strategyId,
    side: body.side,
    quantity: quantity(body.quantity),
    price: price(body.price),
    fee: money(body.fee),
    ...(body.feeInBase === undefined ? {} : { feeInBase: quantity(body.feeInBase) }),
    atMs: event.atMs,
  };
}
