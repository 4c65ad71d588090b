/**
 * The only way back from a breaker: a named person's act, judged again on the account as it is now. Who
 * that person is was proved before; nothing in here takes anybody's word for the account.
 */
import { draft } from '../domain/draft.ts';
import type { Actor, EventDraft, TradingState } from '../domain/event.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { OrderState } from '../domain/order.ts';
import { type ReasonCode, REASONS } from '../domain/reason-code.ts';
import { text } from '../domain/units.ts';
import type { Findings } from '../risk-kernel/findings.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { judgeLoosening, judgeRebase, type Standstill } from '../risk-kernel/loosening.ts';
import { failures } from '../risk-kernel/record.ts';
import type { ExecutionEngine } from './engine.ts';
import { takeVitals, type VitalSources } from './vitals.ts';

export type LooseningOutcome =
  | { readonly kind: 'DONE'; readonly sentence: string }
  | { readonly kind: 'REFUSED'; readonly code: ReasonCode; readonly sentence: string };

export interface LooseningParts extends VitalSources {
  readonly engine: ExecutionEngine;
  readonly limits: LimitsInForce;
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
  async step(request: LooseningRequest): Promise<LooseningOutcome> {
    const { ledger, book, limits } = this.#parts;
    const { to, rebasePeak, by, because } = request;
    const wanted = `${book.tradingState} → ${to}${rebasePeak ? ', with a new equity peak' : ''}`;
    const now = this.#standstill();
    const flat = rebasePeak ? judgeRebase(now) : undefined;
    // With the new peak there is no fall any more: it is judged as it would be.
    const after = rebasePeak ? withPeakAt(now) : now;
    const findings = judgeLoosening(to, after, limits.limits);
    const refused = refusalOf(flat, findings);
    if (refused !== undefined) return this.#refuse(wanted, by, refused);
    const drafts: EventDraft[] = [];
    if (rebasePeak) {
      const body = { from: text(now.vitals.peakEquity), to: text(now.vitals.equity), because };
      drafts.push(draft('drawdown.peak-rebased', by, 'trading-state', null, body));
    }
    const from = book.tradingState;
    const body = { from, to, emergency: false, because, code: null };
    drafts.push(draft('trading.state-changed', by, 'trading-state', null, body));
    await ledger.append(...drafts);
    await ledger.flush();
    return { kind: 'DONE', sentence: `Trading is ${to} now, it was ${from}.` };
  }

  /** Switches a strategy on again that its losses switched off, with a clean streak. */
  async enableStrategy(id: StrategyId, by: Actor, because: string): Promise<LooseningOutcome> {
    const { ledger, book, limits } = this.#parts;
    const standing = book.standings.get(id);
    const wanted = `enable ${id}`;
    if (standing === undefined) {
      return this.#refuse(wanted, by, ['STRATEGY_UNKNOWN', REASONS.STRATEGY_UNKNOWN]);
    }
    // One that is on, but whose losses no longer fit under the limit, is as good as off.
    if (standing.enabled && standing.lossStreak < limits.limits.strategyLossStreakMax)
      return { kind: 'DONE', sentence: `${id} was on already.` };
    const body = { strategyId: id, because };
    await ledger.append(draft('strategy.enabled', by, 'trading-state', null, body));
    await ledger.flush();
    return { kind: 'DONE', sentence: `${id} is on again, its losses in a row count from none.` };
  }

  #standstill(): Standstill {
    const { book, engine } = this.#parts;
    const live = book.liveOrders();
    return {
      tradingState: book.tradingState,
      emergency: book.emergency,
      reconciled: engine.reconciled,
      ordersUnresolved: live.filter(({ state }) => UNRESOLVED.has(state)).length,
      thingsOpen: book.portfolio.positions.size + live.length,
      vitals: takeVitals(this.#parts, 0),
    };
  }

  /** Refusals are part of the audit trail too. */
  async #refuse(
    wanted: string,
    by: Actor,
    [code, sentence]: readonly [ReasonCode, string],
  ): Promise<LooseningOutcome> {
    const { ledger } = this.#parts;
    const body = { wanted, code, because: sentence };
    await ledger.append(draft('loosening.refused', by, 'trading-state', null, body));
    await ledger.flush();
    return { kind: 'REFUSED', code, sentence };
  }
}

const UNRESOLVED: ReadonlySet<OrderState> = new Set<OrderState>([
  'SUBMITTING',
  'SUBMIT_UNKNOWN',
  'SUSPECT',
]);

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
