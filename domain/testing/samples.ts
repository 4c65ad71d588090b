/** Small, valid things to trade and to book, shared by tests of every floor. */
import type { DomainEvent, DraftOf, EventBodies, EventOf, EventType } from '../event.ts';
import { clientOrderId, cycleId, fillId, instrumentId, proposalId, strategyId } from '../ids.ts';
import { defineInstrument, type Instrument } from '../instrument.ts';
import type { Fill, Order } from '../order.ts';
import type { TradeProposal } from '../proposal.ts';
import { type DecimalText, money, price, quantity } from '../units.ts';

export const START_MS = 1_700_000_000_000;
export const MOMENTUM = strategyId('momentum');
export const REVERSION = strategyId('reversion');

export const BTC: Instrument = defineInstrument({
  id: instrumentId('BTC/USD'),
  base: 'BTC',
  quote: 'USD',
  assetClass: 'CRYPTO',
  tick: price('0.01'),
  lot: quantity('0.00000001'),
  minNotional: money('10'),
  unitsPerStandardLot: quantity('1'),
});

export const ETH: Instrument = defineInstrument({
  ...BTC,
  id: instrumentId('ETH/USD'),
  base: 'ETH',
});

export const EUR: Instrument = defineInstrument({
  id: instrumentId('EUR/USD'),
  base: 'EUR',
  quote: 'USD',
  assetClass: 'FX',
  tick: price('0.00001'),
  lot: quantity('1'),
  minNotional: money('1'),
  unitsPerStandardLot: quantity('100000'),
});

export const sampleOrder = (change: Partial<Order> = {}): Order => ({
  id: clientOrderId('E1P1'),
  instrumentId: BTC.id,
  strategyId: MOMENTUM,
  role: 'ENTRY',
  side: 'BUY',
  type: 'MARKET',
  quantity: quantity('0.01'),
  timeInForce: 'GTC',
  reduceOnly: false,
  protectiveStop: price('49000'),
  target: price('53000'),
  ...change,
});

/** A fill by its numbers; the fee is in quote unless `change` says otherwise. */
export const sampleFill = (
  side: Fill['side'],
  size: DecimalText,
  at: DecimalText,
  fee: DecimalText = '0',
  change: Partial<Fill> = {},
): Fill => ({
  id: fillId('f1'),
  orderId: clientOrderId('E1P1'),
  instrumentId: BTC.id,
  strategyId: MOMENTUM,
  side,
  quantity: quantity(size),
  price: price(at),
  fee: money(fee),
  atMs: START_MS,
  ...change,
});

export const sampleProposal = (change: Partial<TradeProposal> = {}): TradeProposal => ({
  id: proposalId('P1'),
  cycleId: cycleId('cycle-1'),
  instrumentId: BTC.id,
  strategyId: MOMENTUM,
  direction: 'LONG',
  quantity: '0.01',
  referencePrice: '50000',
  stop: '49000',
  target: '53000',
  lossAtStop: '10',
  notional: '500',
  rewardToRisk: '3',
  confidence: 0.7,
  setupId: 'setup-1',
  thesis: {
    kind: 'THESIS',
    direction: 'LONG',
    conviction: 0.7,
    horizon: 'a day',
    thesis: 'The trend is up.',
    invalidation: 'A close below the stop.',
    evidenceIds: ['ema'],
  },
  evidence: [{ id: 'ema', label: 'EMA', value: 50_000, unit: 'price', barTimeMs: START_MS }],
  createdAtMs: START_MS,
  expiresAtMs: START_MS + 60_000,
  ...change,
});

/** An event as the journal would give it back. */
export const sampleEvent = <T extends EventType>(
  type: T,
  body: EventBodies[T],
  seq = 1,
  atMs = START_MS,
): EventOf<T> => {
  const draft = {
    type,
    actor: { kind: 'SYSTEM', name: 'test' },
    correlationId: 'cycle-1',
    causationSeq: null,
    body,
  } as unknown as DraftOf<T>;
  return { ...draft, seq, atMs } as unknown as EventOf<T> & DomainEvent;
};
