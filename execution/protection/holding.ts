/** A position together with what its entry planned for it, and the slices it is left in. */
import { exitGroupFor } from '../../domain/entry-order.ts';
import type { InstrumentId, OcoGroupId, ProposalId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { OrderRecord } from '../../domain/order-record.ts';
import { positionKey } from '../../domain/portfolio.ts';
import type { Position } from '../../domain/position.ts';
import { absolute, type Price, type Quantity, toLot } from '../../domain/units.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import { slicesOf } from './slices.ts';

export interface Slice {
  readonly group: OcoGroupId;
  readonly quantity: Quantity;
  readonly target: Price | undefined;
}

export interface Holding {
  readonly key: string;
  readonly position: Position;
  readonly long: boolean;
  readonly entry: OrderRecord;
  readonly proposalId: ProposalId;
  readonly instrument: Instrument;
  /** Those with something in them; none when less than a lot is left, which nobody can trade. */
  readonly slices: readonly Slice[];
  /** Undefined for a position that is not the one its entry planned: nobody knows where its stop belongs. */
  readonly protectiveStop: Price | undefined;
}

export type Instruments = ReadonlyMap<InstrumentId, Instrument>;

/** Undefined when no entry of a proposal stands behind the position: its exits would have no name. */
export function holdingOf(
  position: Position,
  book: ReadonlyBook,
  instruments: Instruments,
): Holding | undefined {
  const key = positionKey(position.instrumentId, position.strategyId);
  const entry = book.entryOf(key);
  const instrument = instruments.get(position.instrumentId);
  if (entry?.proposalId == null || instrument === undefined) return undefined;
  const { proposalId } = entry;
  const long = position.quantity > 0n;
  const held = toLot(absolute(position.quantity), instrument.lot, 'down');
  const base = { key, position, long, entry, proposalId, instrument };
  if (long !== (entry.order.side === 'BUY')) {
    return { ...base, protectiveStop: undefined, slices: wholly(entry, proposalId, held) };
  }
  const { protectiveStop } = entry.order;
  return { ...base, protectiveStop, slices: plannedSlices(base, book, held) };
}

/** All groups a proposal's exits may belong to, in the order of its slices. */
export const groupsOf = (entry: OrderRecord, proposalId: ProposalId): readonly OcoGroupId[] =>
  [...targetsOf(entry), undefined].map((_, slice) => exitGroupFor(proposalId, slice));

const targetsOf = ({ order }: OrderRecord) => order.management?.partialTargets ?? [];

function plannedSlices(
  { entry, proposalId, instrument }: Pick<Holding, 'entry' | 'proposalId' | 'instrument'>,
  book: ReadonlyBook,
  held: Quantity,
): readonly Slice[] {
  const partial = targetsOf(entry);
  const groups = groupsOf(entry, proposalId);
  const quantities = slicesOf(
    partial.map((level) => level.quantity),
    groups.map((group) => book.closedIn(group)),
    held,
    instrument.lot,
  );
  const prices = [...partial.map((level) => level.price), entry.order.target];
  return groups.flatMap((group, index) => {
    const quantity = quantities[index];
    if (quantity === undefined || quantity === 0n) return [];
    return [{ group, quantity, target: prices[index] }];
  });
}

/** One slice beyond the planned ones: what is closed there was never a part of the plan. */
const wholly = (entry: OrderRecord, proposalId: ProposalId, held: Quantity): readonly Slice[] =>
  held === 0n
    ? []
    : [
        {
          group: exitGroupFor(proposalId, targetsOf(entry).length + 1),
          quantity: held,
          target: undefined,
        },
      ];
