/** A day of a client on a wire, from one seed, written down beside the truth behind the wire. */
import { ONE } from '../../domain/decimal.ts';
import { type ClientOrderId, clientOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { BTC } from '../../domain/testing/samples.ts';
import { namedRandom, type Random } from '../../domain/random.ts';
import { money, NO_QUANTITY, price, quantity } from '../../domain/units.ts';
import {
  type CancelOutcome,
  type SubmitOutcome,
  VenueError,
  type VenueFault,
  type VenueNews,
  type VenueOrder,
} from '../../execution/venue.ts';
import type { FaultProfile } from '../fault-profiles.ts';
import { Wire } from '../wire.ts';
import { buy, exit, sell, SURE, TestExchange } from './exchanges.ts';

type Asked<T> =
  { readonly answer: T } | { readonly fault: VenueFault; readonly retryAfterMs: number };

export type Noted =
  | {
      readonly kind: 'SEND';
      readonly order: Order;
      readonly outcome: SubmitOutcome;
      readonly there: boolean;
    }
  | {
      readonly kind: 'CANCEL';
      readonly outcome: CancelOutcome;
      readonly before: VenueOrder | undefined;
      readonly after: VenueOrder | undefined;
    }
  | {
      readonly kind: 'ORDER';
      readonly id: ClientOrderId;
      readonly asked: Asked<VenueOrder | undefined>;
      readonly truth: VenueOrder | undefined;
      readonly atMs: number;
    }
  | {
      readonly kind: 'OPEN';
      readonly asked: Asked<readonly VenueOrder[]>;
      readonly truth: readonly VenueOrder[];
    }
  | { readonly kind: 'TIME'; readonly asked: Asked<number>; readonly atMs: number }
  | { readonly kind: 'NEWS'; readonly news: VenueNews; readonly atMs: number };

export class Rehearsal {
  readonly exchange: TestExchange;
  readonly wire: Wire;
  readonly noted: Noted[] = [];
  readonly #random: Random;
  #sent = 0;
  /** How far the venue's clock was ahead when it was last asked. */
  #offsetMs = 0;

  constructor(profile: FaultProfile, seed: number) {
    this.exchange = new TestExchange(SURE, { seed });
    const { clock } = this.exchange;
    this.wire = new Wire(this.exchange, clock, namedRandom(seed, 'wire'), profile);
    this.#random = namedRandom(seed, 'client');
  }

  play(steps: number): this {
    for (let step = 0; step < steps; step++) this.#step();
    return this;
  }

  notes<K extends Noted['kind']>(kind: K): readonly Extract<Noted, { kind: K }>[] {
    return this.noted.filter((one): one is Extract<Noted, { kind: K }> => one.kind === kind);
  }

  /** Numbers of all reports that were heard, as they came. */
  get heard(): readonly number[] {
    return this.notes('NEWS').flatMap(({ news }) => news.reports.map(({ seq }) => seq));
  }

  send(order: Order, signedAtMs = this.exchange.clock.now() + this.#offsetMs): SubmitOutcome {
    const outcome = this.wire.send(order, signedAtMs);
    const there = this.exchange.order(order.id) !== undefined;
    this.noted.push({ kind: 'SEND', order, outcome, there });
    return outcome;
  }

  withdraw(id: ClientOrderId): void {
    const before = this.exchange.order(id);
    const outcome = this.wire.withdraw(id);
    this.noted.push({ kind: 'CANCEL', outcome, before, after: this.exchange.order(id) });
  }

  ask(id: ClientOrderId): void {
    const asked = ask(() => this.wire.order(id));
    const { exchange } = this;
    const truth = exchange.order(id);
    this.noted.push({ kind: 'ORDER', id, asked, truth, atMs: exchange.clock.now() });
  }

  look(): void {
    const asked = ask(() => this.wire.openOrders());
    this.noted.push({ kind: 'OPEN', asked, truth: this.exchange.openOrders() });
    const time = ask(() => this.wire.time());
    const atMs = this.exchange.clock.now();
    if ('answer' in time) this.#offsetMs = time.answer - atMs;
    this.noted.push({ kind: 'TIME', asked: time, atMs });
  }

  listen(): void {
    const news = this.wire.takeNews();
    this.noted.push({ kind: 'NEWS', news, atMs: this.exchange.clock.now() });
  }

  /** Some seconds pass; the client does one thing, the market another. */
  #step(): void {
    const draw = (below: number): number => Math.floor(this.#random.next() * below);
    this.exchange.after(draw(20_000));
    const some = clientOrderId(`N${draw(this.#sent + 1)}`);
    switch (draw(6)) {
      case 0:
      case 1:
        this.send(this.#order(draw));
        break;
      case 2:
        this.withdraw(some);
        break;
      case 3:
        this.ask(some);
        break;
      case 4:
        this.look();
        break;
      default:
        this.wire.deliver();
        this.exchange.at(`${49_900 + draw(200)}`);
    }
    this.listen();
  }

  #order(draw: (below: number) => number): Order {
    this.#sent += 1;
    const id = clientOrderId(`N${this.#sent}`);
    const held = this.exchange.balances().positions.get(BTC.id) ?? NO_QUANTITY;
    const size = { quantity: quantity('0.01') };
    if (held !== NO_QUANTITY && draw(2) === 0)
      return exit(id, { ...size, side: held > 0n ? 'SELL' : 'BUY' });
    const at = { type: 'LIMIT' as const, limitPrice: price(`${49_900 + draw(200)}`) };
    return draw(2) === 0 ? buy({ id, ...size, ...at }) : sell({ id, ...size, ...at });
  }
}

function ask<T>(question: () => T): Asked<T> {
  try {
    return { answer: question() };
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    return { fault: error.fault, retryAfterMs: error.retryAfterMs };
  }
}

/** What contradicts itself at the exchange, by plain sums; nothing when all is well. */
export function contradictions(exchange: TestExchange): readonly string[] {
  const found: string[] = [];
  const fills = exchange.fills(0);
  let cash: bigint = money('10000');
  let size = 0n;
  for (const { side, price: at, quantity: traded, fee } of fills) {
    const sign = side === 'BUY' ? 1n : -1n;
    cash -= (sign * at * traded) / ONE + fee;
    size += sign * traded;
  }
  const balances = exchange.balances();
  if (balances.cash !== cash) found.push(`cash is ${balances.cash} and should be ${cash}`);
  const held = balances.positions.get(BTC.id) ?? 0n;
  if (held !== size) found.push(`the position is ${held} and should be ${size}`);
  if (new Set(fills.map(({ fillId }) => fillId)).size !== fills.length) found.push('a fill twice');
  // A client may have used an id for several orders, one after the other.
  const unexplained = new Map<string, bigint>();
  for (const { clientId, filled } of [...exchange.openOrders(), ...exchange.history(0)])
    unexplained.set(clientId, (unexplained.get(clientId) ?? 0n) + filled);
  for (const { clientId, quantity: traded } of fills)
    unexplained.set(clientId, (unexplained.get(clientId) ?? 0n) - traded);
  for (const [id, rest] of unexplained) if (rest !== 0n) found.push(`${id} is off by ${rest}`);
  const seqs = exchange.reportsAfter(0).map(({ seq }) => seq);
  if (seqs.some((seq, index) => seq !== index + 1)) found.push('a hole in the stream');
  return found;
}
