/**
 * The line between a client and the exchange, and everything that goes wrong on it. The exchange's truth
 * is never touched: only what arrives there and what is heard of it. A trouble that would take a real
 * client seconds to notice is answered at once, because nothing here waits.
 */
import type { Clock } from '../domain/clock.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Random } from '../domain/random.ts';
import {
  type CancelOutcome,
  type SubmitOutcome,
  type VenueBalances,
  VenueError,
  type VenueFill,
  type VenueNews,
  type VenueOrder,
  type VenueReport,
} from '../execution/venue.ts';
import type { Exchange } from './exchange.ts';
import { FAULT_PROFILES, type FaultProfile } from './fault-profiles.ts';
import { SkewedClock } from './skewed-clock.ts';
import { StreamFaults } from './stream-faults.ts';

interface Underway {
  readonly order: Order;
  /** On the true clock. */
  readonly signedAtMs: number;
  readonly arrivesAtMs: number;
}

/** A trouble that lasts, and until when. */
type Trouble = 'DISCONNECTED' | 'MAINTENANCE' | 'RATE_LIMITED';

const NEVER = Number.NEGATIVE_INFINITY;
const SILENCE: VenueNews = { reports: [], interrupted: false };
const NO_ANSWER = 'no answer came in time';
const NOT_CONNECTED = 'the connection is broken';
const CLOSED = 'the venue is closed for maintenance';
const TOO_MANY = 'too many requests';

