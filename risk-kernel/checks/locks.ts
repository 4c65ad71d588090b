/** What one instrument is locked for, on one side or on both, while the rest of the account may go on. */
import { opposite } from '../../domain/order.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import type { Lock, LockCode } from '../snapshot.ts';

/** Gravest first. */
const CODES: readonly LockCode[] = ['INSTRUMENT_HALTED', 'ORDER_UNRESOLVED', 'ORDER_SUSPECT'];

export function checkLocks({ order, snapshot }: Question, findings: Findings): boolean {
  const { locks } = snapshot;
  if (locks.length === 0) return true;
  const other = opposite(order.side);
  const bars = (lock: Lock, code: LockCode): boolean =>
    lock.instrumentId === order.instrumentId && codeOf(lock) === code && !isOnly(lock, other);
  return CODES.every((code) => {
    const locked = locks.some((lock) => bars(lock, code));
    return findings.holds(code, !locked, locked ? 'locked' : 'open', 'open');
  });
}

const isKnown = ({ code }: Lock): boolean => CODES.includes(code);

/** A lock that says nothing the kernel knows is the gravest. */
const codeOf = (lock: Lock): LockCode => (isKnown(lock) ? lock.code : 'INSTRUMENT_HALTED');

/** Locked on that side and no other; whatever is not understood locks both. */
const isOnly = (lock: Lock, side: Lock['side']): boolean => isKnown(lock) && lock.side === side;
