/** A venue in another process: it survives whatever happens to this one. */
import type { ClientOrderId } from '../../domain/ids.ts';
import type { Order, OrderRole } from '../../domain/order.ts';
import type {
  CancelOutcome,
  NumberedReport,
  SubmitOutcome,
  Venue,
  VenueBalances,
  VenueCapabilities,
  VenueFill,
  VenueNews,
  VenueOrder,
} from '../../execution/venue.ts';
import { type ClearedOrder, isCleared } from '../../risk-kernel/review.ts';
import type { Boundary, Downward, Upward } from './protocol.ts';

export class FarVenue implements Venue {
  readonly name = 'far';
  readonly capabilities: VenueCapabilities = {
    orderTypes: ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'],
    timesInForce: ['GTC', 'IOC', 'FOK', 'DAY'],
    reduceOnly: true,
    postOnly: true,
    oco: true,
    acceptanceWindowMs: 5_000,
    requestsPerMinute: 100_000,
  };
  readonly #dieAt: (at: Boundary, role: OrderRole | undefined) => void;
  readonly #roleOf: (id: string) => OrderRole | undefined;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #news: NumberedReport[] = [];
  #asked = 0;

  constructor(
    dieAt: (at: Boundary, role: OrderRole | undefined) => void,
    roleOf: (id: string) => OrderRole | undefined,
  ) {
    this.#dieAt = dieAt;
    this.#roleOf = roleOf;
  }

  hear(message: Downward): void {
    this.#news.push(...message.news);
    if (message.kind === 'ANSWER') this.#waiting.get(message.number)?.(message.value);
  }

  async submit(order: ClearedOrder, signedAtMs: number): Promise<SubmitOutcome> {
    if (!isCleared(order)) throw new Error(`order ${order.id} carries no redeemed clearance`);
    this.#dieAt('AFTER_WRITE', order.role);
    // The clearance stays here: the wire carries the plain order, as it would to any venue.
    const plain: Order = { ...order };
    const answer = await this.#ask('place', [plain, signedAtMs], () =>
      this.#dieAt('AFTER_SEND', order.role),
    );
    this.#dieAt('AFTER_ACK', order.role);
    return answer as SubmitOutcome;
  }

  async cancel(id: ClientOrderId): Promise<CancelOutcome> {
    const role = this.#roleOf(id);
    this.#dieAt('BEFORE_CANCEL', role);
    const kind = await this.#ask('withdraw', [id], () => this.#dieAt('MID_CANCEL', role));
    return { kind } as CancelOutcome;
  }

  order(id: ClientOrderId): Promise<VenueOrder | undefined> {
    return this.#ask('order', [id]) as Promise<VenueOrder | undefined>;
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#ask('openOrders', []) as Promise<readonly VenueOrder[]>;
  }

  history(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.#ask('history', [sinceMs]) as Promise<readonly VenueOrder[]>;
  }

  fills(sinceMs: number): Promise<readonly VenueFill[]> {
    return this.#ask('fills', [sinceMs]) as Promise<readonly VenueFill[]>;
  }

  balances(): Promise<VenueBalances> {
    return this.#ask('balances', []) as Promise<VenueBalances>;
  }

  time(): Promise<number> {
    return this.#ask('time', []) as Promise<number>;
  }

  takeNews(): VenueNews {
    const reports = this.#news;
    this.#news = [];
    for (const { report } of reports)
      if (report.kind === 'FILL') this.#dieAt('MID_FILL', this.#roleOf(report.clientId));
    return { reports, interrupted: false };
  }

  /** `sent` runs once the request is in the pipe, whatever becomes of this process. */
  #ask(method: string, args: readonly unknown[], sent: () => void = () => {}): Promise<unknown> {
    this.#asked += 1;
    const number = this.#asked;
    const message: Upward = { kind: 'ASK', number, method, args };
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      process.send?.(message, undefined, undefined, sent);
    });
  }
}
