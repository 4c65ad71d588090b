import { describe, expect, test } from 'vitest';

import { entryOrder, orderIdFor } from '../domain/entry-order.ts';
import { type ClientOrderId, type IntentId, proposalId } from '../domain/ids.ts';
import type { OrderRole } from '../domain/order.ts';
import { ETH, REVERSION } from '../domain/testing/samples.ts';
import { NO_QUANTITY } from '../domain/units.ts';
import { type Desk, openDesk, PERSON } from '../tests/support/desk.ts';
import { durableDesk } from '../tests/support/durable-desk.ts';
import { type KillOrder, type KillReport, type KillStep, KillSwitch } from './kill-switch.ts';
import type { Answer } from './testing/lying-venue.ts';

const id = (role: OrderRole, name = 'P1', count = 1): ClientOrderId =>
  orderIdFor(proposalId(name), role, count);
const ENTRY = id('ENTRY');
const STOP = id('STOP');
const KILL: KillOrder = { flatten: false, because: 'a test', by: PERSON };
const FLATTEN: KillOrder = { ...KILL, flatten: true };
const IN_ETH = {
  instrumentId: ETH.id,
  strategyId: REVERSION,
  quantity: '0.1',
  referencePrice: '2000',
  stop: '1960',
  target: '2120',
};

/** A switch that waits on the desk's own clock; `meanwhile` happens in each pause. */
function switchOf(desk: Desk, meanwhile: () => Promise<void> = async () => {}): KillSwitch {
  const { engine, guard, ledger, book, clock } = desk;
  const pause = async (ms: number): Promise<void> => {
    clock.advanceTo(clock.now() + ms);
    await meanwhile();
  };
  return new KillSwitch({ engine, guard, ledger, book, pause });
}

async function pull(
  desk: Desk,
  order: KillOrder = KILL,
  meanwhile?: () => Promise<void>,
): Promise<KillReport & { readonly steps: readonly KillStep[] }> {
  const steps: KillStep[] = [];
  const report = await switchOf(desk, meanwhile).pull(order, (step) => steps.push(step));
  return { ...report, steps };
}

/** An entry that rests at the venue. */
async function resting(answer: Answer = 'ACCEPT'): Promise<Desk> {
  const desk = await openDesk();
  desk.venue.answer = ({ id: order }) => (order === ENTRY ? answer : 'ACCEPT');
  await desk.engine.execute(await desk.intend('P1'));
  return desk;
}

/** The venue fills what is sent to it at the market. */
const fillMarket = (desk: Desk) => async (): Promise<void> => {
  const atMarket = [...desk.venue.resting.values()].filter(({ type }) => type === 'MARKET');
  for (const order of atMarket) desk.venue.fill(order.id, '49900');
};

