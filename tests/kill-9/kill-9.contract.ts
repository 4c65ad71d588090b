/** What a real process loses when it is really killed: nothing, on any database. */
import { describe, expect, test } from 'vitest';
import { BTC } from '../../domain/testing/samples.ts';
import { NO_QUANTITY, type Quantity, quantity, text } from '../../domain/units.ts';
import type { PgliteOptions, PostgresOptions } from '../../ledger/database.ts';
import { ExchangeHouse, type Trader } from './exchange-house.ts';
import type { Boundary, Death, Told } from './protocol.ts';

type WithDatabase = (
  work: (database: PostgresOptions | PgliteOptions) => Promise<void>,
) => Promise<void>;

const SUBMITTING: readonly Boundary[] = ['BEFORE_WRITE', 'AFTER_WRITE', 'AFTER_SEND', 'AFTER_ACK'];
const DEATHS: readonly Death[] = [
  ...SUBMITTING.map((at): Death => ({ at, role: 'ENTRY' })),
  ...SUBMITTING.map((at): Death => ({ at, role: 'STOP' })),
  { at: 'MID_FILL', role: 'ENTRY' },
  { at: 'AFTER_FILL', role: 'ENTRY' },
  { at: 'MID_FILL', role: 'TARGET' },
  { at: 'BEFORE_CANCEL', role: 'TARGET' },
  { at: 'MID_CANCEL', role: 'TARGET' },
];

export function kill9Contract(name: string, withDatabase: WithDatabase): void {
  describe(`${name}: a trader killed with SIGKILL`, () => {
    test.each(DEATHS.map((death) => [death.at, death.role, death] as const))(
      '%s of the %s has lost nothing and does nothing twice',
      { timeout: 120_000 },
      (_at, _role, death) =>
        withDatabase(async (database) => {
          const house = new ExchangeHouse(database);
          const first = await house.open(death);
          try {
            await liveThrough(first, death);
            expect(first.signal).toBe('SIGKILL');
          } finally {
            await first.end();
          }
          // The market does not wait for anybody.
          house.move('50050', 1_000);

          const second = await house.open(null);
          try {
            if (death.role === 'ENTRY') await second.wish({ wish: 'TRADE' });
            for (let tick = 0; tick < 20; tick++) await second.tick('50050', 1_000);
            const told = await second.wish({ wish: 'TELL' });
            if (told == null) throw new Error('the second trader died too');
            expectOneAccount(house, told);
            expectOneOrderAnIntent(house, told);
            expectProtected(house);
            expectOutcome(house, told, death);
          } finally {
            await second.end();
          }
        }),
    );
  });
}

/** One trade from approval to protected position, and what else the death waits for. */
async function liveThrough(trader: Trader, death: Death): Promise<void> {
  await trader.wish({ wish: 'TRADE' });
  for (let tick = 0; tick < 4; tick++) await trader.tick('50000', 500);
  if (death.at === 'BEFORE_CANCEL' || death.at === 'MID_CANCEL')
    await trader.wish({ wish: 'CANCEL', role: death.role });
  if (death.at === 'MID_FILL' && death.role === 'TARGET') await trader.tick('53100', 500);
}

/** Ledger and exchange tell the same story, to the last digit. */
function expectOneAccount({ exchange }: ExchangeHouse, told: Told): void {
  const { cash, positions } = exchange.balances();
  expect(told.position).toBe(text(positions.get(BTC.id) ?? NO_QUANTITY));
  expect(told.cash).toBe(text(cash));
  const executed = exchange.fills(0).map(({ fillId }) => fillId);
  expect([...told.fills].sort()).toEqual([...executed].sort());
  expect(told.chain).toBe('intact');
  const open = exchange.openOrders().map(({ clientId }) => clientId);
  const live = told.orders.filter(({ state }) => LIVE.has(state)).map(({ id }) => id);
  expect(live.sort()).toEqual(open.sort());
}

const LIVE = new Set([
  'OPEN',
  'PARTIALLY_FILLED',
  'PENDING_CANCEL',
  'SUBMITTING',
  'SUBMIT_UNKNOWN',
  'SUSPECT',
]);

function expectOneOrderAnIntent({ placed }: ExchangeHouse, told: Told): void {
  const ids = placed.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(placed.filter(({ role }) => role === 'ENTRY').length).toBeLessThanOrEqual(1);
  // Nothing was ever heard of at the venue that the ledger does not know.
  for (const id of ids) expect(told.orders.map((order) => order.id)).toContain(id);
  for (const { state } of told.orders)
    expect(['SUBMITTING', 'SUBMIT_UNKNOWN', 'SUSPECT']).not.toContain(state);
}

function expectProtected({ exchange }: ExchangeHouse): void {
  const held = exchange.balances().positions.get(BTC.id) ?? NO_QUANTITY;
  const stops = exchange.openOrders().filter(({ type }) => type === 'STOP');
  const covered = stops.reduce((sum, stop) => (sum + stop.quantity - stop.filled) as Quantity, 0n);
  expect(covered).toBe(held);
}

/** What the boundary leaves open: whether there is a position at all. */
function expectOutcome({ exchange }: ExchangeHouse, told: Told, { at, role }: Death): void {
  const held = exchange.balances().positions.get(BTC.id) ?? NO_QUANTITY;
  const entry = told.orders.find((order) => order.role === 'ENTRY');
  if (role === 'ENTRY' && at === 'AFTER_WRITE') {
    // Written down and never sent: it is shown never to have arrived, and it is not sent again.
    expect(entry?.state).toBe('REJECTED');
    expect(held).toBe(NO_QUANTITY);
    return;
  }
  if (role === 'TARGET' && at === 'MID_FILL') {
    expect(held).toBe(NO_QUANTITY);
    expect(told.fills).toHaveLength(2);
    return;
  }
  expect(entry?.state).toBe('FILLED');
  if (role === 'STOP' && at === 'AFTER_WRITE') {
    // Nobody can say in time that the stop is there, so the position is closed rather than left alone.
    expect(held).toBe(NO_QUANTITY);
    expect(told.types).toContain('instrument.halted');
    return;
  }
  expect(held).toBe(quantity('0.01'));
}
