/**
 * The agents' hostile stand-in. It has what an agent layer has, rows of approvals and intents and the
 * right to have an intent executed, and does with it whatever it likes: sizes beyond every limit, levels
 * on the wrong side, approvals nobody gave, intents that name another order, the same intent again and
 * again.
 */
import { entryOrder, orderIdFor } from '../../domain/entry-order.ts';
import {
  type ApprovalId,
  approvalId,
  cycleId,
  type IntentId,
  intentId,
  proposalId,
  type StrategyId,
  strategyId,
} from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ManagementText } from '../../domain/management.ts';
import { orderToText } from '../../domain/order-record.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import type { Direction } from '../../domain/signal.ts';
import {
  add,
  basisPoints,
  type Money,
  type Price,
  proportion,
  type Quantity,
  quantityFor,
  subtract,
  text,
  toLot,
  toTick,
} from '../../domain/units.ts';
import type { ApprovalStatus } from '../../domain/event.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { Dice } from './dice.ts';
import type { Process } from './process.ts';
import type { Witness } from './witness.ts';

export const STRATEGIES = ['momentum', 'reversion', 'breakout', 'carry'].map(strategyId);

export interface AgentParts {
  readonly dice: Dice;
  readonly witness: Witness;
  readonly mischief: boolean;
  readonly instruments: readonly [Instrument, ...Instrument[]];
  readonly priceOf: (instrument: Instrument) => Price;
  readonly equity: Money;
  readonly now: () => number;
}

type Prank =
  | 'none'
  | 'no-approval'
  | 'not-approved'
  | 'other-order'
  | 'used-approval'
  | 'unreadable'
  | 'twin-id'
  | 'wrong-side'
  | 'huge'
  | 'off-step'
  | 'nonsense';

const PRANKS: readonly [Prank, ...Prank[]] = [
  'no-approval',
  'not-approved',
  'other-order',
  'used-approval',
  'unreadable',
  'twin-id',
  'wrong-side',
  'huge',
  'off-step',
  'nonsense',
];

/** Nobody approved exactly this. */
const UNLAWFUL: ReadonlySet<Prank> = new Set<Prank>([
  'no-approval',
  'not-approved',
  'other-order',
  'used-approval',
]);

export class HostileAgent {
  readonly #parts: AgentParts;
  readonly #wishes: IntentId[] = [];
  /** Those that may be refused in any way at all. */
  readonly #unreadable = new Set<IntentId>();
  #count = 0;
  /** The newest row of an approval, and whether anybody can read it. */
  #lastApproval: { readonly id: ApprovalId; readonly unreadable: boolean } | undefined;

  constructor(parts: AgentParts) {
    this.#parts = parts;
  }

  /** Writes rows for something new, and asks for it to be done; or asks again for something old. */
  act(process: Process): void {
    const { dice, mischief } = this.#parts;
    const old = this.#wishes[dice.whole(0, Math.max(0, this.#wishes.length - 1))];
    if (mischief && old !== undefined && dice.happens(0.3)) return this.#insist(process, old);
    const proposal = this.#propose(process);
    // Twice the same idea at the same moment, from two strategies as likely as from one.
    if (mischief && dice.happens(0.2)) this.#propose(process, proposal);
  }

  #propose(process: Process, like?: TradeProposal): TradeProposal {
    const { dice, mischief } = this.#parts;
    const prank = mischief && dice.happens(0.4) ? dice.pick(PRANKS) : 'none';
    this.#count += 1;
    const proposal = this.#proposal(prank, like);
    const unreadable = prank === 'unreadable' || prank === 'nonsense';
    const own = { id: approvalId(`A-${this.#count}`), unreadable };
    const behind = prank === 'used-approval' ? (this.#lastApproval ?? own) : own;
    const id = intentId(prank === 'used-approval' ? `I-${this.#count}` : entryIdOf(proposal));
    this.#wishes.push(id);
    if (unreadable || behind.unreadable) this.#unreadable.add(id);
    this.#lastApproval = own;
    this.#parts.witness.hear({ kind: 'INTENDED', intentId: id, approved: !UNLAWFUL.has(prank) });
    process.write((tx) => this.#record(tx, prank, proposal, behind.id, id));
    this.#insist(process, id);
    return proposal;
  }

  #insist(process: Process, id: IntentId): void {
    const { dice, mischief } = this.#parts;
    const times = mischief && dice.happens(0.3) ? dice.whole(2, 3) : 1;
    for (let time = 0; time < times; time++) process.execute(id, this.#unreadable.has(id));
  }

  async #record(
    tx: LedgerTransaction,
    prank: Prank,
    proposal: TradeProposal,
    approval: ApprovalId,
    id: IntentId,
  ): Promise<void> {
    if (prank !== 'no-approval' && prank !== 'used-approval') {
      await tx.insertApproval({
        id: approval,
        threadId: proposal.cycleId,
        instrumentId: proposal.instrumentId,
        status: prank === 'not-approved' ? this.#parts.dice.pick(UNAPPROVED) : 'APPROVED',
        version: 1,
        proposalHash: '0'.repeat(64),
        expiresAtMs: proposal.expiresAtMs,
        proposal: prank === 'unreadable' ? '{"id":' : JSON.stringify(proposal),
      });
    }
    await tx.insertIntent({
      id,
      approvalId: approval,
      status: 'NEW',
      order: orderOf(proposal, prank),
    });
  }

