/** Every projection of the ledger can be put away and taken up again. */
import { DAY_MS } from '../../domain/clock.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { ocoGroupId, type OcoGroupId } from '../../domain/ids.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { BTC, ETH, MOMENTUM, REVERSION } from '../../domain/testing/samples.ts';
import { foldContract } from '../testing/fold.contract.ts';
import { KNOWN } from '../testing/random-journal.ts';
import { Book } from './book.ts';
import { Decisions } from './decisions.ts';

const KEYS = [BTC, ETH].flatMap(({ id }) =>
  [MOMENTUM, REVERSION].map((strategy) => positionKey(id, strategy)),
);
const GROUPS: readonly OcoGroupId[] = ['g1', 'g2'].map(ocoGroupId);

const ordersIn = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === 'order.submitting' ? event.body.order.id : []));
const proposalsIn = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === 'proposal.made' ? event.body.proposal.id : []));
const cyclesIn = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === 'cycle.opened' ? event.body.cycleId : []));
const fillsIn = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === 'order.filled' ? event.body.fillId : []));

foldContract('the book', {
  fresh: () => new Book(KNOWN),
  told(book, events) {
    const nowMs = book.lastEventMs;
    const times = [nowMs, nowMs + 1, nowMs + DAY_MS];
    const { traffic } = book;
    return {
      fields: [book.seq, book.lastEventMs, book.started, book.startingCash, book.portfolio],
      trading: [book.tradingState, book.tradingStateBecause, book.tradingStateCode, book.emergency],
      risk: [book.rung, book.peakEquity, book.equity(), book.ladders()],
      standings: [book.standings, book.active],
      trouble: [book.halted, book.closing, book.external],
      bars: book.bars,
      live: book.liveOrders(),
      orders: ordersIn(events).map((id) => book.order(id) ?? null),
      sent: proposalsIn(events).map((id) => [
        book.exitsSent(id, 'STOP'),
        book.exitsSent(id, 'ENTRY'),
      ]),
      fills: fillsIn(events).map((id) => book.hasFill(id)),
      closedIn: GROUPS.map((group) => book.closedIn(group)),
      positions: KEYS.map((key) => [
        book.entryOf(key) ?? null,
        book.excursionOf(key) ?? null,
        book.unprotectedSince(key) ?? null,
      ]),
      marks: [BTC, ETH].map(({ id }) => book.mark(id) ?? null),
      days: times.map((ms) => [
        book.dayOpenEquity(ms),
        book.strategyDayResult(MOMENTUM, ms),
        book.strategyDayResult(REVERSION, ms),
      ]),
      traffic: times.map((ms) => [
        traffic.entriesAfter(ms - DAY_MS),
        traffic.messagesAfter(ms - 60_000),
        traffic.rejectsAfter(ms - 60_000),
      ]),
    };
  },
});

foldContract('the decisions', {
  fresh: () => new Decisions(),
  told: (decisions, events) => ({
    counts: decisions.counts(),
    open: decisions.open(),
    waiting: decisions.waiting(),
    latest: decisions.latest(1_000, () => true),
    phases: cyclesIn(events).map((id) => [decisions.phaseOf(id), decisions.get(id) ?? null]),
    proposals: proposalsIn(events).map((id) => decisions.ofProposal(id) ?? null),
  }),
});
