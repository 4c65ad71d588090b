/** The port to whoever matches orders. Only the execution engine holds one. */
import type { ClientOrderId, FillId, VenueOrderId } from '../domain/ids.ts';
import type { Money, Price, Quantity } from '../domain/units.ts';
import type { ClearedOrder } from '../risk-kernel/review.ts';

/** UNKNOWN means nobody can say yet: it is never treated as a refusal and never sent again. */
export type SubmitOutcome =
  | { readonly kind: 'ACCEPTED'; readonly venueOrderId: VenueOrderId }
  | { readonly kind: 'REJECTED'; readonly because: string }
  | { readonly kind: 'UNKNOWN'; readonly because: string };

/** What the venue says of orders on its own account, in the order it happened. */
export type VenueReport =
  | {
      readonly kind: 'FILL';
      readonly fillId: FillId;
      readonly orderId: ClientOrderId;
      readonly quantity: Quantity;
      readonly price: Price;
      readonly fee: Money;
      readonly feeInBase?: Quantity;
    }
  | { readonly kind: 'CANCELED'; readonly orderId: ClientOrderId; readonly because: string };

export interface Venue {
  readonly name: string;
  /** Accepts only an order whose clearance was redeemed; anything else is a programming error and throws. */
  submit(order: ClearedOrder): Promise<SubmitOutcome>;
  /** Asks for a cancel; the answer comes as a report. False when the venue knows no such open order. */
  cancel(id: ClientOrderId): Promise<boolean>;
  /** Client ids of everything resting at the venue. */
  openOrders(): Promise<readonly ClientOrderId[]>;
  /** Takes the reports that arrived since the last call. */
  takeReports(): readonly VenueReport[];
}
