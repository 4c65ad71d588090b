/** The gate before the nine: nothing is judged on a picture that cannot be trusted. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
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
  return (
    findings.holds(
      'COMMAND_MALFORMED',
      wellFormed,
      wellFormed ? 'well formed' : command.order.id,
      'well formed',
    ) &&
    findings.holds(
      'COMMAND_DUPLICATE',
      snapshot.orderKnown === false,
      snapshot.orderKnown ? 'known' : 'new',
      'new',
    )
  );
}

/** Trust in the picture, the record and the venue: only entries need it, an exit must never wait for it. */
export function checkIntegrity(
  command: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean {
  const { instrumentId } = command.order;
  const consistent = isConsistent(snapshot);
  const ageMs = command.nowMs - snapshot.asOfMs;
  const permitted = snapshot.permitted.includes(instrumentId);
  return (
    findings.holds(
      'SNAPSHOT_INCONSISTENT',
      consistent,
      consistent ? 'consistent' : 'contradictory',
      'consistent',
    ) &&
    findings.atLeast('SNAPSHOT_STALE', ageMs, 0, 'ms') &&
    findings.atMost('SNAPSHOT_STALE', ageMs, LIMITS.snapshotAgeMsMax, 'ms') &&
    findings.holds(
      'AUDIT_CHAIN_BROKEN',
      snapshot.auditIntact,
      snapshot.auditIntact ? 'intact' : 'broken',
      'intact',
    ) &&
    findings.holds(
      'RECONCILIATION_PENDING',
      snapshot.reconciled,
      snapshot.reconciled ? 'done' : 'pending',
      'done',
    ) &&
    findings.holds(
      'INSTRUMENT_NOT_PERMITTED',
      permitted,
      permitted ? 'permitted' : instrumentId,
      'permitted',
    )
  );
}