/** A promise that a test resolves when it is time. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const entriesAtVenue = (desk: Desk): readonly string[] =>
  [...desk.venue.resting.values()].filter(({ role }) => role === 'ENTRY').map((order) => order.id);

describe('the kill switch', () => {
  test('halts first, then cancels, and says who pulled it', async () => {
    const desk = await resting();
    let stateAtCancel: unknown;
    desk.venue.answerCancel = () => {
      stateAtCancel = desk.book.tradingState;
      return 'ACCEPT';
    };
    const report = await pull(desk);
    expect(stateAtCancel).toBe('HALTED');
    expect(report).toMatchObject({
      canceled: [ENTRY],
      leftOpen: [],
      flat: true,
      recorded: true,
      steps: ['NO_NEW_ORDERS', 'CANCELED'],
    });
    const [changed] = await desk.eventsOf('trading.state-changed');
    expect(changed).toMatchObject({ actor: PERSON, body: { code: 'KILL_SWITCH', to: 'HALTED' } });
    expect(await desk.eventsOf('kill-switch.completed')).toMatchObject([
      { actor: PERSON, body: { canceled: [ENTRY], leftOpen: [] } },
    ]);
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test('lets nothing new be opened afterwards, before and after a restart', async () => {
    const before = await openDesk();
    const intent = await before.intend('P1');
    await pull(before);
    expect(await before.engine.execute(intent)).toMatchObject({ code: 'TRADING_HALTED' });
    const { clock, ledger, venue } = before;
    const desk = await openDesk({ clock, ledger, venue });
    const verdict = desk.engine.preview(entryOrder(desk.proposal('P2')));
    expect(verdict).toMatchObject({ cleared: false, code: 'TRADING_HALTED' });
  });

  test('keeps the exits while a position is open, and says which', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    const report = await pull(desk);
    expect(report).toMatchObject({ canceled: [], flat: false, leftOpen: [] });
    expect(report.exitsKept).toContain(STOP);
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('pulled a second time does no harm', async () => {
    const desk = await resting();
    await pull(desk);
    const canceled = [...desk.venue.canceled];
    const again = await pull(desk);
    expect(again).toMatchObject({
      canceled: [],
      leftOpen: [],
      steps: ['NO_NEW_ORDERS', 'CANCELED'],
    });
    expect(desk.venue.canceled).toEqual(canceled);
    expect(await desk.eventsOf('trading.state-changed')).toHaveLength(1);
  });

  test('pulled by two at the same moment does no harm', async () => {
    const desk = await resting();
    const [one, two] = await Promise.all([pull(desk), pull(desk)]);
    expect([one.leftOpen, two.leftOpen]).toEqual([[], []]);
    expect(desk.venue.canceled).toEqual([ENTRY]);
    expect(await desk.eventsOf('order.cancel-requested')).toHaveLength(1);
    expect(await desk.eventsOf('trading.state-changed')).toHaveLength(1);
    expect(desk.ledger.broken).toBeUndefined();
  });
});

describe('an entry that makes trouble is gone in the end', () => {
  test('when nobody knows where it is, and it had landed', async () => {
    const desk = await resting('LOST');
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test('when nobody knows where it is, and it had never landed', async () => {
    const desk = await resting('TIMEOUT');
    const start = desk.clock.now();
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
    // Not before it could not arrive any more.
    expect(desk.clock.now() - start).toBeGreaterThan(6_000);
  });

  test('when it lands only after it was canceled', async () => {
    const desk = await resting('TIMEOUT');
    const [order] = desk.venue.received;
    let pauses = 0;
    const report = await pull(desk, KILL, async () => {
      pauses += 1;
      if (pauses === 10 && order !== undefined) desk.venue.land(order);
    });
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
  });

  test('when its submit is in flight: it is canceled as soon as it is answered', async () => {
    const desk = await openDesk();
    const intent = await desk.intend('P1');
    const arrival = gate();
    const answered = gate();
    desk.venue.onArrival = () => {
      arrival.open();
      return answered.opened;
    };
    const executing = desk.engine.execute(intent);
    await arrival.opened;
    let pauses = 0;
    const report = await pull(desk, KILL, async () => {
      pauses += 1;
      if (pauses === 3) {
        answered.open();
        await executing;
      }
    });
    expect(await executing).toEqual({ kind: 'SENT' });
    expect(report).toMatchObject({ canceled: [ENTRY], leftOpen: [] });
    expect(entriesAtVenue(desk)).toEqual([]);
  });

  test('when its cancel is refused, twice', async () => {
    const desk = await resting();
    let refusals = 0;
    desk.venue.answerCancel = () => (++refusals <= 2 ? 'REFUSE' : 'ACCEPT');
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
  });

  test.each(['LOST', 'GONE'] as const)('when its cancel is answered with %s', async (answer) => {
    const desk = await resting();
    let asked = 0;
    desk.venue.answerCancel = () => (++asked <= 2 ? answer : 'ACCEPT');
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
  });

  test('when its cancel was asked for and lost before', async () => {
    const desk = await resting();
    desk.venue.answerCancel = () => 'LOST';
    await desk.engine.cancel(ENTRY, 'another');
    desk.venue.answerCancel = () => 'ACCEPT';
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
  });

  test('when it was over here and rests there after all, although its cancel was wanted', async () => {
    const desk = await resting();
    await desk.engine.cancel(ENTRY, 'another');
    await desk.engine.collect();
    const [order] = desk.venue.received;
    if (order !== undefined) desk.venue.land(order);
    desk.clock.advanceTo(desk.clock.now() + 15 * 60_000);
    await desk.engine.tend();
    expect(desk.book.order(ENTRY)?.state).toBe('OPEN');
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
  });
});

describe('it confirms by the venue’s own word', () => {
  test('that nothing is left: a list that still shows the entry is not waved away', async () => {
    const desk = await resting();
    const stale = await desk.venue.openOrders();
    desk.venue.openOrders = async () => stale;
    const report = await pull(desk);
    expect(desk.book.order(ENTRY)?.state).toBe('CANCELED');
    expect(report.leftOpen).toEqual([ENTRY]);
    expect(report.steps).toEqual(['NO_NEW_ORDERS']);
  });

  test('and says what it could not confirm when there is none', async () => {
    const desk = await resting();
    desk.venue.unreachable = true;
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([ENTRY]);
    expect(report.steps).toEqual(['NO_NEW_ORDERS']);
    expect(await desk.eventsOf('kill-switch.completed')).toMatchObject([
      { body: { leftOpen: [ENTRY] } },
    ]);
  });

  test('and leaves a stranger’s order alone', async () => {
    const desk = await resting();
    const [ours] = await desk.venue.openOrders();
    if (ours !== undefined)
      desk.venue.strangers.push({ ...ours, clientId: 'somebody-else', filled: NO_QUANTITY });
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(desk.venue.canceled).toEqual([ENTRY]);
  });
});

describe('when everything is to be closed', () => {
  test('positions are closed at the market and nothing is left', async () => {
    const desk = await openDesk();
    await desk.enter('P1', '50000');
    desk.mark('2000', ETH);
    await desk.engine.execute(await desk.intend('P2', IN_ETH));
    const report = await pull(desk, FLATTEN, fillMarket(desk));
    expect(report).toMatchObject({ flat: true, leftOpen: [], exitsKept: [] });
    expect(report.steps).toEqual(['NO_NEW_ORDERS', 'CANCELED', 'FLAT']);
    expect(desk.book.portfolio.positions.size).toBe(0);
    expect(desk.venue.resting.size).toBe(0);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('an entry that filled while it was being canceled is closed too', async () => {
    const desk = await resting();
    desk.venue.answerCancel = (order) => {
      if (order !== ENTRY) return 'ACCEPT';
      desk.venue.fill(ENTRY, '50000');
      return 'GONE';
    };
    const report = await pull(desk, FLATTEN, fillMarket(desk));
    expect(report.flat).toBe(true);
    expect(desk.venue.resting.size).toBe(0);
  });

  test('and the market does not answer, the wish is on record and outlives the process', async () => {
    const before = await openDesk();
    await before.enter('P1', '50000');
    const report = await pull(before, FLATTEN);
    expect(report.flat).toBe(false);
    expect(report.steps).not.toContain('FLAT');
    const { clock, ledger, venue } = before;
    const desk = await openDesk({ clock, ledger, venue });
    expect([...desk.book.closing.values()]).toEqual(['a test']);
  });
});

describe('with a ledger that can not be written any more', () => {
  async function broken() {
    const { desk, store } = await durableDesk();
    await desk.engine.execute(await desk.intend('P1'));
    store.failing = true;
    return { desk, store };
  }

  test.each(['before it is pulled', 'by pulling it'])(
    '%s, entries are canceled all the same',
    async (when) => {
      const { desk } = await broken();
      if (when === 'before it is pulled') await desk.ledger.flush().catch(() => {});
      const report = await pull(desk);
      expect(report).toMatchObject({ canceled: [ENTRY], leftOpen: [], recorded: false });
      expect(entriesAtVenue(desk)).toEqual([]);
      expect(report.steps).toEqual(['NO_NEW_ORDERS', 'CANCELED']);
    },
  );

  test('a cancel that was refused is asked for again', async () => {
    const { desk } = await broken();
    let refusals = 0;
    desk.venue.answerCancel = () => (++refusals <= 2 ? 'REFUSE' : 'ACCEPT');
    const report = await pull(desk);
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
  });

  test('nothing new is sent, and stops stay where they are', async () => {
    const { desk, store } = await durableDesk();
    await desk.enter('P1', '50000');
    desk.mark('2000', ETH);
    const intent = await desk.intend('P2', IN_ETH);
    store.failing = true;
    const sent = desk.venue.received.length;
    const report = await pull(desk, FLATTEN);
    await expect(desk.engine.execute(intent)).rejects.toThrow();
    expect(report).toMatchObject({ flat: false, recorded: false });
    expect(desk.venue.received).toHaveLength(sent);
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });
});

describe('an entry that was cleared before it is not sent after it', () => {
  /** The intent's commit is held until the switch has been pulled. */
  async function heldAtCommit(desk: Desk, intent: IntentId) {
    const { transact } = desk.ledger;
    const committed = gate();
    const goOn = gate();
    let first = true;
    desk.ledger.transact = async (work) => {
      const value = await transact.call(desk.ledger, work);
      if (first) {
        first = false;
        committed.open();
        await goOn.opened;
      }
      return value as never;
    };
    const executing = desk.engine.execute(intent);
    await committed.opened;
    return { executing, goOn };
  }

  test('though its record was durable already', async () => {
    const desk = await openDesk();
    const { executing, goOn } = await heldAtCommit(desk, await desk.intend('P1'));
    expect(desk.book.order(ENTRY)?.state).toBe('SUBMITTING');
    let pauses = 0;
    const report = await pull(desk, KILL, async () => {
      if (++pauses === 2) goOn.open();
    });
    expect(await executing).toEqual({
      kind: 'REJECTED',
      because: 'everything was stopped before it was sent',
    });
    expect(desk.venue.received).toEqual([]);
    expect(desk.book.order(ENTRY)?.state).toBe('REJECTED');
    expect(report.leftOpen).toEqual([]);
  });

  test('and a stop that was, is', async () => {
    const desk = await resting();
    desk.venue.fill(ENTRY, '50000');
    const { transact } = desk.ledger;
    desk.ledger.transact = async (work) => {
      const value = await transact.call(desk.ledger, work);
      desk.engine.raiseFence();
      return value as never;
    };
    await desk.guard.settle();
    expect([...desk.venue.resting.keys()]).toContain(STOP);
  });

  test('nor is one that is claimed at the same moment, whoever is first', async () => {
    for (const killFirst of [true, false]) {
      const desk = await openDesk();
      const intent = await desk.intend('P1');
      const both = killFirst
        ? [pull(desk), desk.engine.execute(intent)]
        : [desk.engine.execute(intent), pull(desk)];
      await Promise.all(both);
      expect(entriesAtVenue(desk)).toEqual([]);
      expect(desk.venue.received).toEqual([]);
    }
  });
});

