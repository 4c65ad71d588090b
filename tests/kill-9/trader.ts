/**
 * A trader in a process of its own, to be killed: ledger, kernel, engine and guard, with the exchange at
 * the other end of a pipe. It does what it is told, and ends itself with SIGKILL where it is told to.
 */
import { approvalIdOf, Approvals, proposalHash } from '../../coordination/approvals.ts';
import { phaseMover } from '../../coordination/phases.ts';
import { foldJournal } from '../../apps/runtime/folds.ts';
import { ManualClock } from '../../domain/clock.ts';
import { draft } from '../../domain/draft.ts';
import { entryOrder, orderIdFor } from '../../domain/entry-order.ts';
import type { EventDraft, EventType } from '../../domain/event.ts';
import { clientOrderId, intentId } from '../../domain/ids.ts';
import type { OrderRole } from '../../domain/order.ts';
import { BTC, MOMENTUM, sampleProposal } from '../../domain/testing/samples.ts';
import { NO_QUANTITY, price, text } from '../../domain/units.ts';
import { ExecutionEngine } from '../../execution/engine.ts';
import { Marks } from '../../execution/marks.ts';
import { PositionGuard } from '../../execution/position-guard.ts';
import { openDatabase } from '../../ledger/database.ts';
import type { Ledger, LedgerTransaction } from '../../ledger/ledger.ts';
import { ledgerPages } from '../../ledger/ledger-pages.ts';
import { Snapshots } from '../../ledger/snapshots/snapshots.ts';
import { openSqlLedger } from '../../ledger/sql-ledger.ts';
import { verifyJournal } from '../../ledger/verify.ts';
import { STANDARD } from '../../risk-kernel/limits-in-force.ts';
import { FarVenue } from './far-venue.ts';
import type { Boundary, Downward, Told, TraderOptions, Upward, Wish } from './protocol.ts';

const options = JSON.parse(process.argv[2] ?? '') as TraderOptions;
const TRADER = { kind: 'SYSTEM', name: 'trader' } as const;
const INSTRUMENTS = new Map([[BTC.id, BTC]]);

function dieAt(at: Boundary, role: OrderRole | undefined): void {
  if (options.death?.at === at && options.death.role === role) process.kill(process.pid, 'SIGKILL');
}

const say = (message: Upward): void => void process.send?.(message);

const clock = new ManualClock(options.nowMs);
const database = await openDatabase(options.database);
const stored = await openSqlLedger({ database, clock });
const { book, decisions } = await foldJournal(stored, Snapshots.none(), INSTRUMENTS);
const roleOf = (id: string): OrderRole | undefined => book.order(clientOrderId(id))?.order.role;
const venue = new FarVenue(dieAt, roleOf);
process.on('message', (message: Downward) => {
  venue.hear(message);
  if (message.kind === 'WISH') void fulfil(message.number, message.wish);
});

const ledger = mortal(stored);
const marks = new Marks();
const limits = STANDARD;
const engine = new ExecutionEngine({
  ledger,
  book,
  venue,
  marks,
  instruments: INSTRUMENTS,
  clock,
  limits,
});
const guard = new PositionGuard({ engine, ledger, book, instruments: INSTRUMENTS, clock, limits });
const approvals = new Approvals(
  ledger,
  decisions,
  {
    mark: (id) => marks.get(id) ?? book.mark(id),
    room: () => undefined,
    preview: (order) => engine.preview(order),
  },
  clock,
);
const phases = phaseMover(ledger, (id) => decisions.phaseOf(id));
marks.set(BTC.id, price(options.price), clock.now());
await begin();
say({ kind: 'READY' });

