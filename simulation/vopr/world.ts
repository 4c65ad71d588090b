/**
 * The whole house from one seed, on virtual time: agents that try everything, people, processes that end
 * or stop at any await, a disk that fails, a venue that lies; first with faults, then healed and given
 * time to come to rest. A witness sees all of it.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts';
import { namedRandom } from '../../domain/random.ts';
import { money, text } from '../../domain/units.ts';
import { Dice } from './dice.ts';
import { Disk } from './disk.ts';
import { type Plan, wireProfile } from './faults.ts';
import { HostileAgent } from './hostile-agent.ts';
import { INSTRUMENTS, RandomMarket } from './market.ts';
import { Process } from './process.ts';
import { TrueVenue } from './true-venue.ts';
import { stillness, VirtualTime } from './virtual-time.ts';
import { Witness } from './witness.ts';
import type { Instrument } from '../../domain/instrument.ts';

const START_MS = 1_700_000_000_000;
const CASH = money('10000');
const CURRENCY = 'USD';
const BAR_MS = 5 * MINUTE_MS;
const STRIDE_MS_MAX = 20_000;
/** A mark is stale after a minute. */
const WALK_STRIDE_MS = 45_000;

const BY_ID = new Map(INSTRUMENTS.map((instrument) => [instrument.id, instrument]));

/** How long a healed world may take to come to rest. */
const REST_MS_MAX = HOUR_MS;
const REST_STRIDE_MS = 10_000;
/** It is at rest when nothing is left to be done for so many looks in a row. */
const QUIET_PASSES = 3;

export class World {
  readonly witness: Witness;
  readonly disk: Disk;
  readonly #plan: Plan;
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #market: RandomMarket;
  readonly #truth: TrueVenue;
  readonly #agent: HostileAgent;
  /** Those that are not over; the newest leads, unless its disk is full. */
  #processes: readonly Process[] = [];
  #begun = 0;
  #barFromMs: number;
  #healed = false;

