/**
 * What outlives a process whose database fails it: the exchange, and time. Desks come and go here, each on
 * a real database; what is expected of them is the same whatever the fault.
 */
import { expect } from 'vitest';
import { ManualClock } from '../../domain/clock.ts';
import { entryOrder, orderIdFor } from '../../domain/entry-order.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { type ClientOrderId, intentId, proposalId } from '../../domain/ids.ts';
import type { OrderRole } from '../../domain/order.ts';
import { ETH, REVERSION, START_MS } from '../../domain/testing/samples.ts';
import { type KillReport, KillSwitch } from '../../execution/kill-switch.ts';
import { LyingVenue } from '../../execution/testing/lying-venue.ts';
import {
  type Database,
  openDatabase,
  type PgliteOptions,
  type PostgresOptions,
} from '../../ledger/database.ts';
import { GENESIS } from '../../ledger/hash-chain.ts';
import { type Head, type Ledger, LedgerBroken } from '../../ledger/ledger.ts';
import { ledgerPages } from '../../ledger/ledger-pages.ts';
import { barClosed } from '../../ledger/testing/samples.ts';
import { openSqlLedger } from '../../ledger/sql-ledger.ts';
import { verifyJournal } from '../../ledger/verify.ts';
import { type Desk, openDesk, PERSON } from '../support/desk.ts';

const ROUNDS_MAX = 1_000;
const IN_ETH = {
  instrumentId: ETH.id,
  strategyId: REVERSION,
  quantity: '0.1',
  referencePrice: '2000',
  stop: '1960',
  target: '2120',
} as const;

export const idOf = (name: string, role: OrderRole): ClientOrderId =>
  orderIdFor(proposalId(name), role, 1);
/** The approved trade that waits for the engine in every one of these stories. */
const NEXT = intentId(idOf('next', 'ENTRY'));

/**
 * What becomes of the approved trade in the next life. FOUND arrived although nobody wrote down the answer.
 * GIVEN_UP was recorded although its sender never heard so: it is shown never to have arrived, and is not
 * sent again.
 */
export type Ending = 'SENT' | 'FOUND' | 'GIVEN_UP';

/** One process: it is over when its ledger is. */
export interface Life {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly desk: Desk;
  end(): Promise<void>;
}

export class FaultHouse {
  readonly venue = new LyingVenue();
  readonly #options: PostgresOptions | PgliteOptions;
  readonly #lives: Life[] = [];
  /** The end of what a ledger said it had made durable. */
  #promised: Head = GENESIS;

  constructor(options: PostgresOptions | PgliteOptions) {
    this.#options = options;
  }

