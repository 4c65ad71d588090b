/** Every order the exchange ever took: what rests, by instrument and by group, and what is over. */
import { type Clock, utcDay } from '../domain/clock.ts';
import type { ClientOrderId, InstrumentId, OcoGroupId } from '../domain/ids.ts';
import type { VenueOrderStatus } from '../execution/venue.ts';
import type { Reports } from './reports.ts';
import type { RestingOrder } from './resting-order.ts';

const NONE: ReadonlySet<RestingOrder> = new Set();

export class OrderRegister {
  readonly #clock: Clock;
  readonly #reports: Reports;
  readonly #latest = new Map<ClientOrderId, RestingOrder>();
  readonly #ofInstrument = new Map<InstrumentId, Set<RestingOrder>>();
  readonly #ofGroup = new Map<OcoGroupId, Set<RestingOrder>>();
  readonly #ofDay = new Set<RestingOrder>();
  /** In the order in which they ended. */
  readonly #ended: RestingOrder[] = [];

  constructor(clock: Clock, reports: Reports) {
    this.#clock = clock;
    this.#reports = reports;
  }

  rest(resting: RestingOrder): void {
    const { id, instrumentId, ocoGroupId, timeInForce } = resting.order;
    this.#latest.set(id, resting);
    join(this.#ofInstrument, instrumentId, resting);
    if (ocoGroupId !== undefined) join(this.#ofGroup, ocoGroupId, resting);
    if (timeInForce === 'DAY') this.#ofDay.add(resting);
  }

  /** Its last share was traded; the fill said so. */
  complete(resting: RestingOrder): void {
    this.#close(resting, 'FILLED', null);
  }

  end(resting: RestingOrder, status: 'CANCELED' | 'EXPIRED' | 'REJECTED', because: string): void {
    this.#close(resting, status, because);
    this.#reports.add({ kind: status, clientId: resting.order.id, because });
  }

  /** A DAY order ends at midnight UTC. */
  expireDays(): void {
    if (this.#ofDay.size === 0) return;
    const today = utcDay(this.#clock.now());
    for (const resting of this.#ofDay) {
      if (utcDay(resting.createdAtMs) < today) this.end(resting, 'EXPIRED', 'its day is over');
    }
  }

  open(id: ClientOrderId): RestingOrder | undefined {
    const latest = this.#latest.get(id);
    return latest?.status === 'OPEN' ? latest : undefined;
  }

  allOpen(): readonly RestingOrder[] {
    return [...this.#ofInstrument.values()].flatMap((orders) => [...orders]);
  }

  /** The newest order with a client's id, over or not. */
  latest(id: ClientOrderId): RestingOrder | undefined {
    return this.#latest.get(id);
  }

  /** The oldest first. Orders may end while this is walked; those are passed over. */
  inInstrument(id: InstrumentId): ReadonlySet<RestingOrder> {
    return this.#ofInstrument.get(id) ?? NONE;
  }

  inGroup(id: OcoGroupId | undefined): ReadonlySet<RestingOrder> {
    return (id !== undefined && this.#ofGroup.get(id)) || NONE;
  }

  endedSince(sinceMs: number): readonly RestingOrder[] {
    const last = this.#ended.findLastIndex(({ endedAtMs }) => endedAtMs < sinceMs);
    return this.#ended.slice(last + 1);
  }

  #close(resting: RestingOrder, status: VenueOrderStatus, because: string | null): void {
    const { instrumentId, ocoGroupId } = resting.order;
    resting.endWith(status, because, this.#clock.now());
    this.#ofInstrument.get(instrumentId)?.delete(resting);
    this.#ofDay.delete(resting);
    this.#ended.push(resting);
    if (ocoGroupId !== undefined) leave(this.#ofGroup, ocoGroupId, resting);
  }
}

function join<K>(sets: Map<K, Set<RestingOrder>>, key: K, resting: RestingOrder): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([resting]));
  else set.add(resting);
}

/** There are as many groups as there were trades, so an empty one is not kept. */
function leave<K>(sets: Map<K, Set<RestingOrder>>, key: K, resting: RestingOrder): void {
  const set = sets.get(key);
  set?.delete(resting);
  if (set?.size === 0) sets.delete(key);
}
