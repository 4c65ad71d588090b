/**
 * What the auditor is told: plain words and decimal text, nothing it would have to trust the project for.
 * The world speaks them as they happen, the effect before anybody who caused it can go on.
 */

/** A row of the journal as it was stored. */
export interface RowWords {
  readonly seq: number;
  readonly atMs: number;
  readonly type: string;
  readonly correlationId: string;
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** What the body of a row says, once it is read. */
export interface EventWords {
  readonly seq: number;
  readonly atMs: number;
  readonly type: string;
  readonly correlationId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An order as it was given to the venue, amounts as text. */
export interface OrderWords {
  readonly id: string;
  readonly instrumentId: string;
  readonly strategyId: string;
  readonly role: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly timeInForce: string;
  readonly reduceOnly: boolean;
  readonly ocoGroupId?: string;
  readonly protectiveStop?: string;
  /** The entry whose planned ladder it is a step of. */
  readonly addTo?: string;
}

export interface FillWords {
  readonly fillId: string;
  readonly orderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** Instrument and amount, or position key and amount; what is flat may be left out. */
export type Holdings = Readonly<Record<string, string>>;

/** Who speaks to the venue: which process, and whether its ledger can still be written. */
interface Speaker {
  readonly process: number;
  readonly broken: boolean;
}

export type Testimony =
  /** Before anything else: what the account began with, and what kind of market each instrument is. */
  | {
      readonly kind: 'OPENED';
      readonly cash: string;
      readonly classes: Readonly<Record<string, string>>;
    }
  /** A process leads from here on. */
  | { readonly kind: 'LED'; readonly epoch: number }
  /** These rows are durable; they were written by the leader of that epoch. */
  | { readonly kind: 'COMMITTED'; readonly epoch: number; readonly rows: readonly RowWords[] }
  /** An agent is about to record an intent; whether a valid approval of exactly its order stands behind it. */
  | { readonly kind: 'INTENDED'; readonly intentId: string; readonly approved: boolean }
  /** The venue is asked for something, now. */
  | ({ readonly kind: 'ASKED'; readonly order: OrderWords } & Speaker)
  | ({ readonly kind: 'CANCEL_ASKED'; readonly orderId: string } & Speaker)
  /** What the exchange really did. */
  | { readonly kind: 'PLACED'; readonly orderId: string }
  | ({ readonly kind: 'TRADED' } & FillWords)
  | { readonly kind: 'ENDED'; readonly orderId: string; readonly how: string }
  /** A client was told of these executions. */
  | { readonly kind: 'TOLD'; readonly fillIds: readonly string[] }
  /** A client was told that this order is not there, while it rests. */
  | { readonly kind: 'LIED'; readonly orderId: string }
  /** A request was lost, late, refused for no fault of its own, or not answered; nobody is to ask again for so long. */
  | { readonly kind: 'TROUBLE'; readonly because: string; readonly waitMs: number }
  | { readonly kind: 'PRICE'; readonly instrumentId: string; readonly price: string }
  /** A process was told by a person to stop everything. */
  | { readonly kind: 'KILLED'; readonly process: number }
  /** So much time went by; `tended` when a process was up and awake and did its work at the end of it. */
  | { readonly kind: 'PASSED'; readonly ms: number; readonly tended: boolean }
  /** The account as the exchange has it. */
  | { readonly kind: 'ACCOUNT'; readonly cash: string; readonly positions: Holdings }
  /** The account as the newest process believes it, folded up to the row of this hash. */
  | {
      readonly kind: 'BOOK';
      readonly hash: string;
      readonly cash: string;
      readonly positions: Holdings;
    }
  /** Something threw that nobody made fail. */
  | { readonly kind: 'THREW'; readonly because: string }
  /** The world was healed and had its time; the journal once more from its first row, as it is stored. */
  | { readonly kind: 'SETTLED'; readonly rows: readonly RowWords[] }
  /** For people who read the log; nothing follows from it. */
  | { readonly kind: 'NOTE'; readonly words: string };