/** The ledger as it is, but for the instants at which this process is to end. */
function mortal(whole: Ledger): Ledger {
  return new Proxy(whole, {
    get(target, name) {
      if (name === 'transact') return transact;
      if (name === 'append') return append;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

  function transact<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    return whole.transact(async (tx) => {
      const submitted: OrderRole[] = [];
      const watched = new Proxy(tx, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (name !== 'append') return typeof value === 'function' ? value.bind(target) : value;
          return (next: EventDraft) => {
            if (next.type === 'order.submitting') submitted.push(next.body.order.role);
            return target.append(next);
          };
        },
      });
      const result = await work(watched);
      for (const role of submitted) dieAt('BEFORE_WRITE', role);
      return result;
    });
  }

  async function append(...drafts: EventDraft[]): ReturnType<Ledger['append']> {
    const events = await whole.append(...drafts);
    for (const event of events)
      if (event.type === 'order.filled') dieAt('AFTER_FILL', roleOf(event.body.orderId));
    return events;
  }
}

async function begin(): Promise<void> {
  await ledger.append(
    draft('system.started', TRADER, 'system', null, {
      version: '0',
      decisionMode: 'GUIDE',
      venueMode: 'SIMULATION',
      limitsHash: limits.hash,
      tightened: {},
      currency: BTC.quote,
      cash: '10000',
      strategies: [MOMENTUM],
      rules: {},
      entryRules: [],
      instruments: [BTC.id],
      market: 'kill -9',
      synthetic: true,
      seed: 1,
      resumed: book.started,
    }),
  );
  await engine.reconcile();
  await guard.protectAll();
  await ledger.flush();
}

async function fulfil(number: number, wish: Wish): Promise<void> {
  try {
    if (wish.wish === 'TRADE') await trade();
    if (wish.wish === 'TICK') await tick(wish.price, wish.nowMs);
    if (wish.wish === 'CANCEL') await cancel(wish.role);
    say({ kind: 'DONE', number, told: wish.wish === 'TELL' ? await tell() : null });
  } catch (error) {
    say({ kind: 'FAILED', because: error instanceof Error ? (error.stack ?? '') : String(error) });
  }
}

/** The same proposal whichever process asks, as a proposal that outlived a restart would be. */
async function trade(): Promise<void> {
  const proposal = sampleProposal({ expiresAtMs: options.nowMs + 3_600_000 });
  const known = await ledger.rows((rows) => rows.approval(approvalIdOf(proposal.id)));
  if (known === undefined) {
    await phases.open(proposal.cycleId, proposal.instrumentId, proposal.createdAtMs);
    await approvals.request(proposal, engine.preview(entryOrder(proposal)), proposal.cycleId);
    await approvals.decide({
      id: approvalIdOf(proposal.id),
      decision: 'APPROVE',
      version: 1,
      seenHash: proposalHash(proposal),
      reason: '',
      decider: { kind: 'PERSON', name: 'local' },
    });
    await approvals.record(proposal.id);
  }
  await engine.execute(intentId(orderIdFor(proposal.id, 'ENTRY')));
}

async function tick(at: string, nowMs: number): Promise<void> {
  clock.advanceTo(nowMs);
  marks.set(BTC.id, price(at), nowMs);
  await guard.settle();
  await engine.tend();
  await guard.settle();
  await guard.tend();
  await ledger.flush();
}

async function cancel(role: OrderRole): Promise<void> {
  for (const { order } of book.liveOrders())
    if (order.role === role) await engine.cancel(order.id, 'the test wants it');
}

async function tell(): Promise<Told> {
  const events = (await ledger.read(0, 1_000_000)).map(({ event }) => event);
  const verified = await verifyJournal(ledgerPages(ledger));
  const submitted = events.flatMap((event) =>
    event.type === 'order.submitting' ? [event.body.order.id] : [],
  );
  const [position] = book.portfolio.positions.values();
  return {
    position: text(position?.quantity ?? NO_QUANTITY),
    cash: text(book.portfolio.cash),
    orders: submitted.map((id) => {
      const record = book.order(id);
      return { id, state: record?.state ?? '', role: record?.order.role ?? '' };
    }),
    fills: events.flatMap((event) => (event.type === 'order.filled' ? [event.body.fillId] : [])),
    chain: verified.ok ? 'intact' : 'broken',
    types: events.map(({ type }): EventType => type),
    epoch: ledger.epoch,
  };
}
