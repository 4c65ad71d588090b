/**
 * The journal of trades, and the three things a person may do about it without a password: write down a
 * lesson, answer what is recommended, switch a strategy off. None of them lets anything happen that
 * would not have happened.
 */
import { draft } from '../../domain/draft.ts';
import type { Actor, EventDraft, EventOf } from '../../domain/event.ts';
import { type StrategyId, strategyId } from '../../domain/ids.ts';
import { WINDOW_DAYS } from '../../ledger/trades/performance.ts';
import type { Trades } from '../../ledger/trades/trades.ts';
import type {
  AnswerRequest,
  DisableRequest,
  DoneResult,
  FeedbackView,
  FillsView,
  FillView,
  NoteRequest,
  TradeDetail,
  TradeView,
} from '../api/trade-views.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { fromLedger } from './from-ledger.ts';
import type { FeedbackQuery, FillsQuery, TradesQuery } from './http/trades-api.ts';
import { NotFound, Unprocessable } from './http/refusals.ts';
import { feedbackView } from './views/feedback-view.ts';
import { tradeDetail, tradeView } from './views/trade-view.ts';

const TRADES_DEFAULT = 50;
/** Events that one answer looks through. */
const FILLS_PAGE = 5_000;

/** Methods reject with one of `REFUSALS`; any other rejection is a fault of ours. */
export class TradeAnswers {
  readonly #runtime: Runtime;
  readonly #trades: Trades;

  constructor(runtime: Runtime, trades: Trades) {
    this.#runtime = runtime;
    this.#trades = trades;
  }

  /** Newest first, by when they began. */
  async trades(query: TradesQuery): Promise<{ trades: readonly TradeView[] }> {
    const trades = this.#trades;
    const all = trades.all().toReversed();
    const from =
      query.before === undefined ? 0 : all.findIndex(({ id }) => id === query.before) + 1;
    if (query.before !== undefined && from === 0) {
      throw new Unprocessable({
        code: 'UNKNOWN_TRADE',
        message: `before: there is no trade "${query.before}"; name one that an earlier answer listed.`,
      });
    }
    return { trades: all.slice(from, from + (query.limit ?? TRADES_DEFAULT)).map(tradeView) };
  }

  async trade(id: string): Promise<TradeDetail> {
    const trades = this.#trades;
    const trade = trades.get(id);
    if (trade === undefined) throw unknownTrade(id);
    return tradeDetail(trade);
  }

  async fills({ after = 0 }: FillsQuery): Promise<FillsView> {
    const { ledger } = this.#runtime.options;
    const page = await fromLedger(() => ledger.read(after, FILLS_PAGE));
    const fills = page.flatMap(({ event }) => (event.type === 'order.filled' ? [event] : []));
    return {
      currency: this.#runtime.parts.book.portfolio.currency,
      fills: fills.map(fillView),
      next: page.length < FILLS_PAGE ? null : (page.at(-1)?.event.seq ?? null),
    };
  }

  async feedback({ days = WINDOW_DAYS }: FeedbackQuery): Promise<FeedbackView> {
    return feedbackView(this.#trades, days);
  }

  async note(id: string, { name, note }: NoteRequest): Promise<DoneResult> {
    const trades = this.#trades;
    const trade = trades.get(id);
    if (trade === undefined) throw unknownTrade(id);
    const correlation = trade.plan?.cycleId ?? trade.id;
    await this.#journal(
      draft('trade.noted', person(name), correlation, null, { tradeId: id, note }),
    );
    return { sentence: `Noted on trade ${id} for good.` };
  }

  async answer(id: string, request: AnswerRequest): Promise<DoneResult> {
    const strategy = this.#strategy(id);
    const { name, reason: because, answer, recommendation } = request;
    const body = { strategyId: strategy, recommendation, answer, because };
    const answered = draft('feedback.answered', person(name), 'feedback', null, body);
    if (answer === 'SET_ASIDE' || recommendation !== 'DISABLE') {
      await this.#journal(answered);
      const did = answer === 'TAKEN' ? 'taken up' : 'set aside';
      return { sentence: `The recommendation ${recommendation} for ${id} was ${did}.` };
    }
    const off = this.#disabling(strategy, name, because);
    await this.#journal(answered, ...off);
    return { sentence: `The recommendation DISABLE for ${id} was taken up: ${offWords(id, off)}` };
  }

  /** Waits for nobody's turn: a cycle that hangs must not keep a strategy on. */
  async disable(id: string, { name, reason }: DisableRequest): Promise<DoneResult> {
    const off = this.#disabling(this.#strategy(id), name, reason);
    if (off.length > 0) await this.#journal(...off);
    return { sentence: offWords(id, off) };
  }

  #disabling(id: StrategyId, name: string, because: string): readonly EventDraft[] {
    if (this.#runtime.parts.book.standings.get(id)?.enabled === false) return [];
    const body = { strategyId: id, because };
    return [draft('strategy.disabled', person(name), 'trading-state', null, body)];
  }

  #strategy(id: string): StrategyId {
    const known = strategyId(id);
    if (this.#runtime.parts.book.standings.has(known)) return known;
    const names = [...this.#runtime.parts.book.standings.keys()].join(', ');
    throw new NotFound({
      code: 'STRATEGY_UNKNOWN',
      message: `There is no strategy "${id}"; the ones that were ever active are ${names}.`,
    });
  }

  #journal(...drafts: readonly EventDraft[]): Promise<void> {
    const { ledger } = this.#runtime.options;
    return fromLedger(async () => {
      await ledger.append(...drafts);
      await ledger.flush();
    });
  }
}

const person = (name: string): Actor => ({ kind: 'PERSON', name });

const unknownTrade = (id: string): NotFound =>
  new NotFound({
    code: 'UNKNOWN_TRADE',
    message: `There is no trade "${id}"; "plimsoll trades" lists them.`,
  });

const offWords = (id: string, off: readonly EventDraft[]): string =>
  off.length === 0
    ? `${id} was off already.`
    : `${id} is off: it opens nothing new, and what it holds keeps its stops.`;

const fillView = ({ body, atMs }: EventOf<'order.filled'>): FillView => ({ ...body, atMs });
