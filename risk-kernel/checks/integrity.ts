/** The gate before the nine: nothing is judged on a picture that cannot be trusted. */
import type { Order } from '../../domain/order.ts';
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { RiskSnapshot } from '../snapshot.ts';

/** What every order must satisfy, exits included. */
export function checkCommand(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  return (
    findings.holds('COMMAND_MALFORMED', isWellFormed(command), command.order.id, 'well formed') &&
    findings.holds('COMMAND_DUPLICATE', snapshot.orderKnown === false, command.order.id, 'new')
  );
}

/** Trust in the picture, the record and the venue: only entries need it, an exit must never wait for it. */
export function checkIntegrity(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const { instrumentId } = command.order;
  const ageMs = command.nowMs - snapshot.asOfMs;
  const permitted = snapshot.permitted.includes(instrumentId);
  return (
    findings.holds('SNAPSHOT_INCONSISTENT', isConsistent(snapshot), snapshot.seq, 'consistent') &&
    findings.atLeast('SNAPSHOT_STALE', ageMs, 0, 'ms') &&
    findings.atMost('SNAPSHOT_STALE', ageMs, LIMITS.snapshotAgeMsMax, 'ms') &&
    findings.holds('AUDIT_CHAIN_BROKEN', snapshot.auditIntact, 'broken', 'intact') &&
    findings.holds('RECONCILIATION_PENDING', snapshot.reconciled, 'pending', 'done') &&
    findings.holds('INSTRUMENT_NOT_PERMITTED', permitted, instrumentId, 'permitted')
  );
}

function isWellFormed({ order, instrument, nowMs }: Command): boolean {
  return (
    Number.isSafeInteger(nowMs) &&
    order.instrumentId === instrument.id &&
    order.quantity > 0n &&
    order.reduceOnly === (order.role !== 'ENTRY') &&
    pricesFitType(order)
  );
}

/** A type has exactly the prices it needs, each above zero. */
function pricesFitType(order: Order): boolean {
  const needsLimit = order.type === 'LIMIT' || order.type === 'STOP_LIMIT';
  const needsStop = order.type === 'STOP' || order.type === 'STOP_LIMIT';
  return (
    (order.limitPrice !== undefined) === needsLimit &&
    (order.stopPrice !== undefined) === needsStop &&
    (order.limitPrice === undefined || order.limitPrice > 0n) &&
    (order.stopPrice === undefined || order.stopPrice > 0n)
  );
}

function isConsistent(snapshot: RiskSnapshot): boolean {
  return (
    Number.isSafeInteger(snapshot.seq) &&
    snapshot.seq >= 0 &&
    Number.isSafeInteger(snapshot.asOfMs) &&
    typeof snapshot.equity === 'bigint' &&
    snapshot.peakEquity > 0n &&
    snapshot.dayOpenEquity > 0n &&
    snapshot.peakEquity >= snapshot.equity &&
    isCount(snapshot.entriesToday) &&
    isCount(snapshot.entriesLastHour) &&
    snapshot.positions.every((p) => p.quantity > 0n && p.notional >= 0n && p.risk >= 0n) &&
    snapshot.holds.every((hold) => hold.notional >= 0n && hold.risk >= 0n)
  );
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