  #proposal(prank: Prank, like: TradeProposal | undefined): TradeProposal {
    const { dice, instruments, priceOf, now } = this.#parts;
    const drawn = dice.pick(instruments);
    const instrument = instruments.find(({ id }) => id === like?.instrumentId) ?? drawn;
    const direction: Direction = like?.direction ?? (dice.happens(0.6) ? 'LONG' : 'SHORT');
    const mark = priceOf(instrument);
    const long = (direction === 'LONG') !== (prank === 'wrong-side');
    const stopBps = dice.whole(60, 400);
    const rewardBps = Math.round((stopBps + 110) * dice.between(1.6, 3));
    const quantity = this.#size(instrument, mark, prank);
    const stop = away(mark, stopBps, long ? 'down' : 'up', instrument);
    const target = away(mark, rewardBps, long ? 'up' : 'down', instrument);
    const atMs = now();
    // Letters and digits are all that is left of it in an order's id: this one looks like the one before.
    const name = prank === 'twin-id' ? `P-${this.#count - 1}` : `P${this.#count}`;
    return {
      id: proposalId(name),
      cycleId: cycleId(`cycle-${this.#count}`),
      instrumentId: instrument.id,
      strategyId: dice.happens(0.05) ? NOBODY : dice.pick(KNOWN),
      direction,
      quantity: prank === 'nonsense' ? dice.pick(NONSENSE) : text(quantity),
      referencePrice: text(mark),
      stop: text(stop),
      target: text(target),
      ...this.#management(instrument, mark, quantity, long, stopBps, rewardBps),
      lossAtStop: '1',
      notional: '1',
      rewardToRisk: '9',
      confidence: 1,
      setupId: name,
      thesis: THESIS,
      evidence: [],
      createdAtMs: atMs,
      expiresAtMs: atMs + 3_600_000,
    };
  }

  #size(instrument: Instrument, mark: Price, prank: Prank): Quantity {
    const { dice, equity } = this.#parts;
    const bps = prank === 'huge' ? dice.whole(1_000, 90_000) : dice.whole(80, 990);
    const wanted = quantityFor(basisPoints(equity, bps, 'down'), mark);
    const lots = toLot(wanted, instrument.lot, 'down');
    return prank === 'off-step' ? add(lots, 1n as Quantity) : lots;
  }

  #management(
    instrument: Instrument,
    mark: Price,
    quantity: Quantity,
    long: boolean,
    stopBps: number,
    rewardBps: number,
  ): { readonly management?: ManagementText } {
    const { dice } = this.#parts;
    if (dice.happens(0.4)) return {};
    const part = (of: number): string =>
      text(
        toLot(
          proportion(quantity, 1n as Quantity, BigInt(of) as Quantity, 'down'),
          instrument.lot,
          'down',
        ),
      );
    const toward = (bps: number): string => text(away(mark, bps, long ? 'up' : 'down', instrument));
    const against = (bps: number): string =>
      text(away(mark, bps, long ? 'down' : 'up', instrument));
    const nearer = Math.round(rewardBps * 0.8);
    const management: ManagementText = {
      ...(dice.happens(0.5)
        ? { partialTargets: [{ price: toward(nearer), quantity: part(3) }] }
        : {}),
      ...(dice.happens(0.4) ? { trail: { distance: { bps: stopBps }, armed: 'AT_ENTRY' } } : {}),
      ...(dice.happens(0.4) ? { breakEven: true } : {}),
      ...(dice.happens(0.3) ? { closeAfterMs: dice.whole(1, 60) * 60_000 } : {}),
      ...(dice.happens(0.4)
        ? { adds: [{ price: against(Math.round(stopBps / 3)), quantity: part(2) }] }
        : {}),
    };
    return { management };
  }
}

const KNOWN = STRATEGIES as unknown as readonly [StrategyId, ...StrategyId[]];
const NOBODY = strategyId('nobody');
const UNAPPROVED: readonly [ApprovalStatus, ...ApprovalStatus[]] = [
  'PENDING',
  'DECLINED',
  'EXPIRED',
  'INVALIDATED',
  'CONSUMED',
];
const NONSENSE: readonly [string, ...string[]] = [
  '-1',
  '0',
  '1e3',
  'NaN',
  '',
  '99999999999999999999',
];

const THESIS: TradeProposal['thesis'] = {
  kind: 'THESIS',
  direction: 'LONG',
  conviction: 1,
  horizon: 'now',
  thesis: 'Trust me.',
  invalidation: 'Never.',
  evidenceIds: [],
};

const entryIdOf = (proposal: TradeProposal): string => orderIdFor(proposal.id, 'ENTRY');

/** The order the intent names: the approved one, unless the prank is that it is not. */
function orderOf(proposal: TradeProposal, prank: Prank): string {
  if (prank === 'nonsense') return '{}';
  const order = orderToText(entryOrder(proposal));
  const changed = prank === 'other-order' ? { ...order, side: 'SELL', quantity: '1000' } : order;
  return JSON.stringify(changed);
}

function away(mark: Price, bps: number, way: 'up' | 'down', { tick }: Instrument): Price {
  const distance = basisPoints(mark, bps, 'down');
  const level = way === 'up' ? add(mark, distance) : subtract(mark, distance);
  return toTick(level, tick, 'half-even');
}
