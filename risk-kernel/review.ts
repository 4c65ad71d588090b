/**
 * The kernel's one question: may this exact order be sent, now, on this picture of the account?
 *
 * `review` is a function of its arguments. It reads no clock, no configuration and no network, throws
 * on no data, and changes nothing. What it does not understand it denies.
 */
import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { checkDailyLoss } from './checks/daily-loss.ts';
import { checkDrawdown } from './checks/drawdown.ts';
import { checkEntriesPerDay, checkEntriesPerHour } from './checks/entry-rate.ts';
import { checkHalts } from './checks/halts.ts';
import { checkCommand, checkIntegrity } from './checks/integrity.ts';
import { checkMarketData } from './checks/market-data.ts';
import { checkPositions } from './checks/positions.ts';
import { checkPrice } from './checks/price.ts';
import { checkReduceOnly } from './checks/reduce-only.ts';
import { checkSize } from './checks/size.ts';
import { checkStrategyBudget } from './checks/strategy-budget.ts';
import type { Command } from './command.ts';
import { Findings } from './findings.ts';
import { isInForce, type LimitsInForce, STANDARD } from './limits-in-force.ts';
import { orderFingerprint } from './order-fingerprint.ts';
import { Question } from './question.ts';
import type { RiskSnapshot } from './snapshot.ts';

/** The nine checks, gravest first; the first that fails decides. */
const CHECKS: readonly ((question: Question, findings: Findings) => boolean)[] = [
  /* 1 */ checkHalts,
  /* 2 */ checkDrawdown,
  /* 3 */ checkPositions,
  /* 4 */ checkEntriesPerDay,
  /* 5 */ checkEntriesPerHour,
  /* – */ checkMarketData,
  /* 6 */ checkSize,
  /* 7 */ checkPrice,
  /* 8 */ checkStrategyBudget,
  /* 9 */ checkDailyLoss,
];

interface Judgement {
  readonly lane: 'ENTRY' | 'REDUCE_ONLY';
  /** Every comparison made, in order; the last one is the reason of a denial. */
  readonly findings: Findings;
  readonly snapshotSeq: number;
  readonly limitsHash: string;
  readonly reviewedAtMs: number;
}

export type Denied = Judgement & { readonly cleared: false; readonly code: ReasonCode };
export type Cleared = Judgement & { readonly cleared: true; readonly clearance: Clearance };
export type Verdict = Cleared | Denied;
/** A verdict without permission: what would be said, for people and agents who may not send. */
export type Opinion = Denied | (Judgement & { readonly cleared: true });

export function review(
  command: Command,
  snapshot: RiskSnapshot,
  inForce: LimitsInForce = STANDARD,
): Verdict {
  // A copy, so that whoever holds the original cannot change what was judged.
  const asked = copyOf(command);
  const opinion = preview(asked, snapshot, inForce);
  return opinion.cleared ? permitted(opinion, mint(asked, opinion, inForce)) : opinion;
}

/** What cannot even be read is an order that says nothing, and is denied as one. */
function copyOf(command: Command): Command {
  try {
    const { order, instrument, nowMs } = command;
    const copy = { ...order };
    if (copy.management === undefined) return { order: copy, instrument, nowMs };
    return { order: { ...copy, management: frozenCopy(copy.management) }, instrument, nowMs };
  } catch {
    return { order: {}, instrument: {}, nowMs: Number.NaN } as unknown as Command;
  }
}

/** To its depths, because what nobody can change from outside cannot become another plan afterwards. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? Array.from(value, frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy(part)]));
  return Object.freeze(copy) as T;
}

/** The same judgement without the permission. */
export function preview(
  command: Command,
  snapshot: RiskSnapshot,
  inForce: LimitsInForce = STANDARD,
): Opinion {
  const findings = new Findings();
  const cleared = judge(command, snapshot, inForce, findings);
  // Garbage may be anything, even nothing at all; it was denied, and is still to be recorded.
  const lane = read(() => command.order.reduceOnly) === true ? 'REDUCE_ONLY' : 'ENTRY';
  const snapshotSeq = read(() => snapshot.seq) ?? Number.NaN;
  const limitsHash = known(inForce).hash;
  const reviewedAtMs = read(() => command.nowMs) ?? Number.NaN;
  if (cleared) return { cleared, lane, findings, snapshotSeq, limitsHash, reviewedAtMs };
  // The comparison that failed is the last one made.
  const code = findings.decisive;
  return { cleared, code, lane, findings, snapshotSeq, limitsHash, reviewedAtMs };
}

