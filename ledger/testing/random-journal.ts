/** Journals of anything that may lawfully happen, in any order, for laws that must hold of every fold. */
import fc from 'fast-check';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts';
import {
  type Actor,
  type CycleOutcome,
  type DomainEvent,
  type DrawdownRung,
  type EventBodies,
  type EventType,
  PHASES,
  type TradingState,
} from '../../domain/event.ts';
import {
  approvalId,
  type ClientOrderId,
  clientOrderId,
  type CycleId,
  cycleId,
  fillId,
  ocoGroupId,
  type ProposalId,
  proposalId,
  venueOrderId,
} from '../../domain/ids.ts';
import type { Order, OrderRole } from '../../domain/order.ts';
import { type OrderLifeDraft, orderToText, stateAfter } from '../../domain/order-record.ts';
import {
  BTC,
  ETH,
  MOMENTUM,
  REVERSION,
  sampleEvent,
  sampleOrder,
  sampleProposal,
  START_MS,
} from '../../domain/testing/samples.ts';
import { price, proportion, quantity, text } from '../../domain/units.ts';
import { Book } from '../projections/book.ts';
import { Decisions } from '../projections/decisions.ts';

const INSTRUMENTS = [BTC, ETH];
const STRATEGIES = [MOMENTUM, REVERSION];
const ROLES: readonly OrderRole[] = ['ENTRY', 'ENTRY', 'STOP', 'TARGET', 'EXIT'];
const STATES: readonly TradingState[] = ['ACTIVE', 'REDUCING', 'HALTED'];
const ENDS: readonly CycleOutcome[] = ['NO_SETUP', 'NO_SETUP', 'REFUSED', 'SENT', 'FAILED'];
const GAPS_MS = [0, 0, 1_000, MINUTE_MS + 1, HOUR_MS, DAY_MS + HOUR_MS];
const LIFE = [
  'order.accepted',
  'order.accepted',
  'order.rejected',
  'order.unknown',
  'order.cancel-requested',
  'order.cancel-refused',
  'order.canceled',
  'order.expired',
  'order.suspected',
  'order.resurfaced',
] as const;

export const KNOWN = new Map(INSTRUMENTS.map((instrument) => [instrument.id, instrument]));

/** A choice of what happens, and dice for everything about it. */
interface Step {
  readonly what: keyof typeof HAPPENINGS;
  readonly dice: readonly [number, number, number, number];
}

/** Tells a journal step by step; folds of its own say what is lawful next. */
class Teller {
  readonly events: DomainEvent[] = [];
  readonly orders: ClientOrderId[] = [];
  readonly proposals: ProposalId[] = [];
  readonly #book = new Book(KNOWN);
  readonly #decisions = new Decisions();
  #dice: readonly number[] = [];
  #nowMs = START_MS;
  #names = 0;

  tell({ what, dice }: Step): void {
    this.#dice = [...dice];
    this.#nowMs += this.pick(GAPS_MS);
    HAPPENINGS[what](this);
  }

