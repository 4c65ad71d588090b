/**
 * The accounts of the desk, in double entry. Every currency has the same six, and every transfer debits
 * one of them by what it credits another; so the balances of a currency always sum to zero.
 *
 * Balances are signed, debit above zero: cash, holds, positions and fees stand above zero, what was put
 * in and what was won below. The account's own currency carries values; the base of each instrument
 * carries the units themselves.
 */
import type { ClientOrderId, FillId } from '../../domain/ids.ts';
import { type Money, negate } from '../../domain/units.ts';

export const ACCOUNTS = [
  /** Cash that no order has reserved. */
  'AVAILABLE',
  /** Cash reserved by orders that may still trade. */
  'HELD',
  /** What the open positions cost; in a base, the units held, below zero for shorts. */
  'IN_POSITION',
  'FEES',
  /** What closing positions won (below zero) or lost, before fees. */
  'REALISED',
  /** The world: who put the cash in, and whom units are bought from and sold to. */
  'EXTERNAL',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** Where a hold is in its life; null for a transfer that is no part of one. */
export type Phase = 'PENDING' | 'POSTED' | 'VOIDED' | null;

/** An amount that left one account and reached another. It never changes: a correction is a new one. */
export interface Transfer {
  readonly currency: string;
  readonly debit: Account;
  readonly credit: Account;
  /** Above zero. */
  readonly amount: Money;
  readonly phase: Phase;
  /** The order or the fill that moved it; null for the opening balance. */
  readonly subject: ClientOrderId | FillId | null;
  /** The event it follows from. */
  readonly seq: number;
}

/** What all transfers of one step have in common. */
export type About = Pick<Transfer, 'currency' | 'phase' | 'subject' | 'seq'>;

/** Moves an amount; one below zero goes the other way, and nothing is no transfer. */
export function move(about: About, from: Account, to: Account, amount: Money): readonly Transfer[] {
  if (amount === 0n) return [];
  return amount > 0n
    ? [{ ...about, debit: to, credit: from, amount }]
    : [{ ...about, debit: from, credit: to, amount: negate(amount) }];
}