  async open(clock = new ManualClock(this.#nowMs())): Promise<Life> {
    const database = await openDatabase(this.#options);
    try {
      const ledger = await openSqlLedger({ database, clock });
      const desk = await openDesk({ clock, ledger, venue: this.venue });
      desk.mark('2000', ETH);
      await desk.guard.protectAll();
      let ended: Promise<void> | undefined;
      const life: Life = {
        database,
        ledger,
        desk,
        end: () => (ended ??= ledger.close().then(() => database.close())),
      };
      this.#lives.push(life);
      return life;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** A position with its stop, and an approved trade that is not sent yet; all of it promised durable. */
  async begin(clock?: ManualClock): Promise<Life> {
    const life = await this.open(clock);
    const { desk } = life;
    await desk.enter('held', '50000');
    await desk.intend('next', IN_ETH);
    await this.promise(life);
    return life;
  }

  /** Everything up to here was acknowledged and must never be missing again. */
  async promise({ ledger }: Life): Promise<void> {
    const { head } = ledger;
    await ledger.flush();
    this.#promised = head;
  }

  /** Tells the engine to send the approved trade. */
  next({ engine }: Desk): ReturnType<Desk['engine']['execute']> {
    return engine.execute(NEXT);
  }

  /** What the kernel would say of another trade. */
  preview(desk: Desk): string {
    return desk.engine.preview(entryOrder(desk.proposal('other', IN_ETH))).sentence;
  }

  /** Goes on writing, and takes down what it is promised, until something gives way. */
  async writeUntilBroken(life: Life, atOnce: number): Promise<void> {
    const { ledger } = life;
    for (let round = 0; ledger.broken === undefined; round++) {
      if (round === ROUNDS_MAX) throw new Error('the disk never filled');
      try {
        for (let bar = 0; bar < atOnce; bar++) await ledger.append(barClosed(bar));
        await this.promise(life);
      } catch (error) {
        expect(error).toBeInstanceOf(LedgerBroken);
      }
    }
  }

  /** Nothing is sent any more whatever is tried, and everybody is told the same reason. */
  async expectStandstill(life: Life, because: RegExp): Promise<void> {
    const { desk, ledger } = life;
    const seen = this.venue.received.length;
    await expect(this.next(desk)).rejects.toThrow(because);
    expect(ledger.broken).toMatch(because);
    expect(ledger.broken).toMatch(/^[A-Z].+[^\s]$/);
    expect(ledger.intact).toBe(false);
    expect(this.preview(desk)).toContain('AUDIT_CHAIN_BROKEN');
    for (const attempt of [
      () => this.next(desk),
      () => desk.bar('50100'),
      () => desk.intend('another', IN_ETH),
      () => desk.engine.pull('KILL_SWITCH', 'a test'),
      () => ledger.flush(),
    ])
      await expect(attempt()).rejects.toThrow(LedgerBroken);
    expect(this.venue.received).toHaveLength(seen);
  }

  /** The kill switch takes entries from the exchange, leaves exits there, and says that nobody wrote it down. */
  async expectKilled(life: Life, canceled: KillReport['canceled'] = []): Promise<void> {
    const { engine, guard, ledger, book, clock } = life.desk;
    const pause = async (ms: number): Promise<void> => clock.advanceTo(clock.now() + ms);
    const killSwitch = new KillSwitch({ engine, guard, ledger, book, pause });
    const report = await killSwitch.pull({ flatten: false, because: 'a test', by: PERSON });
    expect(report).toMatchObject({ confirmed: true, leftOpen: [], recorded: false });
    expect(report.canceled).toEqual(canceled);
    expect(report.exitsKept).toEqual([idOf('held', 'STOP'), idOf('held', 'TARGET')]);
    expect([...this.venue.resting.keys()]).toEqual(report.exitsKept);
  }

  /**
   * The fault is healed and the process is another one; while nobody looked the stop was hit. Nothing that
   * was promised is missing, nothing is opened before ledger and exchange are compared, and the approved
   * trade is sent once.
   */
  async expectRecovery(next: Ending = 'SENT'): Promise<void> {
    await this.endAll();
    this.venue.fill(idOf('held', 'STOP'), '49000');
    this.venue.unreachable = true;
    const life = await this.open();
    const { desk, ledger } = life;
    const { seq, hash } = this.#promised;
    expect((await ledger.read(seq - 1, 1))[0]?.hash).toBe(hash);
    expect(this.preview(desk)).toContain('RECONCILIATION_PENDING');

    this.venue.unreachable = false;
    for (let wait = 0; wait < 4; wait++) await desk.wait(5_000);
    desk.mark('2000', ETH);
    expect(await this.next(desk)).toEqual(next === 'SENT' ? { kind: 'SENT' } : undefined);
    await this.expectOneAccount(desk);
    const entry = idOf('next', 'ENTRY');
    const rests = next !== 'GIVEN_UP';
    expect(desk.book.order(entry)?.state).toBe(rests ? 'OPEN' : 'REJECTED');
    expect(this.venue.resting.has(entry)).toBe(rests);
    expect(desk.book.portfolio.positions.size).toBe(0);
  }

  /** Journal and exchange know the same orders, each once. */
  async expectOneAccount(desk: Desk): Promise<void> {
    expect(await verifyJournal(ledgerPages(desk.ledger))).toMatchObject({ ok: true });
    const events = await desk.events();
    const submitted = events.flatMap((event) =>
      event.type === 'order.submitting' ? [event.body.order.id] : [],
    );
    const sent = this.venue.received.map(({ id }) => id);
    expect(sent).toEqual([...new Set(sent)]);
    for (const id of sent) expect(submitted).toContain(id);
    const resting = [...this.venue.resting.keys()];
    expect(desk.book.liveOrders().map(({ order }) => order.id)).toEqual(resting);
    expectReconciledFirst(events);
  }

  async endAll(): Promise<void> {
    await Promise.all(this.#lives.map((life) => life.end()));
  }

  #nowMs(): number {
    return Math.max(START_MS, ...this.#lives.map(({ desk }) => desk.clock.now()));
  }
}

/** In the newest life, no entry was sent before the comparison was complete. */
function expectReconciledFirst(events: readonly DomainEvent[]): void {
  const began = events.findLastIndex(({ type }) => type === 'system.started');
  const since = events.slice(began);
  const compared = since.findIndex(({ type }) => type === 'reconciliation.completed');
  const entered = since.findIndex(
    (event) => event.type === 'order.submitting' && event.body.order.role === 'ENTRY',
  );
  expect(compared).toBeGreaterThan(0);
  if (entered !== -1) expect(entered).toBeGreaterThan(compared);
}
