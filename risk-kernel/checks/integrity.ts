/** The gate before the nine: nothing is judged on a picture that cannot be trusted. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { isInForce, type LimitsInForce } from '../limits-in-force.ts';
import type { RiskSnapshot } from '../snapshot.ts';
import { isWellFormed } from './command-shape.ts';
import { isConsistent } from './snapshot-shape.ts';

/** What every order must satisfy, exits included. */
export function checkCommand(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const wellFormed = isWellFormed(command);
  const { orderKnown } = snapshot;
  return (
    findings.holds(
      'COMMAND_MALFORMED',
      wellFormed,
      wellFormed ? 'well formed' : command.order.id,
      'well formed',
    ) &&
    findings.holds('COMMAND_DUPLICATE', orderKnown === false, orderKnown ? 'known' : 'new', 'new')
  );
}

/** Trust in the picture, the record and the venue: only entries need it, an exit must never wait for it. */
export function checkIntegrity(
  command: Command,
  snapshot: RiskSnapshot,
  inForce: LimitsInForce,
  findings: Findings,
): boolean {
  return (
    checkPicture(command, snapshot, inForce, findings) &&
    checkRecord(snapshot, findings) &&
    checkPermission(command, snapshot, findings)
  );
}

function checkPicture(
  { nowMs }: Command,
  snapshot: RiskSnapshot,
  inForce: LimitsInForce,
  findings: Findings,
): boolean {
  const known = isInForce(inForce);
  const consistent = isConsistent(snapshot);
  const ageMs = nowMs - snapshot.asOfMs;
  return (
    findings.holds('LIMITS_UNKNOWN', known, known ? 'known' : 'unknown', 'known') &&
    findings.holds(
      'SNAPSHOT_INCONSISTENT',
      consistent,
      consistent ? 'consistent' : 'contradictory',
      'consistent',
    ) &&
    findings.atLeast('SNAPSHOT_STALE', ageMs, 0, 'ms') &&
    findings.atMost('SNAPSHOT_STALE', ageMs, inForce.limits.snapshotAgeMsMax, 'ms')
  );
}

function checkRecord({ auditIntact, reconciled }: RiskSnapshot, findings: Findings): boolean {
  return (
    findings.holds(
      'AUDIT_CHAIN_BROKEN',
      auditIntact,
      auditIntact ? 'intact' : 'broken',
      'intact',
    ) &&
    findings.holds('RECONCILIATION_PENDING', reconciled, reconciled ? 'done' : 'pending', 'done')
  );
}

function checkPermission(
  { order, instrument }: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const permitted = snapshot.permitted.includes(order.instrumentId);
  return (
    findings.holds(
      'INSTRUMENT_NOT_PERMITTED',
      permitted,
      permitted ? 'permitted' : order.instrumentId,
      'permitted',
    ) &&
    findings.holds(
      'CURRENCY_MISMATCH',
      instrument.quote === snapshot.currency,
      instrument.quote,
      snapshot.currency,
    )
  );
}
