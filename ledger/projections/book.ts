/**
 * The book: orders, positions, balances and standings, folded from the journal and from nothing else.
 * It is rebuilt at every start; `apply` called with the same events always gives the same book.
 */
import { utcDay } from '../../domain/clock.ts';
import type { DomainEvent, DrawdownRung, EventOf, TradingState } from '../../domain/event.ts';
import type {
  ClientOrderId,
  FillId,
  InstrumentId,
  ProposalId,
  StrategyId,
} from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
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
  larger,
  type Money,
  money,
  NO_MONEY,
  type Price,
  price,
  quantity,
  subtract,
  toNumber,
} from '../../domain/units.ts';
import { type MarkOf, StrategyResults } from './strategy-results.ts';
import { type ReadonlyTraffic, Traffic } from './traffic.ts';

export interface Standing {
  readonly enabled: boolean;
  readonly lossStreak: number;
  /** Why it was last switched on or off; null while it never was. */
  readonly because: string | null;
}

export interface Mark {
  readonly price: Price;
  readonly atMs: number;
}

/** Closes kept per instrument: enough for sixty returns. */
const CLOSES_KEPT = 61;

export interface CloseHistory {
  readonly timesMs: readonly number[];
  readonly closes: readonly number[];
}

/** What everybody but the fold may do with the book: read it. */
export interface ReadonlyBook {
  readonly seq: number;
  readonly started: boolean;
  readonly portfolio: Portfolio;
  readonly startingCash: Money;
  readonly tradingState: TradingState;
  readonly tradingStateBecause: string | null;
  /** The breaker that moved the state; null when a person did, or nobody. */
  readonly tradingStateCode: ReasonCode | null;
  readonly emergency: boolean;
  readonly rung: DrawdownRung;
  readonly peakEquity: Money;
  readonly traffic: ReadonlyTraffic;
  /** Every strategy that was ever active keeps its standing; a restart does not wash off a streak. */
  readonly standings: ReadonlyMap<StrategyId, Standing>;
  /** The strategies the last start named. */
  readonly active: readonly StrategyId[];
  readonly closes: ReadonlyMap<InstrumentId, CloseHistory>;
  order(id: ClientOrderId): OrderRecord | undefined;
  liveOrders(): readonly OrderRecord[];
  /** The entry that a position of this key came from, the latest if there were several. */
  entryOf(positionKey: string): OrderRecord | undefined;
  /** How many orders of a role were ever sent for a proposal. */
  exitsSent(proposal: ProposalId, role: OrderRole): number;
  /** True for an execution that is booked. */
  hasFill(id: FillId): boolean;
  mark(id: InstrumentId): Mark | undefined;
  /** Equity at the recorded marks. */
  equity(): Money;
  /** Opening equity of the UTC day that `nowMs` lies in. */
  dayOpenEquity(nowMs: number): Money;
  /**
   * What a strategy won or lost since midnight UTC; open positions at what `markOf` knows, else at the
   * recorded marks.
   */
  strategyDayResult(id: StrategyId, nowMs: number, markOf?: MarkOf): Money;
}

export class Book implements ReadonlyBook {
  seq = 0;
  started = false;
  portfolio: Portfolio = openPortfolio('', NO_MONEY);
  startingCash: Money = NO_MONEY;
  tradingState: TradingState = 'ACTIVE';
  tradingStateBecause: string | null = null;
  tradingStateCode: ReasonCode | null = null;
  emergency = false;
  rung: DrawdownRung = 0;
  peakEquity: Money = NO_MONEY;
  readonly standings = new Map<StrategyId, Standing>();
  active: readonly StrategyId[] = [];
  readonly closes = new Map<InstrumentId, { timesMs: number[]; closes: number[] }>();
  readonly traffic = new Traffic();

  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #orders = new Map<ClientOrderId, OrderRecord>();
  readonly #live = new Set<ClientOrderId>();
  readonly #sent = new Map<string, number>();
  readonly #entries = new Map<string, ClientOrderId>();
  readonly #marks = new Map<InstrumentId, Mark>();
  readonly #fills = new Set<FillId>();
  readonly #results = new StrategyResults();
  #day = Number.NEGATIVE_INFINITY;
  #dayOpenEquity: Money = NO_MONEY;

  constructor(instruments: ReadonlyMap<InstrumentId, Instrument>) {
    this.#instruments = instruments;
  }

  apply(event: DomainEvent): void {
    this.seq = event.seq;
    // A bar that closes at midnight still belongs to the day it measured.
    this.#rollDay(event.type === 'market.bar-closed' ? event.atMs - 1 : event.atMs);
    switch (event.type) {
      case 'system.started':
        return this.#start(event);
      case 'trading.state-changed':
        this.tradingState = event.body.to;
        this.tradingStateBecause = event.body.because;
        // Journals written before breakers had codes have none.
        this.tradingStateCode = event.body.code ?? null;
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
        return this.#fill(event);
      case 'order.rejected':
        this.traffic.rejected(event.atMs);
        return this.#advance(event);
      case 'order.cancel-requested':
        this.traffic.messaged(event.atMs);
        return this.#advance(event);
      case 'order.accepted':
      case 'order.unknown':
      case 'order.canceled':
      case 'order.expired':
        return this.#advance(event);
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
    const close = price(bar.close);
    this.#marks.set(instrumentId, { price: close, atMs: event.atMs });
    const history = this.closes.get(instrumentId) ?? { timesMs: [], closes: [] };
    history.timesMs.push(bar.openTimeMs);
    history.closes.push(toNumber(close));
    if (history.closes.length > CLOSES_KEPT) {
      history.timesMs.shift();
      history.closes.shift();
    }
    this.closes.set(instrumentId, history);
    this.peakEquity = larger(this.peakEquity, this.equity());
  }

  #submit(event: EventOf<'order.submitting'>): void {
    const record = startRecord(event);
    this.#orders.set(record.order.id, record);
    this.#live.add(record.order.id);
    const sentKey = `${record.proposalId}:${record.order.role}`;
    this.#sent.set(sentKey, (this.#sent.get(sentKey) ?? 0) + 1);
    this.traffic.sent(record);
    if (record.order.role !== 'ENTRY') return;
    const { instrumentId, strategyId } = record.order;
    this.#entries.set(positionKey(instrumentId, strategyId), record.order.id);
  }

  #advance(event: OrderLifeEvent): void {
    const record = advanceRecord(this.#record(event.body.orderId), event);
    this.#orders.set(record.order.id, record);
    if (!isLive(record)) this.#live.delete(record.order.id);
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
