import { describe, expect, test } from 'vitest';
import type {
  Actor,
  DomainEvent,
  EventBodies,
  EventType,
  OrderText,
} from '../../../domain/event.ts';
import {
  approvalId,
  clientOrderId,
  cycleId,
  fillId,
  instrumentId,
  intentId,
  proposalId,
  strategyId,
  venueOrderId,
} from '../../../domain/ids.ts';
import type { TradeProposal } from '../../../domain/proposal.ts';
import { describeEvent } from './describe-event.ts';

const BTC = instrumentId('BTC/USD');
const NBB = strategyId('nbb');
const CYCLE = cycleId('BTC/USD-5m-1767571200000');
const ORDER = clientOrderId('E1P7');
const AT = Date.UTC(2026, 0, 5, 0, 5);
const CLOCKWORK: Actor = { kind: 'SYSTEM', name: 'approvals' };

const order: OrderText = {
  id: ORDER,
  instrumentId: BTC,
  strategyId: NBB,
  role: 'ENTRY',
  side: 'SELL',
  type: 'MARKET',
  quantity: '0.015',
  timeInForce: 'GTC',
  reduceOnly: false,
};
const stop: OrderText = {
  ...order,
  id: clientOrderId('S1P7'),
  role: 'STOP',
  side: 'BUY',
  type: 'STOP',
  stopPrice: '64353.57',
  reduceOnly: true,
};
const target: OrderText = { ...stop, role: 'TARGET', type: 'LIMIT', limitPrice: '63811.57' };

const proposal: TradeProposal = {
  id: proposalId('P7'),
  cycleId: CYCLE,
  instrumentId: BTC,
  strategyId: NBB,
  direction: 'SHORT',
  quantity: '0.015',
  referencePrice: '64198.71',
  stop: '64353.57',
  target: '63811.57',
  lossAtStop: '2.34',
  notional: '970',
  rewardToRisk: '2.5',
  confidence: 0.6,
  setupId: 'zone-1',
  thesis: {
    kind: 'THESIS',
    direction: 'SHORT',
    conviction: 0.6,
    horizon: 'hours',
    thesis: 'Price came back to a supply zone.',
    invalidation: 'A close above it.',
    evidenceIds: [],
  },
  evidence: [],
  createdAtMs: AT,
  expiresAtMs: AT + 60_000,
};

const verdict: EventBodies['kernel.reviewed']['verdict'] = {
  cleared: true,
  lane: 'ENTRY',
  sentence: 'CLEARED',
  checks: [],
  orderHash: 'a',
  limitsHash: 'b',
  snapshotSeq: 1,
  reviewedAtMs: AT,
};

const started: EventBodies['system.started'] = {
  version: '0.1.0',
  decisionMode: 'GUIDE',
  venueMode: 'SIMULATION',
  limitsHash: 'c',
  tightened: {},
  currency: 'USD',
  cash: '10000',
  strategies: [NBB],
  rules: {},
  entryRules: [],
  instruments: [BTC],
  market: 'synthetic, seed 6',
  synthetic: true,
  seed: 6,
  resumed: false,
};
const filled: EventBodies['order.filled'] = {
  fillId: fillId('f1'),
  orderId: ORDER,
  instrumentId: BTC,
  strategyId: NBB,
  side: 'SELL',
  quantity: '0.015',
  price: '64128.03',
  fee: '0.97',
};

type Told<T extends EventType> = readonly (readonly [EventBodies[T], string])[];

