/** Names of things. Branded so that a proposal's id cannot stand where an order's is wanted. */
declare const id: unique symbol;
type Id<Kind extends string> = string & { readonly [id]: Kind };

export type InstrumentId = Id<'instrument'>;
export type StrategyId = Id<'strategy'>;
export type CycleId = Id<'cycle'>;
export type ProposalId = Id<'proposal'>;
export type ApprovalId = Id<'approval'>;
export type IntentId = Id<'intent'>;
/** Ours, deterministic, and the same at the venue: alphanumeric and at most 32 characters. */
export type ClientOrderId = Id<'order'>;
export type VenueOrderId = Id<'venue-order'>;
export type FillId = Id<'fill'>;
export type OcoGroupId = Id<'oco-group'>;

export const instrumentId = (value: string): InstrumentId => value as InstrumentId;
export const strategyId = (value: string): StrategyId => value as StrategyId;
export const cycleId = (value: string): CycleId => value as CycleId;
export const proposalId = (value: string): ProposalId => value as ProposalId;
export const approvalId = (value: string): ApprovalId => value as ApprovalId;
export const intentId = (value: string): IntentId => value as IntentId;
export const fillId = (value: string): FillId => value as FillId;
export const venueOrderId = (value: string): VenueOrderId => value as VenueOrderId;
export const ocoGroupId = (value: string): OcoGroupId => value as OcoGroupId;

const CLIENT_ORDER_ID = /^[A-Za-z0-9]{1,32}$/;

export function clientOrderId(value: string): ClientOrderId {
  if (!CLIENT_ORDER_ID.test(value)) {
    throw new Error(`client order id "${value}" must be 1 to 32 letters and digits`);
  }
  return value as ClientOrderId;
}