test('a whole desk at work when it is pulled ends with no entry anywhere', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const desk = await openDesk();
    desk.mark('2000', ETH);
    const intents = [await desk.intend('P1'), await desk.intend('P2', IN_ETH)];
    const work = async (): Promise<void> => {
      await Promise.all(intents.map((intent) => desk.engine.execute(intent)));
      await desk.engine.tend();
      await desk.guard.settle();
      await desk.watch.look();
    };
    const working = work();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const report = await pull(desk);
    await working;
    expect(report.leftOpen).toEqual([]);
    expect(entriesAtVenue(desk)).toEqual([]);
    const live = desk.book.liveOrders().filter(({ order }) => order.role === 'ENTRY');
    expect(live).toEqual([]);
  }
});

describe('when the ledger hangs', () => {
  test('entries are canceled at the venue all the same, and its own list proves it', async () => {
    const desk = await resting();
    void desk.ledger.transact(() => new Promise(() => {}));
    let waitedMs = 0;
    const { engine, guard, ledger, book } = desk;
    const pause = async (ms: number): Promise<void> => void (waitedMs += ms);
    const steps: KillStep[] = [];
    const report = await new KillSwitch({ engine, guard, ledger, book, pause }).pull(
      FLATTEN,
      (step) => steps.push(step),
    );
    expect(desk.venue.resting.has(ENTRY)).toBe(false);
    expect(steps).toEqual(['NO_NEW_ORDERS', 'CANCELED']);
    expect(report).toMatchObject({ recorded: false, confirmed: true, leftOpen: [] });
    // It was given its two seconds once, not at every step.
    expect(waitedMs).toBeLessThan(5_000);
  });
});

test('a venue that does not answer proves nothing: what was to be canceled counts as open', async () => {
  const desk = await resting();
  desk.venue.unreachable = true;
  const { steps, ...report } = await pull(desk);
  expect(steps).toEqual(['NO_NEW_ORDERS']);
  expect(report).toMatchObject({ confirmed: false, leftOpen: [ENTRY] });
  const empty = await openDesk();
  empty.venue.unreachable = true;
  expect(await pull(empty)).toMatchObject({ confirmed: false, steps: ['NO_NEW_ORDERS'] });
});