/** Every type of the catalogue, by the type checker's word. */
const CATALOGUE: { readonly [T in EventType]: Told<T> } = {
  'system.started': [
    [
      started,
      'Plimsoll 0.1.0 started with 10000 USD: GUIDE mode, orders to SIMULATION, market "synthetic, seed 6", which is made up.',
    ],
    [
      { ...started, resumed: true, synthetic: false, market: 'spy.csv' },
      'Plimsoll 0.1.0 went on from its journal: GUIDE mode, orders to SIMULATION, market "spy.csv".',
    ],
  ],
  'trading.state-changed': [
    [
      {
        from: 'ACTIVE',
        to: 'HALTED',
        emergency: true,
        because: 'DRAWDOWN_EXCEEDS_MAXIMUM: value=1500 limit=1500 bps',
        code: 'DRAWDOWN_EXCEEDS_MAXIMUM',
      },
      'Trading went from ACTIVE to HALTED as an emergency: DRAWDOWN_EXCEEDS_MAXIMUM: value=1500 limit=1500 bps.',
    ],
    [
      {
        from: 'ACTIVE',
        to: 'REDUCING',
        emergency: false,
        because: 'a stop could not be placed',
        code: 'POSITION_UNPROTECTED',
      },
      'Trading went from ACTIVE to REDUCING: POSITION_UNPROTECTED: a stop could not be placed.',
    ],
    [
      { from: 'REDUCING', to: 'ACTIVE', emergency: false, because: 'the feed is back', code: null },
      'Trading went from REDUCING to ACTIVE: the feed is back.',
    ],
  ],
  'drawdown.rung-changed': [
    [
      { from: 0, to: 2, drawdownBps: 812 },
      'Drawdown reached rung 2, quarter size, at 8.12 % below the equity peak.',
    ],
    [
      { from: 1, to: 0, drawdownBps: 399 },
      'Drawdown eased to rung 0, full size, at 3.99 % below the equity peak.',
    ],
  ],
  'drawdown.peak-rebased': [
    [
      { from: '10000', to: '8412.123456', because: 'a new start' },
      "approvals set the equity peak anew, from 10000 to 8412.12 in the account's currency: a new start.",
    ],
  ],
  'loosening.refused': [
    [
      {
        wanted: 'ACTIVE',
        code: 'FEED_SILENT',
        because: 'FEED_SILENT: value=130000 limit=120000 ms',
      },
      'approvals asked for ACTIVE and was refused: FEED_SILENT: value=130000 limit=120000 ms.',
    ],
    [
      { wanted: 'ACTIVE', code: null, because: 'the password is wrong' },
      'approvals asked for ACTIVE and was refused: the password is wrong.',
    ],
  ],
  'operator.added': [
    [{ name: 'mira' }, 'mira was registered as an operator by approvals.'],
    [{ name: 'approvals' }, 'approvals registered as an operator.'],
  ],
  'reconciliation.completed': [
    [
      { venue: 'simulated', differences: [] },
      'Ledger and venue "simulated" agree about every open order.',
    ],
    [
      { venue: 'simulated', differences: ['E1 is missing', 'X9 is foreign'] },
      'Ledger and venue "simulated" differ: E1 is missing; X9 is foreign.',
    ],
  ],
  'market.bar-closed': [
    [
      {
        instrumentId: BTC,
        timeframe: '5m',
        bar: { openTimeMs: AT, open: '1', high: '4', low: '0.5', close: '2', volume: '7' },
      },
      'BTC/USD 5m closed at 2 USD, from 1 USD between 0.5 and 4 USD, with 7 BTC traded.',
    ],
  ],
  'cycle.opened': [
    [
      { cycleId: CYCLE, instrumentId: BTC, barTimeMs: AT },
      'A cycle opened for the BTC/USD bar of 2026-01-05 00:05:00 UTC.',
    ],
  ],
  'cycle.phase-moved': [
    [
      { cycleId: CYCLE, from: 'INITIALIZING', to: 'STRATEGY_ANALYSIS' },
      'The cycle moved from INITIALIZING to STRATEGY_ANALYSIS.',
    ],
  ],
  'cycle.closed': [
    [
      {
        cycleId: CYCLE,
        from: 'EXECUTION',
        to: 'COMPLETED',
        outcome: 'SENT',
        because: 'The venue has the order.',
      },
      'The cycle ended SENT: The venue has the order.',
    ],
    [
      { cycleId: CYCLE, from: 'EXECUTION', to: 'COMPLETED', outcome: 'DECLINED', because: '' },
      'The cycle ended DECLINED.',
    ],
  ],
  'message.sent': [
    [
      {
        messageId: 'm1',
        lane: 'RISK',
        kind: 'COMMAND',
        from: 'supervisor',
        to: 'risk',
        topic: 'cycle.risk_validation',
        summary: 'Supervisor to risk: size it, or refuse it.',
      },
      'Supervisor to risk: size it, or refuse it.',
    ],
  ],
  'agent.stepped': [
    [
      { cycleId: CYCLE, agent: 'risk', step: 'assess', summary: 'Refused: no size fits.' },
      'The risk agent: Refused: no size fits.',
    ],
  ],
  'proposal.made': [
    [
      { proposal },
      'nbb proposes SHORT 0.015 BTC near 64198.71 USD, stop 64353.57 USD, target 63811.57 USD: worth 970 USD, 2.34 USD lost at the stop.',
    ],
  ],
  'proposal.refused': [
    [
      { cycleId: CYCLE, by: 'risk', because: 'no size fits: limited by lots' },
      'The risk agent refused the set-up: no size fits: limited by lots.',
    ],
  ],
  'kernel.reviewed': [
    [
      { stage: 'SEND', subject: ORDER, verdict },
      'The kernel cleared E1P7 at the moment of sending.',
    ],
    [
      {
        stage: 'CLICK',
        subject: proposal.id,
        verdict: {
          ...verdict,
          cleared: false,
          code: 'MARKET_DATA_STALE',
          severity: 'WARNING',
          sentence: 'MARKET_DATA_STALE: value=90000 limit=60000',
        },
      },
      'The kernel denied P7 at the decision: MARKET_DATA_STALE: value=90000 limit=60000. The mark price is too old.',
    ],
  ],
  'approval.requested': [
    [
      {
        approvalId: approvalId('AP7'),
        proposalId: proposal.id,
        proposalHash: 'd',
        expiresAtMs: AT,
      },
      'Proposal P7 waits for a decision until 2026-01-05 00:05:00 UTC.',
    ],
  ],
  'approval.decided': [
    [
      {
        approvalId: approvalId('AP7'),
        proposalId: proposal.id,
        status: 'EXPIRED',
        because: 'nobody decided in time',
        seenHash: 'd',
      },
      'Proposal P7 was ended as expired by approvals: nobody decided in time.',
    ],
  ],
  'intent.recorded': [
    [
      {
        intentId: intentId('E1P7'),
        approvalId: approvalId('AP7'),
        proposalId: proposal.id,
        order,
      },
      'The intent to sell 0.015 BTC at the market was recorded.',
    ],
  ],
  'order.denied': [
    [
      {
        orderId: ORDER,
        order,
        code: 'TRADING_HALTED',
        sentence: 'TRADING_HALTED: value=HALTED limit=ACTIVE',
      },
      'Order E1P7 was denied: TRADING_HALTED: value=HALTED limit=ACTIVE.',
    ],
  ],
  'order.submitting': [
    [
      {
        order,
        intentId: null,
        proposalId: null,
        hold: { notional: '980', risk: '12' },
        orderHash: 'e',
      },
      'ENTRY order E1P7 is about to be sent, to sell 0.015 BTC at the market: 980 USD reserved, 12 USD of it at risk.',
    ],
    [
      {
        order: stop,
        intentId: null,
        proposalId: null,
        hold: { notional: '0', risk: '0' },
        orderHash: 'e',
      },
      'STOP order S1P7 is about to be sent, to buy 0.015 BTC at the market once the price reaches 64353.57 USD: it can only reduce the position.',
    ],
    [
      {
        order: target,
        intentId: null,
        proposalId: null,
        hold: { notional: '0', risk: '0' },
        orderHash: 'e',
      },
      'TARGET order S1P7 is about to be sent, to buy 0.015 BTC at 63811.57 USD or better once the price reaches 64353.57 USD: it can only reduce the position.',
    ],
  ],
  'order.accepted': [
    [{ orderId: ORDER, venueOrderId: venueOrderId('v1') }, 'The venue accepted order E1P7.'],
  ],
  'order.rejected': [
    [{ orderId: ORDER, because: 'unknown symbol' }, 'Order E1P7 was rejected: unknown symbol.'],
  ],
  'order.unknown': [
    [
      { orderId: ORDER, because: 'the venue did not answer' },
      'Nobody knows yet whether the venue has order E1P7: the venue did not answer.',
    ],
  ],
  'order.filled': [
    [filled, 'Order E1P7 sold 0.015 BTC at 64128.03 USD, fee 0.97 USD.'],
    [
      { ...filled, side: 'BUY', feeInBase: '0.00001' },
      'Order E1P7 bought 0.015 BTC at 64128.03 USD, fee 0.97 USD (paid as 0.00001 BTC).',
    ],
  ],
  'order.cancel-requested': [
    [
      { orderId: ORDER, because: 'the stop moved' },
      'The venue was asked to cancel order E1P7: the stop moved.',
    ],
  ],
  'order.canceled': [
    [
      { orderId: ORDER, because: 'the target filled' },
      'Order E1P7 was canceled: the target filled.',
    ],
  ],
  'order.expired': [
    [{ orderId: ORDER, because: 'the day ended' }, 'Order E1P7 expired: the day ended.'],
  ],
  'order.cancel-refused': [
    [
      { orderId: ORDER, because: 'in maintenance' },
      'The venue did not cancel order E1P7, which rests as before: in maintenance.',
    ],
  ],
  'order.suspected': [
    [
      { orderId: ORDER, because: 'not found three times' },
      'The venue cannot find order E1P7 any more, which proves nothing: not found three times.',
    ],
  ],
  'order.resurfaced': [
    [
      { orderId: ORDER, venueOrderId: venueOrderId('v9'), because: 'it is in the list' },
      'Order E1P7 was over for us, yet it rests at the venue: it is in the list.',
    ],
  ],
  'order.overfilled': [
    [
      { orderId: ORDER, fillId: fillId('f1'), excess: '0.002' },
      'The venue filled order E1P7 by 0.002 more than was ordered; it is booked, because it happened.',
    ],
  ],
  'order.news-ignored': [
    [
      { orderId: ORDER, news: 'rejected after a fill' },
      'The venue contradicted itself about order E1P7, and what it had said before stands: rejected after a fill.',
    ],
  ],
  'order.external-found': [
    [
      { venueOrderId: venueOrderId('v7'), instrumentId: BTC, side: 'BUY', quantity: '0.5' },
      'Order v7 rests at the venue and is not ours, to buy 0.5 BTC; it is watched and left alone.',
    ],
  ],
  'order.external-gone': [
    [
      { venueOrderId: venueOrderId('v7') },
      'Order v7, which was not ours, rests at the venue no more.',
    ],
  ],
  'instrument.halted': [
    [
      { instrumentId: BTC, code: 'POSITION_UNPROTECTED', because: 'the stop was rejected' },
      'Nothing new is opened in BTC/USD: POSITION_UNPROTECTED: the stop was rejected.',
    ],
  ],
  'instrument.resumed': [
    [
      { instrumentId: BTC, because: 'spoke with the venue' },
      'BTC/USD was released by approvals and may be traded again: spoke with the venue.',
    ],
  ],
  'alarm.raised': [
    [
      { code: 'ORDER_SUSPECT', subject: 'E1P7', because: 'the venue cannot find it' },
      'Alarm about E1P7: ORDER_SUSPECT: the venue cannot find it.',
    ],
    [
      { code: 'VENUE_MISMATCH', subject: 'cash', because: 'VENUE_MISMATCH: value=1 limit=0' },
      'Alarm about cash: VENUE_MISMATCH: value=1 limit=0.',
    ],
  ],
  'position.close-requested': [
    [
      { instrumentId: BTC, strategyId: NBB, because: 'enough' },
      'approvals wants the position of nbb in BTC/USD closed at the market: enough.',
    ],
  ],
  'kill-switch.completed': [
    [
      { canceled: [ORDER], exitsKept: [], confirmed: true, leftOpen: [], flat: true },
      'Everything was stopped: 1 entry canceled, 0 exits kept to guard positions, nothing left open, the account is flat.',
    ],
    [
      {
        canceled: [ORDER, clientOrderId('E1P8')],
        exitsKept: [clientOrderId('S1P7')],
        confirmed: true,
        leftOpen: [ORDER],
        flat: false,
      },
      'Everything was stopped: 2 entries canceled, 1 exit kept to guard positions, STILL OPEN at the venue: E1P7, the account is not flat.',
    ],
    [
      { canceled: [], exitsKept: [], confirmed: false, leftOpen: [], flat: true },
      'Everything was stopped: 0 entries canceled, 0 exits kept to guard positions, the venue did NOT SAY what rests there, the account is flat.',
    ],
  ],
  'strategy.disabled': [
    [
      { strategyId: NBB, because: '5 losses in a row' },
      'Strategy nbb was switched off: 5 losses in a row.',
    ],
  ],
  'strategy.enabled': [
    [
      { strategyId: NBB, because: 'reviewed its trades' },
      'Strategy nbb was switched on again by approvals: reviewed its trades.',
    ],
  ],
  'journal.restored': [
    [
      { upToSeq: 80, lostUpToSeq: 80, because: 'moved to another machine' },
      'approvals put back a copy of the journal that ends at event 80: moved to another machine.',
    ],
    [
      { upToSeq: 80, lostUpToSeq: 95, because: 'the disk died' },
      'approvals put back a copy of the journal that ends at event 80; events up to 95 are lost: the disk died.',
    ],
  ],
  'trade.noted': [
    [{ tradeId: 'P1', note: 'waited too long' }, 'approvals noted on trade P1: waited too long.'],
  ],
  'feedback.answered': [
    [
      { strategyId: NBB, recommendation: 'DISABLE', answer: 'TAKEN', because: 'five losses' },
      'approvals took up the recommendation to switch off nbb: five losses.',
    ],
    [
      { strategyId: NBB, recommendation: 'WATCH', answer: 'SET_ASIDE', because: 'known cause' },
      'approvals set aside the recommendation to watch closely nbb: known cause.',
    ],
  ],
};

describe('every event of the catalogue is one plain sentence', () => {
  const told = Object.entries(CATALOGUE).flatMap(([type, cases]) =>
    cases.map(([body, sentence]) => [type, body, sentence] as const),
  );
  test.each(told)('%s', (type, body, sentence) => {
    const event = {
      type,
      body,
      actor: CLOCKWORK,
      correlationId: CYCLE,
      causationSeq: null,
      seq: 1,
      atMs: AT,
    } as unknown as DomainEvent;
    expect(describeEvent(event)).toBe(sentence);
  });
});
