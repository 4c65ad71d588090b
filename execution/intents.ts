import { draft } from '../domain/draft.ts';
import { entryOrder } from '../domain/entry-order.ts';
import type { OrderText } from '../domain/event.ts';
import { orderFromText } from '../domain/order-record.ts';
import type { TradeProposal } from '../domain/proposal.ts';
import { REASONS } from '../domain/reason-code.ts';
import type { IntentRow, LedgerTransaction } from '../ledger/ledger.ts';
import { orderFingerprint } from '../risk-kernel/order-fingerprint.ts';
import { ENGINE } from './actor.ts';
import type { Reviewed } from './write-ahead.ts';

/**
 * The approval behind an intent, used up: approved, not yet consumed, and of exactly the order the
 * intent names. Anything else is no approval.
 */
export async function consumeApproval(
  tx: LedgerTransaction,
  intent: IntentRow,
): Promise<TradeProposal | undefined> {
  const approval = await tx.approval(intent.approvalId);
  if (approval === undefined || approval.status !== 'APPROVED') return undefined;
  const consumed = await tx.moveApproval(approval.id, approval, 'CONSUMED');
  if (consumed === undefined) return undefined;
  const proposal = JSON.parse(approval.proposal) as TradeProposal;
  const intended = orderFromText(JSON.parse(intent.order) as OrderText);
  const approved = orderFingerprint(entryOrder(proposal));
  return orderFingerprint(intended) === approved ? proposal : undefined;
}

/** Records that an intent will never be sent, because nobody who may approve did approve it. */
export function denyIntent(tx: LedgerTransaction, intent: IntentRow): Reviewed {
  const order = JSON.parse(intent.order) as OrderText;
  const code = 'APPROVAL_MISSING';
  const sentence = `${code}: ${REASONS[code]}`;
  tx.append(
    draft('order.denied', ENGINE, intent.id, null, {
      orderId: order.id,
      order,
      code,
      sentence,
    }),
  );
  return { kind: 'DENIED', code, sentence };
}
