/** The last review and the record that must be durable before a venue hears of an order. */
import { draft } from '../domain/draft.ts';
import type { Actor, DomainEvent } from '../domain/event.ts';
import type { IntentId, ProposalId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { orderToText } from '../domain/order-record.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { text } from '../domain/units.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { type Command, holdOf } from '../risk-kernel/command.ts';
import type { LimitsInForce } from '../risk-kernel/limits-in-force.ts';
import { orderHash } from '../risk-kernel/order-fingerprint.ts';
import { toRecord } from '../risk-kernel/record.ts';
import { type Clearance, review } from '../risk-kernel/review.ts';
import type { RiskSnapshot } from '../risk-kernel/snapshot.ts';
import { ENGINE } from './actor.ts';

const KERNEL: Actor = { kind: 'SYSTEM', name: 'risk-kernel' };

/** Where an order comes from, for the record. */
export interface Origin {
  readonly correlationId: string;
  readonly causationSeq: number | null;
  readonly intentId: IntentId | null;
  readonly proposalId: ProposalId | null;
}

/** What the kernel said of an order at the moment of sending, already recorded. */
export type Reviewed =
  | {
      readonly kind: 'CLEARED';
      readonly order: Order;
      readonly clearance: Clearance;
      /** The picture it was given on. */
      readonly snapshotSeq: number;
      readonly submitting: DomainEvent;
    }
  | { readonly kind: 'DENIED'; readonly code: ReasonCode; readonly sentence: string };

/**
 * Asks the kernel and writes down what it said: the denial, or the write-ahead record with the
 * worst-case exposure that stays reserved while the order may fill. Both exist once `tx` commits.
 */
export function reviewAndRecord(
  tx: LedgerTransaction,
  command: Command,
  snapshot: RiskSnapshot,
  limits: LimitsInForce,
  origin: Origin,
): Reviewed {
  const { order } = command;
  const { correlationId, causationSeq, intentId, proposalId } = origin;
  const verdict = review(command, snapshot, limits);
  const record = toRecord(order, verdict);
  const reviewed = tx.append(
    draft('kernel.reviewed', KERNEL, correlationId, causationSeq, {
      stage: 'SEND',
      subject: order.id,
      verdict: record,
    }),
  );
  if (!verdict.cleared) {
    const { code } = verdict;
    const { sentence } = record;
    const body = { orderId: order.id, order: orderToText(order), code, sentence };
    tx.append(draft('order.denied', KERNEL, correlationId, reviewed.seq, body));
    return { kind: 'DENIED', code, sentence };
  }
  const hold = holdOf(order, snapshot.mark?.price);
  const submitting = tx.append(
    draft('order.submitting', ENGINE, correlationId, reviewed.seq, {
      order: orderToText(order),
      intentId,
      proposalId,
      hold: { notional: text(hold.notional), risk: text(hold.risk) },
      orderHash: orderHash(order),
    }),
  );
  const { clearance, snapshotSeq } = verdict;
  return { kind: 'CLEARED', order, clearance, snapshotSeq, submitting };
}
