/** The wire of the accounts. */
import { Schema } from 'effect';

const Text = Schema.String;

export const AccountsView = Schema.Struct({
  /** The newest event in them. */
  seq: Schema.Finite,
  /** The account's own currency; null before the first start. */
  currency: Schema.NullOr(Text),
  /** Debit above zero; those of one currency sum to zero. */
  lines: Schema.Array(Schema.Struct({ currency: Text, account: Text, balance: Text })),
  /** What each live order has reserved. */
  holds: Schema.Array(Schema.Struct({ orderId: Text, amount: Text })),
});
export type AccountsView = typeof AccountsView.Type;