export class Wire {
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #skew: SkewedClock;
  readonly #stream: StreamFaults;
  #profile: FaultProfile;
  readonly #untilMs: Record<Trouble, number> = {
    DISCONNECTED: NEVER,
    MAINTENANCE: NEVER,
    RATE_LIMITED: NEVER,
  };
  #underway: readonly Underway[] = [];
  /** Orders that are not found for now, and until when. */
  readonly #forgotten = new Map<string, number>();
  #list: { readonly takenAtMs: number; readonly orders: readonly VenueOrder[] } | undefined;
  #heard: number;
  #brokeOff = false;

  constructor(exchange: Exchange, clock: Clock, random: Random, profile: FaultProfile) {
    this.#exchange = exchange;
    this.#clock = clock;
    this.#random = random;
    this.#profile = profile;
    this.#skew = new SkewedClock(clock, profile, random);
    this.#stream = new StreamFaults(clock, random, profile);
    this.#heard = exchange.lastSeq;
  }

  /** No more faults, and everything that was delayed is delivered. What was lost stays lost. */
  heal(): void {
    this.#brokeOff ||= this.#lasts('DISCONNECTED');
    for (const trouble of TROUBLES) this.#untilMs[trouble] = NEVER;
    this.#profile = FAULT_PROFILES.calm;
    this.#skew.heal();
    this.#stream.heal(FAULT_PROFILES.calm);
    this.#forgotten.clear();
    for (const late of this.#underway) this.#arrive(late, this.#clock.now());
    this.#underway = [];
  }

  /** Requests that were late are there before anything else happens. */
  deliver(): void {
    if (this.#underway.length === 0) return;
    const nowMs = this.#clock.now();
    const due = this.#underway.filter(({ arrivesAtMs }) => arrivesAtMs <= nowMs);
    this.#underway = this.#underway.filter(({ arrivesAtMs }) => arrivesAtMs > nowMs);
    for (const late of due) this.#arrive(late, late.arrivesAtMs);
  }

  send(order: Order, signedAtMs: number): SubmitOutcome {
    this.#pass();
    if (this.#lasts('DISCONNECTED')) return unknown(NOT_CONNECTED);
    const refused = order.reduceOnly ? undefined : this.#refused();
    if (refused !== undefined) return refused;
    // Whether an exit arrived nobody knows either; that it was refused is never drawn.
    if (this.#lasts('MAINTENANCE')) return unknown(CLOSED);
    const { lostRequestChance, lateRequestChance, lateRequestMsMax } = this.#profile;
    if (this.#happens(lostRequestChance)) return unknown(NO_ANSWER);
    const request = { order, signedAtMs: this.#skew.meant(signedAtMs) };
    if (this.#happens(lateRequestChance)) {
      const arrivesAtMs = this.#clock.now() + Math.ceil(this.#random.next() * lateRequestMsMax);
      this.#underway = [...this.#underway, { ...request, arrivesAtMs }];
      return unknown(NO_ANSWER);
    }
    return this.#answerTo(order, this.#exchange.place(order, request.signedAtMs));
  }

  withdraw(id: ClientOrderId): CancelOutcome {
    this.#pass();
    if (this.#lasts('DISCONNECTED')) return unknown(NOT_CONNECTED);
    if (this.#lasts('MAINTENANCE')) return { kind: 'REFUSED', because: CLOSED };
    const { lostRequestChance, lostAnswerChance, lostAckChance } = this.#profile;
    if (this.#happens(lostRequestChance)) return unknown(NO_ANSWER);
    if (this.#isForgotten(id)) return { kind: 'NOT_FOUND' };
    if (this.#happens(this.#profile.cancelRefusedChance)) {
      return { kind: 'REFUSED', because: 'the venue is too busy to cancel' };
    }
    const kind = this.#exchange.withdraw(id);
    if (kind === 'ACCEPTED' && this.#happens(lostAckChance)) {
      this.#stream.mute('CANCELED', id);
      return unknown(NO_ANSWER);
    }
    return this.#happens(lostAnswerChance) ? unknown(NO_ANSWER) : { kind };
  }

  order(id: ClientOrderId): VenueOrder | undefined {
    this.#ask();
    const found = this.#isForgotten(id) ? undefined : this.#exchange.order(id);
    return found && this.#stampedOrder(found);
  }

  openOrders(): readonly VenueOrder[] {
    this.#ask();
    const { staleListChance, staleListMs } = this.#profile;
    const nowMs = this.#clock.now();
    const list = this.#list;
    if (
      list !== undefined &&
      nowMs - list.takenAtMs < staleListMs &&
      this.#happens(staleListChance)
    )
      return list.orders;
    const orders = this.#known(this.#exchange.openOrders());
    this.#list = { takenAtMs: nowMs, orders };
    return orders;
  }

  history(sinceMs: number): readonly VenueOrder[] {
    this.#ask();
    return this.#known(this.#exchange.history(sinceMs - this.#skew.mostMs));
  }

  fills(sinceMs: number): readonly VenueFill[] {
    this.#ask();
    const fills = this.#exchange.fills(sinceMs - this.#skew.mostMs);
    if (this.#skew.mostMs === 0) return fills;
    return fills.map((fill) => this.#stamped(fill)).filter(({ atMs }) => atMs >= sinceMs);
  }

  balances(): VenueBalances {
    this.#ask();
    return this.#exchange.balances();
  }

  time(): number {
    this.#ask();
    return this.#skew.now();
  }

  takeNews(): VenueNews {
    this.#pass();
    if (this.#lasts('DISCONNECTED') || this.#lasts('MAINTENANCE')) return SILENCE;
    const fresh = this.#exchange.reportsAfter(this.#heard);
    this.#heard = this.#exchange.lastSeq;
    const interrupted = this.#brokeOff;
    this.#brokeOff = false;
    const reports = this.#stream.pass(fresh);
    if (reports.length === 0 && !interrupted) return SILENCE;
    if (this.#skew.mostMs === 0) return { reports, interrupted };
    const stamped = reports.map(({ seq, report }) => ({
      seq,
      report: this.#stampedReport(report),
    }));
    return { reports: stamped, interrupted };
  }

  /** What happens with time: late requests land, troubles end and begin. */
  #pass(): void {
    this.deliver();
    this.#reconnect();
    const { disconnectChance, disconnectMsMax, maintenanceChance, maintenanceMsMax } =
      this.#profile;
    const { rateLimitChance, rateLimitMsMax } = this.#profile;
    this.#begin('DISCONNECTED', disconnectChance, disconnectMsMax);
    this.#begin('MAINTENANCE', maintenanceChance, maintenanceMsMax);
    this.#begin('RATE_LIMITED', rateLimitChance, rateLimitMsMax);
  }

  #begin(trouble: Trouble, chance: number, msMax: number): void {
    if (chance === 0 || this.#lasts(trouble) || !this.#happens(chance)) return;
    this.#untilMs[trouble] = this.#clock.now() + Math.ceil(this.#random.next() * msMax);
  }

  /** What the stream said while nobody was connected is gone. */
  #reconnect(): void {
    if (this.#untilMs.DISCONNECTED === NEVER || this.#lasts('DISCONNECTED')) return;
    this.#untilMs.DISCONNECTED = NEVER;
    this.#heard = this.#exchange.lastSeq;
    this.#brokeOff = true;
  }

  #ask(): void {
    this.#pass();
    if (this.#lasts('DISCONNECTED')) throw new VenueError('UNREACHABLE', NOT_CONNECTED);
    if (this.#lasts('MAINTENANCE'))
      throw new VenueError('UNREACHABLE', CLOSED, this.#leftMs('MAINTENANCE'));
    if (this.#lasts('RATE_LIMITED'))
      throw new VenueError('RATE_LIMITED', TOO_MANY, this.#leftMs('RATE_LIMITED'));
    if (this.#happens(this.#profile.unansweredQueryChance))
      throw new VenueError('UNREACHABLE', NO_ANSWER);
  }

  #refused(): SubmitOutcome | undefined {
    if (this.#lasts('MAINTENANCE'))
      return { kind: 'REJECTED', because: CLOSED, retryAfterMs: this.#leftMs('MAINTENANCE') };
    if (this.#lasts('RATE_LIMITED'))
      return { kind: 'REJECTED', because: TOO_MANY, retryAfterMs: this.#leftMs('RATE_LIMITED') };
    return undefined;
  }

  #answerTo({ id }: Order, placed: SubmitOutcome): SubmitOutcome {
    const { forgetChance, forgetMs, lostAckChance, lostAnswerChance } = this.#profile;
    if (placed.kind === 'ACCEPTED') {
      if (this.#happens(forgetChance)) this.#forgotten.set(id, this.#clock.now() + forgetMs);
      if (this.#happens(lostAckChance)) {
        this.#stream.mute('ACCEPTED', id);
        return unknown(NO_ANSWER);
      }
    }
    return this.#happens(lostAnswerChance) ? unknown(NO_ANSWER) : placed;
  }

  #arrive({ order, signedAtMs }: Underway, atMs: number): void {
    this.#exchange.place(order, signedAtMs, atMs);
  }

  #isForgotten(id: string): boolean {
    const untilMs = this.#forgotten.get(id);
    return untilMs !== undefined && this.#clock.now() < untilMs;
  }

  #known(orders: readonly VenueOrder[]): readonly VenueOrder[] {
    const known =
      this.#forgotten.size === 0
        ? orders
        : orders.filter(({ clientId }) => !this.#isForgotten(clientId));
    return this.#skew.mostMs === 0 ? known : known.map((order) => this.#stampedOrder(order));
  }

  #stampedOrder(order: VenueOrder): VenueOrder {
    return { ...order, createdAtMs: this.#skew.shown(order.createdAtMs) };
  }

  #stamped<T extends VenueFill>(fill: T): T {
    return { ...fill, atMs: this.#skew.shown(fill.atMs) };
  }

  #stampedReport(report: VenueReport): VenueReport {
    return report.kind === 'FILL' ? this.#stamped(report) : report;
  }

  #lasts(trouble: Trouble): boolean {
    return this.#clock.now() < this.#untilMs[trouble];
  }

  #leftMs(trouble: Trouble): number {
    return this.#untilMs[trouble] - this.#clock.now();
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.#random.next() < chance;
  }
}

const TROUBLES: readonly Trouble[] = ['DISCONNECTED', 'MAINTENANCE', 'RATE_LIMITED'];

const unknown = (because: string): { readonly kind: 'UNKNOWN'; readonly because: string } => ({
  kind: 'UNKNOWN',
  because,
});
