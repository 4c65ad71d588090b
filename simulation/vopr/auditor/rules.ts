/** What the auditor holds everybody to, each in one sentence. */
export const RULES = {
  CHAIN_BROKEN:
    'Every journal row follows the one before it, hashes to what it says, and never changes.',
  DEPOSED_LEADER_WROTE: 'Once another process leads, nothing of an earlier leader becomes durable.',
  SENT_UNRECORDED:
    'The venue hears of no order before its write-ahead record is durable, in these very terms.',
  SENT_UNCLEARED:
    'No order is sent without the kernel’s clearance of it, at most thirty seconds old.',
  SENT_TWICE: 'No order is sent a second time, whatever became of the first.',
  PLACED_THOUGH_OVER: 'No order arrives at the venue that the journal already calls over.',
  SENT_BY_THE_BROKEN: 'A process whose ledger is broken sends no order.',
  TWO_ORDERS_FOR_ONE_INTENT: 'One intent has one order, ever.',
  SENT_WHILE_STOPPED:
    'No entry is cleared while trading is not ACTIVE or its instrument halted, and none is sent once everything was stopped.',
  SENT_UNRECONCILED: 'No entry is cleared before ledger and venue were compared since the start.',
  SENT_UNAPPROVED:
    'No entry is recorded for an intent without a valid approval of exactly that order.',
  EXIT_OVERSIZED:
    'No exit is sent that is larger than the position, or on the side that adds to it.',
  SENT_INTO_A_LOCK:
    'No entry is cleared while one of its instrument and side is lost, or anything there is suspect.',
  EXPOSURE_ABOVE_LIMIT:
    'No entry is sent that could take the account above a limit, with all that is held and rests.',
  TOO_MANY_ENTRIES: 'No more entries are cleared in an hour or a day than the limits have.',
  UNPROTECTED_PAST_DEADLINE:
    'No position stays without a stop of its size for longer than anybody needs to place one or close it.',
  STOP_TAKEN_AWAY:
    'No stop is cancelled while its position would be left with less than it needs, unless it is to be closed.',
  EXITS_PILE_UP:
    'Of one exit group never more than one order of a kind and its replacement rest, and never two closes, but for those whose cancel was asked for.',
  CANCEL_UNRECORDED:
    'No cancel is asked for before it is durable, unless the ledger is broken, or does not answer somebody who stops everything.',
  FOREIGN_ORDER_TOUCHED: 'No order is cancelled that is not ours.',
  FILL_BOOKED_TWICE: 'No execution is booked twice.',
  FILL_NOT_REAL: 'Nothing is booked that was not traded, at that price, size and fee.',
  MONEY_NOT_CONSERVED:
    'Cash and positions are the sum of the executions, at the venue and in the book.',
  BURIED_ALIVE:
    'No order is called over that rests at the venue; only of one it never acknowledged may the venue itself deny that.',
  THREW: 'Nothing fails that nobody made fail.',
  LEDGER_IS_NOT_VENUE:
    'After healing, ledger and venue agree: every execution, every order, every sum.',
  LEFT_OPEN: 'After healing, no order is unaccounted for and no position without its stop.',
} as const;

export type Rule = keyof typeof RULES;

export interface Violation {
  readonly rule: Rule;
  readonly atMs: number;
  readonly sentence: string;
  /** Orders and positions it is about, for finding them in the log. */
  readonly about: readonly string[];
}
