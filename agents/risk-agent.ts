/** The Risk agent: sizes, shrinks or refuses. It has no way to enlarge, to approve or to send. */
import { createHash } from 'node:crypto';
import { entryOrder, entrySide } from '../domain/entry-order.ts';
import { type CycleId, type InstrumentId, proposalId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Management, managementToText } from '../domain/management.ts';
import type { Thesis, TradeProposal } from '../domain/proposal.ts';
import type { Evidence, Signal } from '../domain/signal.ts';
import {
  absolute,
  add,
  averagePrice,
  type Money,
  notional,
  type Price,
  priceFromNumber,
  type Quantity,
  subtract,
  text,
} from '../domain/units.ts';
import type { VerdictRecord } from '../domain/verdict.ts';
import type { RiskDesk } from '../coordination/ports.ts';
import { addSteps, managementFor } from './management.ts';
import { sizeEntry } from './sizing.ts';
import type { RecordStep } from './trace.ts';

export type Assessment =
  | { readonly kind: 'PROPOSAL'; readonly proposal: TradeProposal; readonly verdict: VerdictRecord }
  | { readonly kind: 'REFUSED'; readonly because: string; readonly verdict: VerdictRecord | null };

export interface RiskPorts {
  readonly risk: RiskDesk;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly record: RecordStep;
}

export interface AssessmentInput {
  readonly cycleId: CycleId;
  readonly instrumentId: InstrumentId;
  readonly signal: Signal;
  readonly thesis: Thesis;
  readonly evidence: readonly Evidence[];
  readonly nowMs: number;
  readonly approvalMs: number;
}

export class RiskAgent {
  readonly #ports: RiskPorts;

  constructor(ports: RiskPorts) {
    this.#ports = ports;
  }

  async assess(input: AssessmentInput): Promise<Assessment> {
    const assessment = this.#assess(input);
    const summary =
      assessment.kind === 'REFUSED'
        ? `Refused: ${assessment.because}.`
        : `Proposes ${assessment.proposal.quantity} ${assessment.proposal.direction}, the stop at ${assessment.proposal.stop}.`;
    await this.#ports.record({ cycleId: input.cycleId, step: 'assess', summary });
    return assessment;
  }

  #assess(input: AssessmentInput): Assessment {
    const { signal, instrumentId } = input;
    const instrument = this.#ports.instruments.get(instrumentId);
    const mark = this.#ports.risk.mark(instrumentId);
    const room = this.#ports.risk.room(instrumentId, signal.direction);
    if (instrument === undefined || mark === undefined || room === undefined) {
      return { kind: 'REFUSED', because: 'there is no price to size by', verdict: null };
    }
    const stop = levelOnTick(
      signal.stop,
      instrument,
      signal.direction === 'LONG' ? 'floor' : 'ceil',
    );
    const adds = addSteps(signal, instrument);
    const size = sizeEntry(room, signal.riskBps, stop, signal.direction, instrument, adds);
    if (size.quantity <= 0n) {
      return {
        kind: 'REFUSED',
        because: `no size fits: limited by ${size.limitedBy}`,
        verdict: null,
      };
    }
    const management = managementFor(signal, instrument, adds, size.quantity);
    const proposal = propose(input, instrument, mark.price, stop, size.quantity, management);
    const verdict = this.#ports.risk.preview(entryOrder(proposal));
    if (!verdict.cleared) return { kind: 'REFUSED', because: verdict.sentence, verdict };
    return { kind: 'PROPOSAL', proposal, verdict };
  }
}

/** A stop is rounded away from the price and a target toward it: rounding never flatters the trade. */
const levelOnTick = (level: number, instrument: Instrument, rounding: 'floor' | 'ceil'): Price =>
  priceFromNumber(level, instrument.tick, rounding);

function propose(
  input: AssessmentInput,
  instrument: Instrument,
  reference: Price,
  stop: Price,
  quantity: Quantity,
  management: Management | undefined,
): TradeProposal {
  const { signal, thesis, cycleId } = input;
  const long = entrySide(signal.direction) === 'BUY';
  const target = levelOnTick(signal.target, instrument, long ? 'floor' : 'ceil');
  const risk = absolute(subtract(reference, stop));
  const reward = absolute(subtract(target, reference));
  const ratio =
    risk === 0n ? 0n : averagePrice(reward as bigint as Money, risk as bigint as Quantity, 'down');
  return {
    id: proposalId(`P${digest(`${cycleId}|${signal.setupId}`)}`),
    cycleId,
    instrumentId: instrument.id,
    strategyId: signal.strategyId,
    direction: signal.direction,
    quantity: text(quantity),
    referencePrice: text(reference),
    stop: text(stop),
    target: text(target),
    ...(management === undefined ? {} : { management: managementToText(management) }),
    lossAtStop: text(lossAtStop(risk, quantity, stop, management)),
    notional: text(notional(reference, quantity)),
    rewardToRisk: text(ratio as Price),
    confidence: thesis.conviction,
    setupId: signal.setupId,
    thesis,
    evidence: input.evidence,
    createdAtMs: input.nowMs,
    expiresAtMs: input.nowMs + Math.min(input.approvalMs, signal.expiresAfterMs),
  };
}

/** With every planned add filled. */
const lossAtStop = (
  risk: Price,
  quantity: Quantity,
  stop: Price,
  management: Management | undefined,
): Money =>
  (management?.adds ?? []).reduce(
    (sum, level) => add(sum, notional(absolute(subtract(level.price, stop)), level.quantity, 'up')),
    notional(risk, quantity, 'up'),
  );

const digest = (value: string): string =>
  createHash('sha256').update(value).digest('hex').slice(0, 20);
