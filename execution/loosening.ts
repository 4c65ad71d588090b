/**
 * The only way back from a breaker: a named person's act, judged again on the account as it is now. Who
 * that person is was proved before; nothing in here takes anybody's word for the account.
 */
import { draft } from '../domain/draft.ts';
import type { Actor, TradingState } from '../domain/event.ts';
import type { InstrumentId, StrategyId } from '../domain/ids.ts';
import { UNRESOLVED_STATES } from '../domain/order-record.ts';
import { type ReasonCode, REASONS } from '../domain/reason-code.ts';
import { text } from '../domain/units.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { Findings } from '../risk-kernel/findings.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { judgeLoosening, judgeRebase, type Standstill } from '../risk-kernel/loosening.ts';
import { failures } from '../risk-kernel/record.ts';
import type { ExecutionEngine } from './engine.ts';
import type { RiskWatch } from './risk-watch.ts';
import { takeVitals, type VitalSources } from './vitals.ts';

export type LooseningOutcome =
  | { readonly kind: 'DONE'; readonly sentence: string }
  | { readonly kind: 'REFUSED'; readonly code: ReasonCode; readonly sentence: string };

export interface LooseningParts extends VitalSources {
  readonly engine: ExecutionEngine;
  readonly limits: LimitsInForce;
  readonly watch: RiskWatch;
}

export interface LooseningRequest {
  readonly to: TradingState;
  /** Start the drawdown ladder anew from today's equity; only while nothing is open. */
  readonly rebasePeak: boolean;
  readonly by: Actor;
  readonly because: string;
}

export class Loosening {
  readonly #parts: LooseningParts;

  constructor(parts: LooseningParts) {
    this.#parts = parts;
  }

  /** One step, HALTED → REDUCING → ACTIVE; the emergency ends with its first. */
  step(request: LooseningRequest): Promise<LooseningOutcome> {
    // Judged and written down in one turn, so that no breaker can be pulled in between and undone.
    return this.#parts.ledger.transact(async (tx) => this.#step(tx, request));
  }

  /** Switches a strategy on again that its losses switched off, with a clean streak. */
  enableStrategy(id: StrategyId, by: Actor, because: string): Promise<LooseningOutcome> {
    return this.#parts.ledger.transact(async (tx) => this.#enable(tx, id, by, because));
  }

  /** Lets an instrument be traded again, once nothing in it is unaccounted for or unguarded. */
  resumeInstrument(id: InstrumentId, by: Actor, because: string): Promise<LooseningOutcome> {
    return this.#parts.ledger.transact(async (tx) => this.#resume(tx, id, by, because));
  }

  #step(tx: LedgerTransaction, request: LooseningRequest): LooseningOutcome {
    const { book, limits } = this.#parts;
    const { to, rebasePeak, by, because } = request;
    const wanted = `${book.tradingState} → ${to}${rebasePeak ? ', with a new equity peak' : ''}`;
    const now = this.#standstill();
    const flat = rebasePeak ? judgeRebase(now) : undefined;
    // With the new peak there is no fall any more: it is judged as it would be.
    const after = rebasePeak ? withPeakAt(now) : now;
    const findings = judgeLoosening(to, after, limits.limits);
    const refused = refusalOf(flat, findings);
    if (refused !== undefined) return refuse(tx, wanted, by, refused);
    if (rebasePeak) {
      const body = { from: text(now.vitals.peakEquity), to: text(now.vitals.equity), because };
      tx.append(draft('drawdown.peak-rebased', by, 'trading-state', null, body));
    }
    const from = book.tradingState;
    const body = { from, to, emergency: false, because, code: null };
    tx.append(draft('trading.state-changed', by, 'trading-state', null, body));
    return { kind: 'DONE', sentence: `Trading is ${to} now, it was ${from}.` };
  }

  #enable(tx: LedgerTransaction, id: StrategyId, by: Actor, because: string): LooseningOutcome {
    const { book, limits } = this.#parts;
    const standing = book.standings.get(id);
    const wanted = `enable ${id}`;
    if (standing === undefined) {
      return refuse(tx, wanted, by, ['STRATEGY_UNKNOWN', REASONS.STRATEGY_UNKNOWN]);
    }
    // One that is on, but whose losses no longer fit under the limit, is as good as off.
    if (standing.enabled && standing.lossStreak < limits.limits.strategyLossStreakMax)
      return { kind: 'DONE', sentence: `${id} was on already.` };
    const body = { strategyId: id, because };
    tx.append(draft('strategy.enabled', by, 'trading-state', null, body));
    return { kind: 'DONE', sentence: `${id} is on again, its losses in a row count from none.` };
  }

  #resume(tx: LedgerTransaction, id: InstrumentId, by: Actor, because: string): LooseningOutcome {
    if (!this.#parts.book.halted.has(id))
      return { kind: 'DONE', sentence: `${id} was not halted.` };
    const refused = refusalOf(this.#judgeInstrument(id));
    if (refused !== undefined) return refuse(tx, `resume ${id}`, by, refused);
    tx.append(draft('instrument.resumed', by, id, null, { instrumentId: id, because }));
    return { kind: 'DONE', sentence: `${id} may be traded again.` };
  }

  #judgeInstrument(id: InstrumentId): Findings {
    const { book, engine } = this.#parts;
    const orders = book.liveOrders().filter(({ order }) => order.instrumentId === id);
    const unresolved = orders.filter(({ state }) => UNRESOLVED_STATES.has(state)).length;
    const unprotected = [...book.portfolio.positions].filter(
      ([key, { instrumentId }]) => instrumentId === id && book.unprotectedSince(key) !== undefined,
    ).length;
    const findings = new Findings();
    findings.holds('RECONCILIATION_PENDING', engine.reconciled, String(engine.reconciled), 'true');
    findings.atMost('ORDER_UNRESOLVED', unresolved, 0, 'orders');
    findings.atMost('POSITION_UNPROTECTED', unprotected, 0, 'positions');
    return findings;
  }

  #standstill(): Standstill {
    const { book, engine, watch } = this.#parts;
    const live = book.liveOrders();
    return {
      tradingState: book.tradingState,
      emergency: book.emergency,
      reconciled: engine.reconciled,
      ordersUnresolved: live.filter(({ state }) => UNRESOLVED_STATES.has(state)).length,
      thingsOpen: book.portfolio.positions.size + live.length,
      vitals: takeVitals(this.#parts, watch.waitedMs),
    };
  }
}

/** Refusals are part of the audit trail too. */
function refuse(
  tx: LedgerTransaction,
  wanted: string,
  by: Actor,
  [code, sentence]: readonly [ReasonCode, string],
): LooseningOutcome {
  tx.append(
    draft('loosening.refused', by, 'trading-state', null, { wanted, code, because: sentence }),
  );
  return { kind: 'REFUSED', code, sentence };
}

const withPeakAt = (now: Standstill): Standstill => ({
  ...now,
  vitals: { ...now.vitals, peakEquity: now.vitals.equity },
});

/** The first failure gives the code; the sentence tells them all. */
function refusalOf(
  ...judged: readonly (Findings | undefined)[]
): readonly [ReasonCode, string] | undefined {
  const failed = judged.flatMap((findings) => (findings === undefined ? [] : failures(findings)));
  const [first] = failed;
  if (first === undefined) return undefined;
  return [first.code, failed.map(({ sentence }) => sentence).join('; ')];
}
