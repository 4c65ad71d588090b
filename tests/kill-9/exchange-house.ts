/** The side that survives: the exchange, its clock, and the process of the trader who is killed and comes back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ManualClock } from '../../domain/clock.ts';
import type { ClientOrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { BTC, START_MS } from '../../domain/testing/samples.ts';
import { money, price } from '../../domain/units.ts';
import type { NumberedReport } from '../../execution/venue.ts';
import type { PgliteOptions, PostgresOptions } from '../../ledger/database.ts';
import { Exchange } from '../../simulation/exchange.ts';
import type { Death, Downward, Told, TraderOptions, Upward, Wish } from './protocol.ts';

const TRADER = fileURLToPath(new URL('trader.ts', import.meta.url));

export class ExchangeHouse {
  readonly clock = new ManualClock(START_MS);
  readonly exchange = new Exchange({
    instruments: new Map([[BTC.id, BTC]]),
    currency: BTC.quote,
    cash: money('10000'),
    clock: this.clock,
    seed: 1,
  });
  /** Everything that was ever placed, accepted or not. */
  readonly placed: Order[] = [];
  readonly #database: PostgresOptions | PgliteOptions;
  #price = '50000';

  constructor(database: PostgresOptions | PgliteOptions) {
    this.#database = database;
    this.exchange.print(BTC.id, price(this.#price));
  }

  async open(death: Death | null): Promise<Trader> {
    const trader = new Trader(this, {
      database: this.#database,
      death,
      nowMs: this.clock.now(),
      price: this.#price,
    });
    await trader.ready;
    return trader;
  }

  /** The market moves on, whether anybody is there to hear of it or not. */
  move(at: string, ms: number): void {
    this.#price = at;
    this.clock.advanceTo(this.clock.now() + ms);
    this.exchange.print(BTC.id, price(at));
  }

  get price(): string {
    return this.#price;
  }

  answer(method: string, args: readonly unknown[]): unknown {
    switch (method) {
      case 'place':
        this.placed.push(args[0] as Order);
        return this.exchange.place(args[0] as Order, args[1] as number);
      case 'withdraw':
        return this.exchange.withdraw(args[0] as ClientOrderId);
      case 'order':
        return this.exchange.order(args[0] as ClientOrderId);
      case 'openOrders':
        return this.exchange.openOrders();
      case 'history':
        return this.exchange.history(args[0] as number);
      case 'fills':
        return this.exchange.fills(args[0] as number);
      case 'balances':
        return this.exchange.balances();
      case 'time':
        return this.clock.now();
      default:
        throw new Error(`nobody answers ${method}`);
    }
  }
}

type Waiting = { readonly done: (told: Told | null) => void; readonly died: () => void };

export class Trader {
  readonly ready: Promise<void>;
  readonly #house: ExchangeHouse;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** A stream begins where the client connects: what it missed before, it has to ask for. */
  #heardSeq: number;
  #wishes = 0;
  #signal: string | null | undefined;
  #failure: string | undefined;

  constructor(house: ExchangeHouse, options: TraderOptions) {
    this.#house = house;
    this.#heardSeq = house.exchange.lastSeq;
    this.#process = spawn(process.execPath, ['--import', 'tsx', TRADER, JSON.stringify(options)], {
      // Amounts are bigints, which JSON does not carry.
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.ready = new Promise((resolve) => {
      this.#process.on('message', (message: Upward) => {
        if (message.kind === 'READY') resolve();
        else this.#hear(message);
      });
      this.#process.once('exit', (_, signal) => {
        this.#signal = signal;
        resolve();
        for (const { died } of this.#waiting.values()) died();
      });
    });
  }

  /** How it ended; undefined while it lives. */
  get signal(): string | null | undefined {
    return this.#signal;
  }

  /** Undefined when it died before it was done. */
  async wish(wish: Wish): Promise<Told | null | undefined> {
    if (this.#signal !== undefined) return undefined;
    this.#wishes += 1;
    const number = this.#wishes;
    const told = new Promise<Told | null | undefined>((resolve) => {
      this.#waiting.set(number, { done: resolve, died: () => resolve(undefined) });
    });
    this.#send({ kind: 'WISH', number, wish, news: this.#news() });
    const result = await told;
    if (this.#failure !== undefined) throw new Error(this.#failure);
    return result;
  }

  /** The market moves, and the trader hears of it. */
  tick(at: string, ms: number): Promise<Told | null | undefined> {
    this.#house.move(at, ms);
    return this.wish({ wish: 'TICK', price: at, nowMs: this.#house.clock.now() });
  }

  async end(): Promise<void> {
    if (this.#signal !== undefined) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }

  #hear(message: Upward): void {
    if (message.kind === 'ASK') {
      const value = this.#house.answer(message.method, message.args);
      this.#send({ kind: 'ANSWER', number: message.number, value, news: this.#news() });
    } else if (message.kind === 'DONE') this.#waiting.get(message.number)?.done(message.told);
    else if (message.kind === 'FAILED') {
      this.#failure = message.because;
      for (const { died } of this.#waiting.values()) died();
    }
  }

  #news(): readonly NumberedReport[] {
    const news = this.#house.exchange.reportsAfter(this.#heardSeq);
    this.#heardSeq = this.#house.exchange.lastSeq;
    return news;
  }

  #send(message: Downward): void {
    // Whoever is dead does not listen; that is not this side's failure.
    if (this.#process.connected) this.#process.send(message, () => {});
  }
}
