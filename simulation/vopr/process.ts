/** One process of the house: everything that begins together, and is gone together when it ends. */
import { draft } from '../../domain/draft.ts';
import type { Actor, BarText } from '../../domain/event.ts';
import type { InstrumentId, IntentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { positionKey } from '../../domain/portfolio.ts';
import { type Money, type Price, text } from '../../domain/units.ts';
import { ExecutionEngine } from '../../execution/engine.ts';
import { KillSwitch } from '../../execution/kill-switch.ts';
import { Loosening } from '../../execution/loosening.ts';
import { Marks } from '../../execution/marks.ts';
import { PositionGuard } from '../../execution/position-guard.ts';
import { RiskWatch } from '../../execution/risk-watch.ts';
import { type Ledger, LedgerBroken, type LedgerTransaction } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { Book } from '../../ledger/projections/book.ts';
import { Turnstile } from '../../ledger/turnstile.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import { review } from '../../risk-kernel/review.ts';
import { SimulatedVenue } from '../simulated-venue.ts';
import type { FaultProfile } from '../fault-profiles.ts';
import type { Disk } from './disk.ts';
import { STRATEGIES } from './hostile-agent.ts';
import { Gate, type GateParts } from './gate.ts';
import { GatedStore } from './gated-store.ts';
import { TappedVenue } from './tapped-venue.ts';
import type { TrueVenue } from './true-venue.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Witness } from './witness.ts';

export interface ProcessParts extends Pick<GateParts, 'dice' | 'faults'> {
  /** 1 for the first of this world. */
  readonly number: number;
  readonly time: VirtualTime;
  readonly witness: Witness;
  readonly disk: Disk;
  readonly truth: TrueVenue;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly currency: string;
  readonly cash: Money;
  readonly seed: number;
  readonly wire: FaultProfile;
}

const SYSTEM: Actor = { kind: 'SYSTEM', name: 'plimsoll' };
const MARKET: Actor = { kind: 'SYSTEM', name: 'market' };
const PERSON: Actor = { kind: 'PERSON', name: 'somebody' };
/** Work that waits for its turn; more would only ever be the same again. */
const WAITING_MAX = 3;

/** What was built once the ledger was open. */
interface House {
  readonly ledger: Ledger;
  readonly book: Book;
  readonly engine: ExecutionEngine;
  readonly guard: PositionGuard;
  readonly watch: RiskWatch;
  readonly loosening: Loosening;
  readonly killSwitch: KillSwitch;
}

export class Process {
  readonly number: number;
  readonly gate: Gate;
  /** How often it did its rounds, to the end. */
  rounds = 0;
  readonly #parts: ProcessParts;
  readonly #venue: SimulatedVenue;
  readonly #marks = new Marks();
  readonly #turn = new Turnstile();
  #waiting = 0;
  #house: House | undefined;
  #failed = false;

  constructor(parts: ProcessParts) {
    const { number, time, witness, truth, instruments, currency, cash, seed, wire } = parts;
    this.#parts = parts;
    this.number = number;
    this.gate = new Gate({
      ...parts,
      note: (words) => witness.note(`process ${number}: ${words}`),
      object: (because) => this.#object(because),
    });
    const options = { instruments, currency, cash, clock: time.clock, profile: wire };
    // Each client has troubles of its own.
    this.#venue = new SimulatedVenue({ ...options, seed: seed + number }, truth.exchange);
    truth.join(this.#venue);
    witness.note(`process ${number} begins`);
    this.#do('beginning', () => this.#begin());
  }

  /** Over for good: it ended, or its ledger can not be written any more. */
  get over(): boolean {
    return this.gate.dead || this.#failed || this.#house?.ledger.broken !== undefined;
  }

  get book(): Book | undefined {
    return this.#house?.book;
  }

  heal(): void {
    this.gate.heal();
    this.#venue.heal();
  }

  hearPrice(id: InstrumentId, at: Price): void {
    this.#marks.set(id, at, this.#parts.time.now());
  }

  /** What is done whenever a price came or time went by. */
  makeRounds(): void {
    this.#inTurn('its rounds', async ({ engine, guard, watch }) => {
      await guard.settle();
      await engine.tend();
      await guard.settle();
      await guard.tend();
      await watch.look();
      this.rounds += 1;
    });
  }

  closeBar(instrumentId: InstrumentId, bar: BarText): void {
    this.#inTurn('a bar', async ({ ledger, guard }) => {
      const body = { instrumentId, timeframe: '5m' as const, bar };
      await ledger.append(draft('market.bar-closed', MARKET, 'market', null, body));
      await guard.onBar(instrumentId);
    });
  }

  /** The ledger as anybody in the process may use it. */
  write(work: (tx: LedgerTransaction) => Promise<void>): void {
    this.#aside('writing rows', ({ ledger }) => ledger.transact(work));
  }

  execute(id: IntentId, excused: boolean): void {
    this.#aside('executing', async ({ engine }) => {
      try {
        await engine.execute(id);
      } catch (error) {
        // What an agent made unreadable may be refused in any way but by being sent.
        if (!excused || error instanceof LedgerBroken) throw error;
      }
    });
  }

  kill(flatten: boolean): void {
    const { witness } = this.#parts;
    this.#aside('the kill switch', ({ killSwitch }) => {
      witness.hear({ kind: 'KILLED', process: this.number });
      return killSwitch.pull({ flatten, because: 'enough', by: PERSON });
    });
  }

  /** A person lets everything go on that they may let go on. */
  resume(): void {
    this.#inTurn('resuming', async ({ book, loosening }) => {
      const because = 'looked at it';
      const to = book.tradingState === 'HALTED' ? 'REDUCING' : 'ACTIVE';
      if (book.tradingState !== 'ACTIVE')
        await loosening.step({ to, rebasePeak: false, by: PERSON, because });
      for (const id of book.halted.keys()) await loosening.resumeInstrument(id, PERSON, because);
      for (const id of STRATEGIES) await loosening.enableStrategy(id, PERSON, because);
    });
  }

  tellBook(): void {
    const { witness } = this.#parts;
    if (this.#house === undefined) return;
    const { book, ledger } = this.#house;
    const held = [...book.portfolio.positions.values()].map(
      ({ instrumentId, strategyId, quantity }) =>
        [positionKey(instrumentId, strategyId), text(quantity)] as const,
    );
    const positions = Object.fromEntries(held);
    const cash = text(book.portfolio.cash);
    witness.hear({ kind: 'BOOK', hash: ledger.head.hash, cash, positions });
  }

  /** Everything it believes is durable. */
  flush(): void {
    this.#inTurn('flushing', ({ ledger }) => ledger.flush());
  }

  async #begin(): Promise<void> {
    const { disk, time, number, instruments } = this.#parts;
    const ledger = await openLedger(
      new GatedStore(disk, this.gate),
      time.clock,
      `process-${number}`,
    );
    const book = new Book(instruments);
    const journal = await ledger.read(0, Number.MAX_SAFE_INTEGER);
    for (const { event } of journal) book.apply(event);
    ledger.subscribe(({ event }) => book.apply(event));
    const house = this.#build(ledger, book);
    await this.#turn.run(() => this.#start(house));
    this.#house = house;
  }

  #build(ledger: Ledger, book: Book): House {
    const { truth, witness, time, instruments, number } = this.#parts;
    const { clock } = time;
    const venue = new TappedVenue({
      venue: this.#venue,
      truth,
      gate: this.gate,
      witness,
      process: number,
      isBroken: () => ledger.broken !== undefined,
    });
    const limits = STANDARD;
    const marks = this.#marks;
    const engine = new ExecutionEngine({ ledger, book, venue, marks, instruments, clock, limits });
    const guard = new PositionGuard({ engine, ledger, book, instruments, clock, limits });
    const sources = { engine, ledger, book, marks, clock, limits };
    const watch = new RiskWatch({ ...sources, instruments, review });
    const loosening = new Loosening({ ...sources, watch });
    const pause = (ms: number): Promise<void> => this.gate.pass('waiting', () => time.sleep(ms));
    const killSwitch = new KillSwitch({ engine, guard, ledger, book, pause });
    return { ledger, book, engine, guard, watch, loosening, killSwitch };
  }

  async #start({ ledger, book, engine, guard, watch }: House): Promise<void> {
    const { instruments, currency, cash, seed } = this.#parts;
    await ledger.append(
      draft('system.started', SYSTEM, 'system', null, {
        version: '0',
        decisionMode: 'GUIDE',
        venueMode: 'SIMULATION',
        limitsHash: STANDARD.hash,
        tightened: {},
        currency,
        cash: text(cash),
        strategies: STRATEGIES,
        rules: {},
        entryRules: [],
        instruments: [...instruments.keys()],
        market: 'vopr',
        synthetic: true,
        seed,
        resumed: book.started,
      }),
    );
    await engine.reconcile();
    await guard.protectAll();
    await watch.look();
    await ledger.flush();
  }

  /** One after another, as the runtime does what prices and time bring. */
  #inTurn(what: string, work: (house: House) => Promise<unknown>): void {
    const house = this.#house;
    if (house === undefined || this.over || this.#waiting >= WAITING_MAX) return;
    this.#waiting += 1;
    this.#do(what, () =>
      this.#turn.run(async () => {
        this.#waiting -= 1;
        await work(house);
      }),
    );
  }

  /** At once, whatever else is under way. */
  #aside(what: string, work: (house: House) => Promise<unknown>): void {
    const house = this.#house;
    if (house !== undefined && !this.over) this.#do(what, () => work(house));
  }

  #do(what: string, work: () => Promise<unknown>): void {
    work().catch((error: unknown) => this.#fail(what, error));
  }

  #fail(what: string, error: unknown): void {
    const { number, witness } = this.#parts;
    if (this.gate.dead) return;
    const because = error instanceof Error ? error.message : String(error);
    this.#failed ||= error instanceof LedgerBroken;
    if (error instanceof LedgerBroken && isExpected(because)) {
      witness.note(`process ${number}: ${what} ends, ${because}`);
      return;
    }
    this.#object(`${what}: ${because}`);
  }

  #object(because: string): void {
    const { number, witness } = this.#parts;
    witness.hear({ kind: 'THREW', because: `process ${number}, ${because}` });
  }
}

/** The disk failed, or somebody else leads: a ledger must break then, and for no other reason. */
const isExpected = (because: string): boolean =>
  ['The store ', 'The disk is full', 'Another Plimsoll '].some((words) =>
    because.startsWith(words),
  );
