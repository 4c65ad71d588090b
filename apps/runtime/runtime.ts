/**
 * The whole orchestrator on one market: feed in, agents, approvals, kernel, engine, journal. Everything
 * that happens passes here one at a time, so that the same inputs always give the same journal.
 */
import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { EntryGate } from '../../agents/entry-gate.ts';
import type { Rest } from '../../agents/graph.ts';
import type { Reasoner } from '../../agents/reasoner.ts';
import type { Analysis } from '../../agents/strategy-agent.ts';
import type { StrategyDesk } from '../../agents/strategy-desk.ts';
import type { DecisionInput, DecisionOutcome } from '../../coordination/approvals.ts';
import { ask } from '../../coordination/ask.ts';
import { announceHalt } from '../../coordination/halt.ts';
import { type ConfirmedPerson, redeemConfirmation } from '../../coordination/operators.ts';
import { isOver } from '../../coordination/phases.ts';
import { type Candle, TIMEFRAME_MS } from '../../domain/candle.ts';
import type { ManualClock } from '../../domain/clock.ts';
import { draft } from '../../domain/draft.ts';
import { orderIdFor } from '../../domain/entry-order.ts';
import type { Actor, BarText, DecisionMode, EventDraft } from '../../domain/event.ts';
import { type CycleId, type InstrumentId, intentId, type StrategyId } from '../../domain/ids.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import { type Money, type Price, price, priceFromNumber, text } from '../../domain/units.ts';
import type { LooseningOutcome, LooseningRequest } from '../../execution/loosening.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Decision } from '../../ledger/projections/decisions.ts';
import type { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import { Turnstile } from '../../ledger/turnstile.ts';
import type { Feed, MarketEvent } from '../../market/feeds/feed.ts';
import { type LimitsInForce, tightenedBy } from '../../risk-kernel/limits-in-force.ts';
import { rulesOf, type Strategy } from '../../strategies/strategy.ts';
import type { FaultProfileName } from '../../simulation/fault-profiles.ts';
import type { KillOrder, KillReport, KillStep } from '../../execution/kill-switch.ts';
import { barText } from './bar-text.ts';
import { cycleOf, DeskFold, type ReadBar } from './desk-fold.ts';
import { foldJournal } from './folds.ts';
import { conclude, concludeLate } from './conclusions.ts';
import { restingAt } from './resting.ts';
import { closeByRule, disableBroken } from './rules.ts';
import { type AnalysisRequest, buildParts, type Parts } from './parts.ts';

export interface RuntimeOptions {
  readonly version: string;
  readonly feed: Feed;
  readonly strategies: readonly Strategy[];
  /** What may keep a set-up from being entered; left out, every hour will do. */
  readonly gate?: EntryGate | undefined;
  readonly cash: Money;
  readonly seed: number;
  readonly decisionMode: DecisionMode;
  readonly reasoner: Reasoner;
  readonly ledger: Ledger;
  /** Opened when the first set-up is deliberated. */
  readonly checkpointer: () => Promise<BaseCheckpointSaver>;
  /** Where projections are taken up from, and put away for the next start. */
  readonly snapshots: Snapshots;
  /** Shared with the ledger; the runtime moves it with the market. */
  readonly clock: ManualClock;
  /**
   * How far that clock is behind the real one, in milliseconds: hours, at the start after a pause and while
   * what was missed is told. Left out for a market that owns its time.
   */
  readonly behindMs?: (() => number) | undefined;
  /** How long a proposal may wait, on the market's clock. */
  readonly approvalMs: number;
  /** The constants of the kernel, or something tighter. */
  readonly limits: LimitsInForce;
  /** Where orders go. PAPER needs a market that is real. */
  readonly venueMode: 'SIMULATION' | 'PAPER';
  /** The bad day that the simulated venue plays. */
  readonly rehearse: FaultProfileName;
  /** Why everything stands still from the first moment on; left out when nothing keeps it from moving. */
  readonly haltFirst?: string | undefined;
  /** Waits so many real milliseconds while the kill switch does its work. */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Rebuilds everything from the journal and goes on where it ended: orders are reconciled, positions
 * protected, sleeping proposals still there.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { feed, ledger, clock, snapshots } = options;
  const instruments = new Map([[feed.instrument.id, feed.instrument]]);
  const desk = snapshots.takeUp('desk', () => new DeskFold(options.strategies, feed, options.gate));
  if (desk.afterSeq === 0) desk.fold.readHistory();
  const folds = await foldJournal(ledger, snapshots, instruments, [desk]);
  clock.advanceTo(Math.max(feed.startsAtMs, folds.book.lastEventMs));
  const runtime = new Runtime(options, buildParts(options, folds), desk.fold);
  await runtime.start();
  return runtime;
}

export class Runtime {
  readonly options: RuntimeOptions;
  readonly parts: Parts;
  readonly #desk: DeskFold;
  readonly #turn = new Turnstile();
  #haltAnnounced = false;

  constructor(options: RuntimeOptions, parts: Parts, desk: DeskFold) {
    this.options = options;
    this.parts = parts;
    this.#desk = desk;
  }

  get desk(): StrategyDesk {
    return this.#desk.desk;
  }

  /** Where the feed goes on: what lies before was played, or is history. */
  get playedUntilMs(): number {
    return this.options.clock.now();
  }

  /** Open of the first bar that was not played: in a live market the clock may have overtaken it. */
  get nextBarMs(): number {
    const { lastBar } = this.#desk;
    const { startsAtMs, timeframe } = this.options.feed;
    return lastBar === undefined ? startsAtMs : lastBar.openTimeMs + TIMEFRAME_MS[timeframe];
  }

  async start(): Promise<void> {
    const { ledger, haltFirst } = this.options;
    // It may not have been thought about before the process ended.
    const { lastBar } = this.#desk;
    const { book, venue, engine, guard, watch, decisions } = this.parts;
    await ledger.append(started(this.options, book.started));
    // The exchange lives in this process and died with the last one, except for what the ledger knows of it.
    venue.restore(restingAt(book));
    if (haltFirst !== undefined) await engine.pull('KILL_SWITCH', haltFirst);
    await engine.reconcile();
    await guard.protectAll();
    if (lastBar !== undefined) await closeByRule(guard, this.options.feed, lastBar);
    await watch.tryCanaries();
    await watch.look();
    for (const decision of decisions.open()) await this.#resume(decision, lastBar);
    if (lastBar !== undefined && decisions.get(lastBar.cycle) === undefined)
      await this.#cycle(lastBar);
    await ledger.flush();
  }

  /** Whatever the market says next. */
  play(event: MarketEvent): Promise<void> {
    switch (event.kind) {
      case 'TICK':
        return this.onTick(event.price, event.atMs);
      case 'QUOTE':
        return this.onQuote((event.bid + event.ask) / 2, event.atMs);
      case 'BAR':
        return this.onBar(event.candle, event.closedAtMs);
    }
  }

  /** A price between bars: orders may fill on it, strategies never see it. */
  onTick(at: number, atMs: number): Promise<void> {
    return this.#turn.run(async () => {
      this.options.clock.advanceTo(atMs);
      await this.#print(priceFromNumber(at, this.options.feed.instrument.tick));
      await this.#announceHalt();
      await this.#wakeAll(await this.parts.approvals.expireDue());
    });
  }

  /** The middle of a quote says what a position is worth; nobody traded there, and nothing fills on it. */
  onQuote(middle: number, atMs: number): Promise<void> {
    return this.#turn.run(async () => {
      const { clock, feed } = this.options;
      clock.advanceTo(atMs);
      this.parts.marks.set(
        feed.instrument.id,
        priceFromNumber(middle, feed.instrument.tick),
        clock.now(),
      );
      await this.#tend();
      await this.parts.watch.look();
      await this.#announceHalt();
      await this.#wakeAll(await this.parts.approvals.expireDue());
    });
  }

  /** A closed bar: it is journaled, then guarded against, then thought about. */
  onBar(candle: Candle, closedAtMs: number): Promise<void> {
    return this.#turn.run(async () => {
      const { clock, feed, ledger } = this.options;
      const { instrument, timeframe } = feed;
      const bar = barText(candle, instrument);
      if (feed.detail === 'BARS') await this.#playBar(bar, closedAtMs);
      clock.advanceTo(closedAtMs);
      this.parts.marks.set(instrument.id, price(bar.close), closedAtMs);
      const body = { instrumentId: instrument.id, timeframe, bar };
      const cycle = cycleOf(feed, bar.openTimeMs);
      await ledger.append(draft('market.bar-closed', MARKET, cycle, null, body));
      await this.parts.guard.onBar(instrument.id);
      await this.#tend();
      await this.parts.watch.look();
      await this.#wakeAll(await this.parts.approvals.expireDue());
      await this.#announceHalt();
      const read = this.#desk.read(bar);
      await disableBroken(ledger, this.parts.book, this.desk.faults, read);
      await closeByRule(this.parts.guard, feed, read);
      await this.#cycle(read);
    });
  }

  /** A decision on a waiting proposal, and everything that follows from it. */
  decide(input: DecisionInput): Promise<DecisionOutcome> {
    return this.#turn.run(async () => {
      const outcome = await this.parts.approvals.decide(input);
      if (outcome.kind === 'DECIDED') await this.#wakeAll([outcome.threadId as CycleId]);
      await this.options.ledger.flush();
      return outcome;
    });
  }

  /**
   * Stops everything. It waits for nobody's turn: a cycle that is under way, or hangs, must not keep it
   * from happening. Resolves when entries are gone from the venue, and everything is closed if that is wanted.
   */
  async halt(order: KillOrder, onStep?: (step: KillStep) => void): Promise<KillReport> {
    const report = await this.parts.killSwitch.pull(order, onStep);
    // What the halt ends, proposals that wait, ends in its turn.
    if (report.recorded) void this.#turn.run(() => this.#announceHalt());
    return report;
  }

  /**
   * Time passed in a market that is live: a price grows old, and what expires expires. A quiet market is
   * not a silent feed: whether anybody is listened to at all is told by `onSilence`.
   */
  onTime(nowMs: number): Promise<void> {
    return this.#turn.run(async () => {
      this.options.clock.advanceTo(nowMs);
      await this.#tend();
      await this.#announceHalt();
      await this.#wakeAll(await this.parts.approvals.expireDue());
    });
  }

  /** Time passed without a price: the feed has been waited for so long, in real milliseconds. */
  onSilence(waitedMs: number): Promise<void> {
    return this.#turn.run(async () => {
      await this.#tend();
      await this.parts.watch.look(waitedMs);
      await this.#announceHalt();
    });
  }

  /** Tries whether the kernel still denies what it must deny. */
  tryCanaries(): Promise<void> {
    return this.#turn.run(async () => {
      await this.parts.watch.tryCanaries();
      await this.#announceHalt();
    });
  }

  /** A person who has just proved who they are lets trading go on, one step. */
  loosen(person: ConfirmedPerson, request: StepRequest): Promise<LooseningOutcome> {
    return this.#turn.run(async () => {
      const outcome = await this.parts.loosening.step({ ...request, by: actorOf(person) });
      if (outcome.kind === 'DONE') this.#haltAnnounced = false;
      return outcome;
    });
  }

  /** A person who has just proved who they are lets an instrument be traded again. */
  resumeInstrument(
    person: ConfirmedPerson,
    id: InstrumentId,
    because: string,
  ): Promise<LooseningOutcome> {
    return this.#turn.run(() =>
      this.parts.loosening.resumeInstrument(id, actorOf(person), because),
    );
  }

  /** A person who has just proved who they are gives a strategy another chance. */
  enableStrategy(
    person: ConfirmedPerson,
    id: StrategyId,
    because: string,
  ): Promise<LooseningOutcome> {
    return this.#turn.run(() => this.parts.loosening.enableStrategy(id, actorOf(person), because));
  }

  /**
   * Somebody has shown that what is stored is not what was written. Nothing new is opened on such a
   * record, until a start has proven it again; exits go on, and are written down.
   */
  doubtRecord(because: string): Promise<void> {
    this.options.ledger.doubt();
    return this.#turn.run(async () => {
      await this.parts.engine.alarm('AUDIT_CHAIN_BROKEN', 'journal', because);
      await this.parts.watch.look();
      await this.#announceHalt();
    });
  }

  /** Runs `work` between two turns, when every projection has seen the same events and nothing is under way. */
  atRest<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turn.run(work);
  }

  /** Waits for what is under way, then makes everything durable. */
  stop(): Promise<void> {
    return this.#turn.run(() => this.options.ledger.flush());
  }

  /**
   * A bar without its ticks, as the venue sees it: the open, then the extremes, then the close. Orders
   * placed on the fill at the open, above all the stop, already rest when the extremes come.
   */
  async #playBar(bar: BarText, closedAtMs: number): Promise<void> {
    const { clock, feed } = this.options;
    clock.advanceTo(bar.openTimeMs);
    await this.#print(price(bar.open));
    clock.advanceTo(closedAtMs - 1);
    this.parts.venue.range(feed.instrument.id, price(bar.low), price(bar.high));
    await this.parts.guard.settle();
    clock.advanceTo(closedAtMs);
    await this.#print(price(bar.close));
  }

  async #print(at: Price): Promise<void> {
    const { clock, feed } = this.options;
    this.parts.marks.set(feed.instrument.id, at, clock.now());
    this.parts.venue.print(feed.instrument.id, at);
    await this.parts.guard.settle();
    await this.#tend();
    await this.parts.watch.look();
  }

  /** What time alone brings: questions to the venue, comparisons, deadlines. */
  async #tend(): Promise<void> {
    await this.parts.engine.tend();
    await this.parts.guard.settle();
    await this.parts.guard.tend();
  }

  async #cycle(bar: ReadBar): Promise<void> {
    await this.#contained(bar.cycle, async () => {
      const { supervisor } = this.parts;
      const instrumentId = this.options.feed.instrument.id;
      if (await supervisor.open(bar.cycle, instrumentId, bar.openTimeMs)) await this.#analyse(bar);
    });
  }

  async #analyse({ cycle, reading }: ReadBar): Promise<void> {
    const { feed, clock } = this.options;
    const { supervisor, bus, deliberation } = this.parts;
    const instrumentId = feed.instrument.id;
    const answer = await ask(bus, {
      lane: 'STRATEGY',
      from: 'supervisor',
      to: 'strategy',
      topic: 'bar.closed',
      correlationId: cycle,
      causationId: null,
      summary: 'Supervisor to strategy: a bar closed, look at it.',
      body: { cycleId: cycle, instrumentId, reading } satisfies AnalysisRequest,
      expiresAtMs: null,
    });
    const analysis = answer.body as Analysis;
    if (analysis.kind === 'QUIET') return supervisor.endQuiet(cycle, analysis.because);
    const { signal, evidence } = analysis;
    const input = { cycleId: cycle, instrumentId, signal, evidence, nowMs: clock.now() };
    await this.#rested(cycle, await deliberation.begin(input));
  }

  async #wakeAll(threads: readonly string[]): Promise<void> {
    for (const thread of threads as readonly CycleId[]) {
      // A cycle that failed has nothing to go on with, whatever its thread remembers.
      if (isOver(this.parts.decisions.phaseOf(thread))) continue;
      await this.#contained(thread, async () =>
        this.#rested(thread, await this.parts.deliberation.wake(thread)),
      );
    }
  }

  /** A thread that ended in EXECUTION left an intent behind; sending it is the engine's work. */
  async #rested(cycle: CycleId, rest: Rest): Promise<void> {
    if (rest === 'ASLEEP') return;
    const decision = this.parts.decisions.get(cycle);
    if (decision?.phase === 'EXECUTION' && decision.proposal !== null) {
      await this.#send(cycle, decision.proposal);
    }
    await this.parts.deliberation.forget(cycle);
  }

  async #send(cycle: CycleId, proposal: TradeProposal): Promise<void> {
    const { engine, supervisor, book } = this.parts;
    const entry = orderIdFor(proposal.id, 'ENTRY');
    const result = await engine.execute(intentId(entry));
    if (result !== undefined) return supervisor.finish(cycle, ...conclude(result));
    // Claimed before a restart: the order's own record says what became of it.
    await supervisor.finish(cycle, ...concludeLate(book.order(entry)?.state));
  }

  /**
   * A cycle that was open when the process ended goes on from its last checkpoint; one that had none
   * yet is analysed again, which only the newest bar's can be.
   */
  async #resume(decision: Decision, lastBar: ReadBar | undefined): Promise<void> {
    const { cycleId: cycle } = decision;
    const waits = decision.approvalStatus === 'PENDING';
    if (waits && (await this.parts.deliberation.isAsleep(cycle))) return;
    await this.#wakeAll([cycle]);
    const after = this.parts.decisions.get(cycle);
    if (after?.outcome !== null || after.approvalStatus === 'PENDING') return;
    if (lastBar?.cycle === cycle && after.phase === 'STRATEGY_ANALYSIS') {
      return this.#contained(cycle, () => this.#analyse(lastBar));
    }
    const because = 'The process ended before this set-up was deliberated.';
    await this.parts.supervisor.fail(cycle, because);
  }

  /** A halt reaches everybody before anything else does, and ends every proposal that waits. */
  async #announceHalt(): Promise<void> {
    const because = this.parts.halted();
    if (because === undefined || this.#haltAnnounced) return;
    this.#haltAnnounced = true;
    await announceHalt(this.parts.bus, this.parts.shared, because);
    await this.#wakeAll(await this.parts.approvals.invalidateAll(because));
  }

  /** A broken ledger ends the run; any other failure ends one cycle, in a named state. */
  async #contained(cycle: CycleId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.options.ledger.broken !== undefined) throw error;
      const because = error instanceof Error ? error.message : String(error);
      await this.parts.supervisor.fail(cycle, because);
    }
  }
}

/** What a person asks for; who they are comes with the confirmation. */
export type StepRequest = Omit<LooseningRequest, 'by'>;

function actorOf(person: ConfirmedPerson): Actor {
  if (!redeemConfirmation(person))
    throw new Error('nobody loosens anything without a confirmed password');
  return { kind: 'PERSON', name: person.name };
}

const MARKET: Actor = { kind: 'SYSTEM', name: 'market' };
const SYSTEM: Actor = { kind: 'SYSTEM', name: 'plimsoll' };

function started(options: RuntimeOptions, resumed: boolean): EventDraft {
  const { version, decisionMode, venueMode, cash, strategies, feed, seed, limits } = options;
  return draft('system.started', SYSTEM, 'system', null, {
    version,
    decisionMode,
    venueMode,
    limitsHash: limits.hash,
    tightened: tightenedBy(limits),
    currency: feed.instrument.quote,
    cash: text(cash),
    strategies: strategies.map((strategy) => strategy.id),
    rules: rulesOf(strategies),
    entryRules: options.gate?.says ?? [],
    instruments: [feed.instrument.id],
    market: feed.source,
    synthetic: feed.synthetic,
    seed,
    resumed,
  });
}
