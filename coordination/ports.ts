/** What agents may ask of the floors below them. None of these can send, approve or enlarge anything. */
import type { ApprovalStatus, EventDraft } from '../domain/event.ts';
import type { CycleId, InstrumentId, ProposalId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { TradeProposal } from '../domain/proposal.ts';
import type { Direction } from '../domain/signal.ts';
import type { Money, Price, Quantity } from '../domain/units.ts';
import type { VerdictRecord } from '../domain/verdict.ts';

/** The most that one new entry may be, as the kernel would judge it now. */
export interface Room {
  readonly equity: Money;
  /** Largest share of equity that may be lost at the stop. */
  readonly riskBpsMax: number;
  /** Most the position may be worth at the worst price. */
  readonly notionalMax: Money;
  readonly quantityMax: Quantity;
  /** The price the kernel will judge the loss at the stop from. */
  readonly worstPrice: Price;
  /** The price the kernel will judge the order's value at. */
  readonly valuePrice: Price;
}

export interface RiskDesk {
  mark(id: InstrumentId): { readonly price: Price; readonly atMs: number } | undefined;
  room(id: InstrumentId, direction: Direction): Room | undefined;
  /** What the kernel would say now. It is advice: the engine asks again when it sends. */
  preview(order: Order): VerdictRecord;
}

export interface ApprovalDesk {
  /** Records a proposal with its verdict and asks for approval; doing it twice is doing it once. */
  request(proposal: TradeProposal, verdict: VerdictRecord, threadId: string): Promise<void>;
  /** True while a proposal on this instrument waits for an answer. */
  isWaiting(id: InstrumentId): boolean;
  standing(id: ProposalId): Promise<'WAITING' | 'GO' | 'STOP'>;
}

export interface IntentDesk {
  /** Records that an approved proposal should be sent; recording it twice is recording it once. */
  record(proposal: ProposalId): Promise<void>;
}

/** The journal as agents know it: they may add to it, and that is all. */
export type Journal = (...drafts: EventDraft[]) => Promise<unknown>;

/** How the approval of a cycle's proposal ended, from the record. */
export type ApprovalRecord = (
  cycle: CycleId,
) => { readonly status: ApprovalStatus | null; readonly because: string } | undefined;
