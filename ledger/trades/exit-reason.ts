import type { OrderText } from '../../domain/event.ts';
import type { ExitReason } from './trade.ts';

/** That somebody, or something, wanted a position closed at the market. */
export interface CloseWish {
  readonly because: string;
  readonly killSwitch: boolean;
}

/** What is known of an order that was sent. */
export interface SentOrder {
  readonly order: OrderText;
  /** The entry whose plan it serves; undefined for one that no entry is known of. */
  readonly entry: OrderText | undefined;
  /** The wish that stood when it was sent. */
  readonly wish: CloseWish | undefined;
}

/** What an order that took something off a position says of why: its role and its own record, no guess. */
export function exitReasonOf(sent: SentOrder | undefined): ExitReason {
  if (sent === undefined) return { kind: 'NOT_RECORDED' };
  switch (sent.order.role) {
    case 'STOP':
      return stopReason(sent.order, sent.entry);
    case 'TARGET':
      return targetReason(sent.order, sent.entry);
    case 'EXIT':
      return closeReason(sent.wish);
    case 'ENTRY':
      return { kind: 'REVERSED' };
  }
}

function stopReason({ stopPrice }: OrderText, entry: OrderText | undefined): ExitReason {
  if (entry === undefined || stopPrice === entry.protectiveStop) return { kind: 'STOP' };
  const trails = entry.management?.trail !== undefined;
  const breaksEven = entry.management?.breakEven === true;
  if (trails === breaksEven) return { kind: 'MOVED_STOP' };
  return { kind: trails ? 'TRAILING_STOP' : 'BREAK_EVEN_STOP' };
}

function targetReason({ limitPrice }: OrderText, entry: OrderText | undefined): ExitReason {
  const partial = (entry?.management?.partialTargets ?? []).map(({ price }) => price);
  const planned = entry?.target === undefined ? partial : [...partial, entry.target];
  const index = planned.findIndex((price) => price === limitPrice);
  return { kind: 'TARGET', number: index === -1 ? null : index + 1, of: planned.length };
}

function closeReason(wish: CloseWish | undefined): ExitReason {
  if (wish === undefined) return { kind: 'NOT_RECORDED' };
  return { kind: wish.killSwitch ? 'KILL_SWITCH' : 'CLOSE', because: wish.because };
}
