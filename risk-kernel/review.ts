/**
 * The kernel's one question: may this exact order be sent, now, on this picture of the account?
 *
 * `review` is a function of its arguments. It reads no clock, no configuration and no network, throws
 * on no data, and changes nothing. What it does not understand it denies.
 */
import type { Order } from '../domain/order.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import type { Price } from '../domain/units.ts';
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
import { type Finding, Findings } from './findings.ts';
import { LIMITS, LIMITS_HASH } from './limits.ts';
import { orderFingerprint } from './order-fingerprint.ts';
import type { RiskSnapshot } from './snapshot.ts';

interface Judgement {
  readonly lane: 'ENTRY' | 'REDUCE_ONLY';
  /** Every comparison made, in order; the last one is the reason of a denial. */
  readonly findings: readonly Finding[];
  readonly snapshotSeq: number;
  readonly reviewedAtMs: number;
}

export type Denied = Judgement & { readonly cleared: false; readonly code: ReasonCode };
export type Cleared = Judgement & { readonly cleared: true; readonly clearance: Clearance };
export type Verdict = Cleared | Denied;
/** A verdict without permission: what would be said, for people and agents who may not send. */
export type Opinion = Denied | (Judgement & { readonly cleared: true });

declare const minted: unique symbol;

/** Permission to send one order, once, soon. It carries nothing: what it permits is known only here. */
export interface Clearance {
  readonly [minted]: true;
}

/** An order whose clearance was redeemed: the only thing a venue accepts. */
export type ClearedOrder = Order & { readonly [minted]: true };

interface Permission {
  /** The copy that was judged; it is what will be sent. */
  readonly order: Order;
  readonly snapshotSeq: number;
  readonly limitsHash: string;
  readonly expiresAtMs: number;
}

const permissions = new WeakMap<Clearance, Permission>();
const clearedOrders = new WeakSet<ClearedOrder>();

export function review(command: Command, snapshot: RiskSnapshot): Verdict {
  // A copy, so that whoever holds the original cannot change what was judged.
  const asked: Command = { ...command, order: Object.freeze({ ...command?.order }) };
  const opinion = preview(asked, snapshot);
  return opinion.cleared ? { ...opinion, clearance: mint(asked, snapshot) } : opinion;
}

/** The same judgement without the permission. */
export function preview(command: Command, snapshot: RiskSnapshot): Opinion {
  const findings = new Findings();
  const passed = judge(command, snapshot, findings);
  const judgement: Judgement = {
    // Garbage may be anything, even nothing at all; it was denied, and is still to be recorded.
    lane: command?.order?.reduceOnly === true ? 'REDUCE_ONLY' : 'ENTRY',
    findings: findings.list,
    snapshotSeq: snapshot?.seq,
    reviewedAtMs: command?.nowMs,
  };
  if (passed) return { ...judgement, cleared: true };
  // The failing comparison is the last one made; a check that fails without one is malformed input.
  const last = findings.list.at(-1);
  const code = last !== undefined && !last.passed ? last.code : 'COMMAND_MALFORMED';
  return { ...judgement, cleared: false, code };
}

/** Total: arithmetic on values that are no amounts at all throws, and that is a denial like any other. */
function judge(command: Command, snapshot: RiskSnapshot, findings: Findings): boolean {
  try {
    return (
      checkCommand(command, snapshot, findings) &&
      (command.order.reduceOnly
        ? checkReduceOnly(command, snapshot, findings)
        : checkEntry(command, snapshot, findings))
    );
  } catch (error) {
    return findings.holds('SNAPSHOT_INCONSISTENT', false, String(error), 'amounts');
  }
}

/** The nine checks, gravest first; the first that fails decides. */
function checkEntry(command: Command, snapshot: RiskSnapshot, findings: Findings): boolean {
  const mark: Price | undefined = snapshot.mark?.price;
  return (
    checkIntegrity(command, snapshot, findings) &&
    /* 1 */ checkHalts(command, snapshot, findings) &&
    /* 2 */ checkDrawdown(command, snapshot, findings) &&
    /* 3 */ checkPositions(command, snapshot, findings) &&
    /* 4 */ checkEntriesPerDay(command, snapshot, findings) &&
    /* 5 */ checkEntriesPerHour(command, snapshot, findings) &&
    checkMarketData(command, snapshot, findings) &&
    mark !== undefined &&
    /* 6 */ checkSize(command, snapshot, mark, findings) &&
    /* 7 */ checkPrice(command, mark, findings) &&
    /* 8 */ checkStrategyBudget(command, snapshot, mark, findings) &&
    /* 9 */ checkDailyLoss(command, snapshot, findings)
  );
}

/** The one place where permission comes from; not exported, so that there can be no second. */
function mint(command: Command, snapshot: RiskSnapshot): Clearance {
  const clearance = Object.freeze({}) as Clearance;
  permissions.set(clearance, {
    order: command.order,
    snapshotSeq: snapshot.seq,
    limitsHash: LIMITS_HASH,
    expiresAtMs: command.nowMs + LIMITS.clearanceMsMax,
  });
  return clearance;
}

/**
 * Turns a clearance into the order it was given for, as it was judged. It works once: the first attempt uses it up,
 * whether it succeeds or not. Undefined when the clearance is forged, used, expired or for another
 * order.
 */
export function redeem(
  clearance: Clearance,
  order: Order,
  nowMs: number,
): ClearedOrder | undefined {
  const permission = permissions.get(clearance);
  permissions.delete(clearance);
  if (permission === undefined) return undefined;
  if (!(nowMs <= permission.expiresAtMs)) return undefined;
  if (permission.limitsHash !== LIMITS_HASH) return undefined;
  if (orderFingerprint(permission.order) !== orderFingerprint(order)) return undefined;
  const cleared = permission.order as ClearedOrder;
  clearedOrders.add(cleared);
  return cleared;
}

/** True only for the object that `redeem` returned; a copy of it is not it. */
export const isCleared = (order: Order): boolean => clearedOrders.has(order as ClearedOrder);
