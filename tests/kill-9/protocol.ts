/** What the exchange's process and the trader's process say to each other. */
import type { EventType } from '../../domain/event.ts';
import type { OrderRole } from '../../domain/order.ts';
import type { NumberedReport } from '../../execution/venue.ts';
import type { PgliteOptions, PostgresOptions } from '../../ledger/database.ts';

/** Where the trader's process ends itself with SIGKILL, the next instruction never being run. */
export type Boundary =
  /** The write-ahead record is made, its transaction does not commit. */
  | 'BEFORE_WRITE'
  /** The write-ahead record is durable, the venue has not heard. */
  | 'AFTER_WRITE'
  /** The request has left this process. */
  | 'AFTER_SEND'
  /** The answer is here, nobody has written it down. */
  | 'AFTER_ACK'
  /** An execution was heard and is not in the journal. */
  | 'MID_FILL'
  /** An execution is chained and not durable. */
  | 'AFTER_FILL'
  /** The cancel is durable, the venue has not heard. */
  | 'BEFORE_CANCEL'
  /** The cancel has left this process. */
  | 'MID_CANCEL';

export interface Death {
  readonly at: Boundary;
  /** Of the order it happens with. */
  readonly role: OrderRole;
}

export interface TraderOptions {
  readonly database: PostgresOptions | PgliteOptions;
  readonly death: Death | null;
  readonly nowMs: number;
  readonly price: string;
}

export type Wish =
  /** Take the one trade of this test through its approval to the engine, if it is still to be done. */
  | { readonly wish: 'TRADE' }
  | { readonly wish: 'TICK'; readonly price: string; readonly nowMs: number }
  | { readonly wish: 'CANCEL'; readonly role: OrderRole }
  | { readonly wish: 'TELL' };

export interface Told {
  readonly position: string;
  readonly cash: string;
  readonly orders: readonly {
    readonly id: string;
    readonly state: string;
    readonly role: string;
  }[];
  readonly fills: readonly string[];
  readonly chain: string;
  readonly types: readonly EventType[];
  readonly epoch: number;
}

/** From the exchange's process. */
export type Downward =
  | {
      readonly kind: 'WISH';
      readonly number: number;
      readonly wish: Wish;
      readonly news: readonly NumberedReport[];
    }
  | {
      readonly kind: 'ANSWER';
      readonly number: number;
      readonly value: unknown;
      readonly news: readonly NumberedReport[];
    };

/** From the trader's process. */
export type Upward =
  | { readonly kind: 'READY' }
  | {
      readonly kind: 'ASK';
      readonly number: number;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'DONE'; readonly number: number; readonly told: Told | null }
  | { readonly kind: 'FAILED'; readonly because: string };