/** Exits need no limits, so unknown ones do not keep them from being cleared, on the constants. */
const known = (inForce: LimitsInForce): LimitsInForce => (isInForce(inForce) ? inForce : STANDARD);

function read<T>(field: () => T): T | undefined {
  try {
    return field();
  } catch {
    return undefined;
  }
}

/** A favourable opinion with its permission; written out, because a spread costs as much as a check. */
const permitted = (
  { lane, findings, snapshotSeq, limitsHash, reviewedAtMs }: Judgement,
  clearance: Clearance,
): Cleared => ({
  cleared: true,
  clearance,
  lane,
  findings,
  snapshotSeq,
  limitsHash,
  reviewedAtMs,
});

/** Total: arithmetic on values that are no amounts at all throws, and that is a denial like any other. */
function judge(
  command: Command,
  snapshot: RiskSnapshot,
  inForce: LimitsInForce,
  findings: Findings,
): boolean {
  try {
    if (!checkCommand(command, snapshot, findings)) return false;
    if (command.order.reduceOnly) return checkReduceOnly(command, snapshot, findings);
    if (!checkIntegrity(command, snapshot, inForce, findings)) return false;
    const question = new Question(command, snapshot, inForce);
    for (const check of CHECKS) if (!check(question, findings)) return false;
    return true;
  } catch (error) {
    const because = error instanceof Error ? error.message : 'unreadable';
    return findings.holds('SNAPSHOT_INCONSISTENT', false, because, 'amounts');
  }
}

/** What a clearance permits: the order as it was judged, and what it was judged on. */
interface Permission {
  readonly order: Order;
  readonly snapshotSeq: number;
  readonly limitsHash: string;
  readonly reviewedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Permission to send one order, once, soon. It shows nothing: what it permits is a private field, which
 * no copy, heir or proxy of it has. Others get the type and never the class.
 */
class Clearance {
  #permission: Permission | undefined;

  constructor(permission: Permission) {
    this.#permission = permission;
    Object.freeze(this);
  }

  /** What it permits, when it is asked for the first time. */
  static use(clearance: Clearance): Permission | undefined {
    if (typeof clearance !== 'object' || clearance === null) return undefined;
    if (!(#permission in clearance)) return undefined;
    const permission = clearance.#permission;
    clearance.#permission = undefined;
    return permission;
  }
}

// Otherwise `clearance.constructor` would hand every holder of one the means to make more.
Reflect.deleteProperty(Clearance.prototype, 'constructor');
Object.freeze(Clearance.prototype);

export type { Clearance };

declare const redeemed: unique symbol;

/** An order whose clearance was redeemed: the only thing a venue accepts. */
export type ClearedOrder = Order & { readonly [redeemed]: true };

const clearedOrders = new WeakSet<ClearedOrder>();

/** The one place where permission comes from; not exported, so that there can be no second. */
const mint = (
  { order }: Command,
  { snapshotSeq, limitsHash, reviewedAtMs }: Judgement,
  inForce: LimitsInForce,
): Clearance =>
  new Clearance({
    order,
    snapshotSeq,
    limitsHash,
    reviewedAtMs,
    expiresAtMs: reviewedAtMs + known(inForce).limits.clearanceMsMax,
  });

/** What the sender believes its clearance was given on. */
export interface Redemption {
  readonly nowMs: number;
  readonly snapshotSeq: number;
  readonly limitsHash: string;
}

/**
 * Turns a clearance into the order it was given for, as it was judged. It works once: the first attempt
 * uses it up, whether it succeeds or not. Undefined when the clearance is forged, used, expired, for
 * another order, or was given on another picture or under other limits than the sender's.
 */
export function redeem(
  clearance: Clearance,
  order: Order,
  { nowMs, snapshotSeq, limitsHash }: Redemption,
): ClearedOrder | undefined {
  const permission = Clearance.use(clearance);
  if (permission === undefined) return undefined;
  const { reviewedAtMs, expiresAtMs } = permission;
  if (!Number.isSafeInteger(nowMs)) return undefined;
  if (nowMs < reviewedAtMs || nowMs > expiresAtMs) return undefined;
  if (snapshotSeq !== permission.snapshotSeq) return undefined;
  if (limitsHash !== permission.limitsHash) return undefined;
  if (orderFingerprint(order) !== orderFingerprint(permission.order)) return undefined;
  const cleared = Object.freeze(permission.order) as ClearedOrder;
  clearedOrders.add(cleared);
  return cleared;
}

/** True only for the object that `redeem` returned; a copy of it is not it. */
export const isCleared = (order: Order): boolean => clearedOrders.has(order as ClearedOrder);