  roll(sides: number): number {
    const [first = 0, ...rest] = this.#dice;
    this.#dice = [...rest, first + 1];
    return first % sides;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.roll(choices.length)] as T;
  }

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  add<T extends EventType>(
    type: T,
    body: EventBodies[T],
    correlationId = 'system',
    actor: Actor = { kind: 'SYSTEM', name: 'test' },
  ): void {
    const event = sampleEvent(type, body, this.events.length + 1, this.#nowMs);
    const told = { ...event, actor, correlationId } as DomainEvent;
    this.#book.apply(told);
    this.#decisions.apply(told);
    this.events.push(told);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get openCycles(): readonly CycleId[] {
    return this.#decisions.open().map((decision) => decision.cycleId);
  }

  get waiting(): readonly ProposalId[] {
    return this.#decisions.waiting().flatMap(({ proposal }) => proposal?.id ?? []);
  }

  get external() {
    return [...this.#book.external.keys()];
  }

  order(): ReturnType<Book['order']> {
    return this.orders.length === 0 ? undefined : this.#book.order(this.pick(this.orders));
  }

  cycleOf(proposal: ProposalId): CycleId {
    return this.#decisions.ofProposal(proposal)?.cycleId ?? cycleId('none');
  }
}

function start(teller: Teller): void {
  teller.add('system.started', {
    version: '0',
    decisionMode: 'GUIDE',
    venueMode: 'SIMULATION',
    limitsHash: '',
    tightened: {},
    currency: 'USD',
    cash: '10000',
    strategies: teller.pick([STRATEGIES, [MOMENTUM]]),
    rules: {},
    entryRules: [],
    instruments: [...KNOWN.keys()],
    market: 'test',
    synthetic: true,
    seed: 1,
    resumed: teller.events.length > 0,
  });
}

function closeBar(teller: Teller): void {
  const base = 100 + teller.roll(50);
  const [open, close] = [`${base}.5`, `${base + 1}`];
  teller.add('market.bar-closed', {
    instrumentId: teller.pick(INSTRUMENTS).id,
    timeframe: '1m',
    bar: {
      openTimeMs: teller.nowMs - MINUTE_MS,
      open,
      high: `${base + 3}`,
      low: `${base - 2}`,
      close,
      volume: '1',
    },
  });
}

function openCycle(teller: Teller): void {
  const cycle = cycleId(teller.name('cycle-'));
  const { id: instrumentId } = teller.pick(INSTRUMENTS);
  teller.add(
    'cycle.opened',
    { cycleId: cycle, instrumentId, barTimeMs: teller.nowMs },
    cycle,
    AGENT,
  );
  const told = { cycleId: cycle, agent: 'strategy', step: 'look', summary: 'A look.' } as const;
  teller.add('agent.stepped', { ...told, reasoner: 'rules' }, cycle, AGENT);
}

function propose(teller: Teller): void {
  const cycle = teller.pick(teller.openCycles);
  if (cycle === undefined) return;
  const id = proposalId(teller.name('P'));
  teller.proposals.push(id);
  teller.add('proposal.made', { proposal: sampleProposal({ id, cycleId: cycle }) }, cycle, AGENT);
  review(teller, cycle);
  const asked = { approvalId: approvalId(`A${id}`), proposalId: id, proposalHash: 'h' };
  teller.add('approval.requested', { ...asked, expiresAtMs: teller.nowMs + 1 }, cycle);
}

function review(teller: Teller, cycle: CycleId): void {
  const judged = {
    lane: teller.pick(['ENTRY', 'REDUCE_ONLY'] as const),
    sentence: 'said',
    checks: [],
    orderHash: '',
    limitsHash: '',
    snapshotSeq: 1,
    reviewedAtMs: teller.nowMs,
  };
  const denied = { cleared: false, code: 'TRADING_HALTED', severity: 'WARNING' } as const;
  const verdict = { ...judged, ...teller.pick([{ cleared: true } as const, denied]) };
  const stage = teller.pick(['PROPOSAL', 'SEND'] as const);
  teller.add('kernel.reviewed', { stage, subject: cycle, verdict }, cycle);
}

function decide(teller: Teller): void {
  const id = teller.pick(teller.waiting);
  if (id === undefined) return;
  const status = teller.pick(['APPROVED', 'DECLINED'] as const);
  const decided = { approvalId: approvalId(`A${id}`), proposalId: id, status };
  teller.add('approval.decided', { ...decided, because: 'so', seenHash: 'h' }, teller.cycleOf(id), {
    kind: 'PERSON',
    name: 'mira',
  });
}

function endCycle(teller: Teller): void {
  const cycle = teller.pick(teller.openCycles);
  if (cycle === undefined) return;
  const ended = { cycleId: cycle, from: 'EXECUTION', because: 'over' } as const;
  const outcome = teller.pick(ENDS);
  const to = outcome === 'FAILED' ? 'FAILED' : 'COMPLETED';
  teller.add('cycle.closed', { ...ended, to, outcome }, cycle, AGENT);
}

function movePhase(teller: Teller): void {
  const cycle = teller.pick(teller.openCycles);
  if (cycle === undefined) return;
  const to = teller.pick(PHASES);
  teller.add('cycle.phase-moved', { cycleId: cycle, from: 'IDLE', to }, cycle, AGENT);
}

function send(teller: Teller): void {
  const role = teller.pick(ROLES);
  const id = clientOrderId(teller.name('O'));
  const group = teller.pick(['g1', 'g2', undefined]);
  const proposal = teller.pick(teller.proposals);
  const adds = [{ price: price('90'), quantity: quantity('1') }];
  const order: Order = {
    ...sampleOrder({ id, role, side: teller.pick(['BUY', 'SELL'] as const) }),
    instrumentId: teller.pick(INSTRUMENTS).id,
    strategyId: teller.pick(STRATEGIES),
    quantity: quantity(`${1 + teller.roll(5)}`),
    reduceOnly: role !== 'ENTRY',
    ...(role === 'STOP' ? { type: 'STOP', stopPrice: price('80') } : {}),
    ...(group === undefined ? {} : { ocoGroupId: ocoGroupId(group) }),
    ...(role === 'ENTRY' && teller.roll(2) === 0 ? { management: { adds } } : {}),
  };
  teller.orders.push(id);
  const body = { order: orderToText(order), hold: { notional: '505', risk: '15' }, orderHash: '' };
  teller.add(
    'order.submitting',
    { ...body, intentId: null, proposalId: proposal ?? null },
    proposal === undefined ? id : teller.cycleOf(proposal),
  );
}

function live(teller: Teller): void {
  const record = teller.order();
  if (record === undefined) return;
  const type = teller.pick(LIFE);
  const orderId = record.order.id;
  const body = { orderId, because: 'so', venueOrderId: venueOrderId(`v-${orderId}`) };
  if (stateAfter(record, { type, body } as unknown as OrderLifeDraft) === undefined) return;
  teller.add(type, body, record.correlationId, teller.pick([VENUE, SYSTEM]));
}

function fill(teller: Teller): void {
  const record = teller.order();
  if (record === undefined) return;
  const { id: orderId, instrumentId, strategyId, side, quantity: whole } = record.order;
  const tenths = quantity(`${1 + teller.roll(10)}`);
  const size = proportion(whole, tenths, quantity('10'), 'up');
  const body = {
    fillId: fillId(teller.name('f')),
    orderId,
    instrumentId,
    strategyId,
    side,
    quantity: text(size),
    price: `${100 + teller.roll(40)}.25`,
    fee: '0.1',
    ...(teller.roll(4) === 0 ? { feeInBase: '0.001' } : {}),
  };
  if (stateAfter(record, { type: 'order.filled', body } as OrderLifeDraft) === undefined) return;
  teller.add('order.filled', body, record.correlationId, VENUE);
}

function protect(teller: Teller): void {
  teller.add('position.close-requested', {
    instrumentId: teller.pick(INSTRUMENTS).id,
    strategyId: teller.pick(STRATEGIES),
    because: 'so',
  });
}

function findStranger(teller: Teller): void {
  const [gone] = teller.external;
  if (gone !== undefined && teller.roll(2) === 0)
    return teller.add('order.external-gone', { venueOrderId: gone });
  teller.add('order.external-found', {
    venueOrderId: venueOrderId(teller.name('x')),
    instrumentId: BTC.id,
    side: 'BUY',
    quantity: '1',
  });
}

function haltInstrument(teller: Teller): void {
  const { id } = teller.pick(INSTRUMENTS);
  if (teller.roll(3) === 0)
    return teller.add('instrument.resumed', { instrumentId: id, because: 'so' });
  const code = 'POSITION_UNPROTECTED' as const;
  teller.add('instrument.halted', { instrumentId: id, code, because: 'so' });
}

function changeState(teller: Teller): void {
  teller.add('trading.state-changed', {
    from: teller.pick(STATES),
    to: teller.pick(STATES),
    emergency: teller.roll(2) === 0,
    because: 'so',
    code: teller.pick(['KILL_SWITCH', null] as const),
  });
}

function changeLadder(teller: Teller): void {
  if (teller.roll(2) === 0)
    return teller.add('drawdown.peak-rebased', { from: '1', to: '9000', because: 'so' });
  const to = teller.roll(5) as DrawdownRung;
  teller.add('drawdown.rung-changed', { from: 0, to, drawdownBps: 1 });
}

function switchStrategy(teller: Teller): void {
  const type = teller.pick(['strategy.disabled', 'strategy.enabled'] as const);
  teller.add(type, { strategyId: teller.pick(STRATEGIES), because: 'so' });
}

function alarm(teller: Teller): void {
  if (teller.roll(3) === 0) return teller.add('operator.added', { name: teller.name('person') });
  const code = teller.pick(['KILL_SWITCH', 'POSITION_UNPROTECTED'] as const);
  teller.add('alarm.raised', { code, subject: teller.pick(['a', 'b']), because: 'so' });
}

const SYSTEM: Actor = { kind: 'SYSTEM', name: 'test' };
const AGENT: Actor = { kind: 'AGENT', name: 'supervisor' };
const VENUE: Actor = { kind: 'VENUE', name: 'test' };

const HAPPENINGS = {
  start,
  closeBar,
  openCycle,
  propose,
  decide,
  endCycle,
  movePhase,
  send,
  live,
  fill,
  protect,
  findStranger,
  haltInstrument,
  changeState,
  changeLadder,
  switchStrategy,
  alarm,
} satisfies Readonly<Record<string, (teller: Teller) => void>>;

const WEIGHTS: Readonly<Partial<Record<keyof typeof HAPPENINGS, number>>> = {
  closeBar: 3,
  openCycle: 3,
  propose: 2,
  send: 6,
  live: 5,
  fill: 8,
};

const step = (what: Step['what']): fc.Arbitrary<Step> => {
  const die = fc.nat(999);
  return fc.record({ what: fc.constant(what), dice: fc.tuple(die, die, die, die) });
};
const anything = fc.oneof(
  ...(Object.keys(HAPPENINGS) as Step['what'][]).map((what) => ({
    weight: WEIGHTS[what] ?? 1,
    arbitrary: step(what),
  })),
);

/** Begins with a start, as every journal does. */
export const randomJournal = (stepsMax: number): fc.Arbitrary<readonly DomainEvent[]> =>
  fc.array(anything, { maxLength: stepsMax, size: 'max' }).map((steps) => {
    const teller = new Teller();
    teller.tell({ what: 'start', dice: [0, 0, 0, 0] });
    for (const one of steps) teller.tell(one);
    return teller.events;
  });