  constructor(plan: Plan) {
    const { seed, faults } = plan;
    this.#plan = plan;
    this.#dice = this.#diceFor('world');
    // The day turns in some runs.
    const startMs = START_MS + this.#dice.whole(0, DAY_MS);
    this.#time = new VirtualTime(startMs);
    this.#barFromMs = startMs;
    this.witness = new Witness(this.#time);
    this.disk = new Disk(this.#time, this.#diceFor('disk'), this.witness, faults.has('storage'));
    this.#market = new RandomMarket(this.#diceFor('market'));
    this.#truth = new TrueVenue({
      time: this.#time,
      witness: this.witness,
      instruments: BY_ID,
      currency: CURRENCY,
      cash: CASH,
      seed,
      thin: faults.has('thin-market'),
    });
    this.#agent = new HostileAgent({
      dice: this.#diceFor('agent'),
      witness: this.witness,
      mischief: faults.has('mischief'),
      instruments: INSTRUMENTS as unknown as readonly [Instrument, ...Instrument[]],
      priceOf: (instrument) => this.#market.priceOf(instrument),
      equity: CASH,
      now: () => this.#time.now(),
    });
    const classes = INSTRUMENTS.map(({ id, assetClass }) => [id, assetClass] as const);
    this.witness.hear({
      kind: 'OPENED',
      cash: text(CASH),
      classes: Object.fromEntries(classes),
    });
  }

  /** Runs to its end, or to the first thing the auditor objects to. */
  async run(): Promise<void> {
    this.#printAll();
    this.#begin();
    await stillness();
    while (this.witness.step < this.#plan.steps && this.#isClean()) {
      this.witness.step += 1;
      await this.#step();
    }
    if (this.#isClean()) await this.#comeToRest();
  }

  async #step(): Promise<void> {
    await this.#happen();
    if (this.#dice.happens(0.08)) await this.#walk(this.#dice.whole(MINUTE_MS, 12 * MINUTE_MS));
    else await this.#pass(this.#dice.whole(50, this.#dice.happens(0.4) ? STRIDE_MS_MAX : 2_000));
    this.#tellSums();
  }

  /** Somebody does something, or something happens to the house. */
  async #happen(): Promise<void> {
    const { faults } = this.#plan;
    const dice = this.#dice;
    const awake = this.#processes.filter(({ gate }) => !gate.paused);
    const acting = dice.happens(0.3) ? pickOf(dice, awake) : undefined;
    if (acting !== undefined) this.#agent.act(acting);
    if (faults.has('people') && dice.happens(0.15))
      this.#actOfPeople(acting ?? pickOf(dice, awake), acting !== undefined);
    if (faults.has('crashes') && dice.happens(0.01)) this.#endOne(pickOf(dice, this.#processes));
    if (faults.has('rivals') && dice.happens(0.02)) this.#begin();
    if (faults.has('pauses') && dice.happens(0.02)) pickOf(dice, awake)?.gate.pause();
    for (const { gate } of this.#processes) if (gate.paused && dice.happens(0.15)) gate.wake();
    // Somebody starts it again, or another in the place of one that hangs; not always at once.
    if (awake.length === 0 && dice.happens(0.6)) this.#begin();
    await this.#settle();
  }

  /** They stop everything at the worst moment: while an entry is being cleared, on its way, or half filled. */
  #actOfPeople(process: Process | undefined, clearing: boolean): void {
    if (process === undefined) return;
    const { book } = process;
    const underway = book?.liveOrders().some(({ order }) => order.role === 'ENTRY') === true;
    const chance = clearing || underway ? 0.2 : 0.04;
    if (book?.tradingState === 'ACTIVE' && this.#dice.happens(chance))
      process.kill(this.#dice.happens(0.5));
    else process.resume();
  }

  #endOne(process: Process | undefined): void {
    if (process === undefined) return;
    this.witness.note(`process ${process.number} is killed`);
    process.gate.end();
  }

  async #walk(ms: number): Promise<void> {
    for (let left = ms; left > 0 && this.#isClean(); left -= WALK_STRIDE_MS)
      await this.#pass(Math.min(left, WALK_STRIDE_MS));
  }

  /** Time goes by, prices move, and every process that is awake makes its rounds. */
  async #pass(ms: number): Promise<void> {
    await this.#time.advance(ms);
    this.#market.move();
    this.#printAll();
    this.#closeBars();
    const before = this.#processes.map((process) => [process, process.rounds] as const);
    for (const process of this.#processes) if (!process.gate.paused) process.makeRounds();
    await this.#settle();
    const tended = before.some(([process, rounds]) => !process.over && process.rounds > rounds);
    this.witness.hear({ kind: 'PASSED', ms, tended });
  }

  #tellSums(): void {
    this.#truth.tellAccount();
    this.#processes.at(-1)?.tellBook();
  }

  #printAll(): void {
    for (const [{ id }, at] of this.#market.all) {
      this.#truth.print(id, at);
      for (const process of this.#processes) process.hearPrice(id, at);
    }
  }

  #closeBars(): void {
    const nowMs = this.#time.now();
    if (nowMs - this.#barFromMs < BAR_MS) return;
    for (const [{ id }, bar] of this.#market.closeBars(this.#barFromMs))
      for (const process of this.#processes) if (!process.gate.paused) process.closeBar(id, bar);
    this.#barFromMs = nowMs;
  }

  /** All that can happen by itself has happened; who is over is gone. */
  async #settle(): Promise<void> {
    await stillness();
    this.#truth.watch();
    this.#processes = this.#processes.filter((process) => !process.over);
  }

  /** Nothing goes wrong any more, one engine is left, and everything has its time. */
  async #comeToRest(): Promise<void> {
    this.witness.note('from here on nothing goes wrong any more');
    this.#healed = true;
    this.disk.heal();
    for (const process of this.#processes) {
      process.heal();
      process.gate.wake();
    }
    await this.#pass(REST_STRIDE_MS);
    const untilMs = this.#time.now() + REST_MS_MAX;
    let quiet = 0;
    while (quiet < QUIET_PASSES && this.#time.now() < untilMs && this.#isClean()) {
      if (this.#processes.length === 0) this.#begin();
      await this.#pass(REST_STRIDE_MS);
      for (const process of this.#processes) process.flush();
      await this.#settle();
      this.#tellSums();
      quiet = this.witness.isAtRest() ? quiet + 1 : 0;
    }
    if (this.#isClean()) this.witness.hear({ kind: 'SETTLED', rows: this.disk.store.journal });
  }

  #begin(): void {
    const { seed, faults } = this.#plan;
    this.#begun += 1;
    const process = new Process({
      number: this.#begun,
      time: this.#time,
      witness: this.witness,
      disk: this.disk,
      truth: this.#truth,
      instruments: BY_ID,
      currency: CURRENCY,
      cash: CASH,
      seed,
      wire: wireProfile(this.#plan),
      faults,
      dice: this.#diceFor(`process ${this.#begun}`),
    });
    if (this.#healed) process.heal();
    for (const [{ id }, at] of this.#market.all) process.hearPrice(id, at);
    this.#processes = [...this.#processes, process];
  }

  #isClean(): boolean {
    return this.witness.violations.length === 0;
  }

  #diceFor(name: string): Dice {
    return new Dice(namedRandom(this.#plan.seed, `vopr ${name}`));
  }
}

const pickOf = (dice: Dice, processes: readonly Process[]): Process | undefined =>
  processes[dice.whole(0, Math.max(0, processes.length - 1))];
