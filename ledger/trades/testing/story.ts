/** A journal in the making: each call is something that happened, in the order it is told. */
import { orderIdFor } from '../../../domain/entry-order.ts';
import type {
  Actor,
  DomainEvent,
  DraftOf,
  EventBodies,
  EventType,
  OrderText,
} from '../../../domain/event.ts';
import {
  approvalId,
  type ClientOrderId,
  cycleId,
  fillId,
  ocoGroupId,
  type ProposalId,
  proposalId,
} from '../../../domain/ids.ts';
import type { OrderRole, Side } from '../../../domain/order.ts';
import type { TradeProposal } from '../../../domain/proposal.ts';
import { BTC, MOMENTUM, sampleProposal, START_MS } from '../../../domain/testing/samples.ts';
import type { DecimalText } from '../../../domain/units.ts';

const HOUR_MS = 3_600_000;
const SYSTEM: Actor = { kind: 'SYSTEM', name: 'test' };

interface FillWords {
  readonly fee?: DecimalText;
  readonly feeInBase?: DecimalText;
}

export class Story {
  readonly events: DomainEvent[] = [];
  nowMs = START_MS;
  #fills = 0;

  constructor(venueMode: 'SIMULATION' | 'PAPER' | 'LIVE' = 'PAPER') {
    this.tell('system.started', {
      version: '0',
      decisionMode: 'GUIDE',
      venueMode,
      limitsHash: 'limits',
      tightened: {},
      currency: 'USD',
      cash: '10000',
      strategies: [MOMENTUM],
      rules: {},
      entryRules: [],
      instruments: [BTC.id],
      market: 'test',
      synthetic: true,
      seed: 1,
      resumed: false,
    });
  }

  tell<T extends EventType>(
    type: T,
    body: EventBodies[T],
    { actor = SYSTEM, correlationId = 'test' }: { actor?: Actor; correlationId?: string } = {},
  ): this {
    const draft = { type, actor, correlationId, causationSeq: null, body } as unknown as DraftOf<T>;
    this.events.push({ ...draft, seq: this.events.length + 1, atMs: this.nowMs } as DomainEvent);
    return this;
  }

  /** An hour passes, and its bar closes. */
  bar(high: DecimalText, low: DecimalText, close: DecimalText): this {
    const openTimeMs = this.nowMs;
    this.nowMs += HOUR_MS;
    const bar = { openTimeMs, open: close, high, low, close, volume: '1' };
    return this.tell('market.bar-closed', { instrumentId: BTC.id, timeframe: '1h', bar });
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** A proposal that a person approves. */
  approved(name: string, change: Partial<TradeProposal> = {}): this {
    const cycle = cycleId(`cycle-${name}`);
    const proposal = sampleProposal({ id: proposalId(name), cycleId: cycle, ...change });
    this.tell('agent.stepped', {
      cycleId: cycle,
      agent: 'strategy',
      step: 'analyse',
      summary: '',
      opinions: [{ kind: 'NO_SETUP', strategyId: MOMENTUM, because: 'too quiet' }],
    });
    this.tell('proposal.made', { proposal });
    const body = {
      approvalId: approvalId(`A${name}`),
      proposalId: proposal.id,
      status: 'APPROVED',
      because: 'looks right',
      seenHash: '',
    } as const;
    return this.tell('approval.decided', body, { actor: { kind: 'PERSON', name: 'mira' } });
  }

  /** An order is on its way; its id is the role's letter, the count and the proposal. */
  sends(
    name: string,
    role: OrderRole,
    side: Side,
    change: Partial<OrderText> = {},
    count = 1,
  ): this {
    const proposal = proposalId(name);
    const order: OrderText = {
      id: orderIdFor(proposal, role, count),
      instrumentId: BTC.id,
      strategyId: MOMENTUM,
      role,
      side,
      type: role === 'STOP' ? 'STOP' : role === 'TARGET' ? 'LIMIT' : 'MARKET',
      quantity: '1',
      timeInForce: 'GTC',
      reduceOnly: role !== 'ENTRY',
      ...(role === 'ENTRY' ? {} : { ocoGroupId: ocoGroupId(`exits:${name}:0`) }),
      ...change,
    };
    return this.submit(order, proposal);
  }

  submit(order: OrderText, proposal: ProposalId | null): this {
    const hold = { notional: '0', risk: '0' };
    const body = { order, intentId: null, proposalId: proposal, hold, orderHash: '' };
    return this.tell('order.submitting', body);
  }

  fills(
    order: ClientOrderId,
    side: Side,
    quantity: DecimalText,
    price: DecimalText,
    { fee = '0', feeInBase }: FillWords = {},
  ): this {
    return this.tell('order.filled', {
      fillId: fillId(`f${++this.#fills}`),
      orderId: order,
      instrumentId: BTC.id,
      strategyId: MOMENTUM,
      side,
      quantity,
      price,
      fee,
      ...(feeInBase === undefined ? {} : { feeInBase }),
    });
  }

  wantsClosed(because: string, correlationId = 'test'): this {
    const body = { instrumentId: BTC.id, strategyId: MOMENTUM, because };
    return this.tell('position.close-requested', body, { correlationId });
  }

  /** Bought at 100, as planned, with the stop at 90 and the target at 130, fee 1. */
  bought(name = 'P1', change: Partial<OrderText> = {}): this {
    const plan = {
      quantity: '1',
      referencePrice: '100',
      stop: '90',
      target: '130',
      lossAtStop: '10',
    };
    return this.approved(name, plan)
      .sends(name, 'ENTRY', 'BUY', { protectiveStop: '90', target: '130', ...change })
      .fills(orderIdFor(proposalId(name), 'ENTRY'), 'BUY', '1', '100', { fee: '1' });
  }

  /** Sold at the market at a price, fee 1. */
  sold(name: string, at: DecimalText, because = 'its time is up'): this {
    return this.wantsClosed(because)
      .sends(name, 'EXIT', 'SELL')
      .fills(orderIdFor(proposalId(name), 'EXIT'), 'SELL', '1', at, { fee: '1' });
  }
}
