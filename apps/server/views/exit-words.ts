import type { ExitReason } from '../../../ledger/trades/trade.ts';

/** Why a part of a position was left, in the words of a table. */
export function exitWords(reason: ExitReason): string {
  switch (reason.kind) {
    case 'STOP':
      return 'stop';
    case 'TRAILING_STOP':
      return 'trailing stop';
    case 'BREAK_EVEN_STOP':
      return 'break-even stop';
    case 'MOVED_STOP':
      return 'moved stop';
    case 'TARGET':
      return targetWords(reason.number, reason.of);
    case 'CLOSE':
      return `closed: ${reason.because}`;
    case 'KILL_SWITCH':
      return `kill switch: ${reason.because}`;
    case 'REVERSED':
      return 'reversed';
    case 'NOT_RECORDED':
      return 'not recorded';
  }
}

function targetWords(number: number | null, of: number): string {
  if (number === null) return 'target, at a price nobody planned';
  return of === 1 ? 'target' : `target ${number} of ${of}`;
}
