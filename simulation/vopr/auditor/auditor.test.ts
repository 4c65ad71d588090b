/** The auditor's fire drill: for each rule a log in which it is broken, and one in which it is not. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Auditor } from './auditor.ts';
import { type Rule, RULES } from './rules.ts';
import type { OrderWords, RowWords, Testimony } from './testimony.ts';

const START_MS = 1_700_000_000_000;

/** Writes a journal by hand, and says what happens beside it. */
class Story {
  readonly auditor = new Auditor();
  readonly rows: RowWords[] = [];
  nowMs = START_MS;
  epoch = 1;
  #hash = '0'.repeat(64);

  constructor() {
    this.say({ kind: 'OPENED', cash: '10000', classes: { BTC: 'CRYPTO', ETH: 'CRYPTO' } });
    this.say({ kind: 'LED', epoch: 1 });
    this.price('100');
    this.write('system.started', {}).write('reconciliation.completed', {});
  }

  get rules(): readonly Rule[] {
    return this.auditor.violations.map(({ rule }) => rule);
  }

  say(said: Testimony): this {
    this.auditor.hear(this.nowMs, said);
    return this;
  }

  /** A row by itself, not said yet. */
  row(type: string, body: object): RowWords {
    const seq = this.rows.length + 1;
    const event = { seq, atMs: this.nowMs, type, correlationId: 'c', body };
    const text = JSON.stringify(event);
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(seq));
    const hash = createHash('sha256')
      .update('plimsoll/journal/v1\0')
      .update(this.#hash, 'hex')
      .update(number)
      .update(text)
      .digest('hex');
    const { atMs } = event;
    const row = { seq, atMs, type, correlationId: 'c', body: text, prevHash: this.#hash, hash };
    this.#hash = hash;
    this.rows.push(row);
    return row;
  }

  write(type: string, body: object): this {
    return this.say({ kind: 'COMMITTED', epoch: this.epoch, rows: [this.row(type, body)] });
  }

  /** What must be durable before an order is sent. */
  clear(words: OrderWords, intentId: string | null = null): this {
    const verdict = { cleared: true };
    return this.write('kernel.reviewed', { stage: 'SEND', subject: words.id, verdict }).write(
      'order.submitting',
      { order: words, intentId },
    );
  }

  ask(words: OrderWords, broken = false): this {
    return this.say({ kind: 'ASKED', process: 1, broken, order: words });
  }

  place(words: OrderWords): this {
    return this.clear(words).ask(words).say({ kind: 'PLACED', orderId: words.id });
  }

  accept(words: OrderWords): this {
    return this.place(words).write('order.accepted', { orderId: words.id });
  }

  trade(words: OrderWords, change: object = {}, booked: object = {}): this {
    const fill = {
      fillId: `${words.id}-1`,
      orderId: words.id,
      instrumentId: words.instrumentId,
      side: words.side,
      quantity: words.quantity,
      price: '100',
      fee: '0.1',
      ...change,
    };
    this.say({ kind: 'TRADED', ...fill }).say({ kind: 'TOLD', fillIds: [fill.fillId] });
    return this.write('order.filled', { ...fill, strategyId: words.strategyId, ...booked });
  }

  price(price: string): this {
    for (const instrumentId of ['BTC', 'ETH']) this.say({ kind: 'PRICE', instrumentId, price });
    return this;
  }

  wait(ms: number, tended = true): this {
    this.nowMs += ms;
    return this.price('100').say({ kind: 'PASSED', ms, tended });
  }

  settle(): this {
    return this.say({ kind: 'SETTLED', rows: this.rows });
  }
}

const entry = (change: Partial<OrderWords> = {}): OrderWords => ({
  id: 'E1',
  instrumentId: 'BTC',
  strategyId: 'trend',
  role: 'ENTRY',
  side: 'BUY',
  type: 'MARKET',
  quantity: '5',
  timeInForce: 'GTC',
  reduceOnly: false,
  protectiveStop: '98',
  ...change,
});

const exit = (id: string, role: string, change: Partial<OrderWords> = {}): OrderWords => ({
  id,
  instrumentId: 'BTC',
  strategyId: 'trend',
  role,
  side: 'SELL',
  type: role === 'STOP' ? 'STOP' : 'MARKET',
  quantity: '5',
  ...(role === 'STOP' ? { stopPrice: '98' } : {}),
  timeInForce: 'GTC',
  reduceOnly: true,
  ocoGroupId: 'exits:0',
  ...change,
});

/** An entry that filled whole, of which everybody knows. */
const held = (story: Story): Story => story.accept(entry()).trade(entry());
const guarded = (story: Story): Story => held(story).accept(exit('S1', 'STOP'));

type Tale = (story: Story) => Story;

/** Beside each broken one the same tale as it should be, so that a rule that fires at anything is found out. */
const DRILL: Readonly<Record<Rule, readonly [broken: Tale, whole: Tale]>> = {
  CHAIN_BROKEN: [
    (story) => {
      const row = story.row('note', { said: 'yes' });
      const body = row.body.replace('yes', 'no');
      return story.say({ kind: 'COMMITTED', epoch: 1, rows: [{ ...row, body }] });
    },
    (story) => story.write('note', { said: 'yes' }),
  ],
  DEPOSED_LEADER_WROTE: [
    (story) => story.say({ kind: 'LED', epoch: 2 }).write('note', {}),
    (story) => {
      story.epoch = 2;
      return story.say({ kind: 'LED', epoch: 2 }).write('note', {});
    },
  ],
  SENT_UNRECORDED: [
    (story) => story.clear(entry()).ask(entry({ quantity: '6' })),
    (story) => story.clear(entry()).ask(entry()),
  ],
  SENT_UNCLEARED: [
    (story) => {
      story.clear(entry());
      story.nowMs += 30_001;
      return story.ask(entry());
    },
    (story) => {
      story.clear(entry());
      story.nowMs += 30_000;
      return story.ask(entry());
    },
  ],
  SENT_TWICE: [
    (story) => story.clear(entry()).ask(entry()).ask(entry()),
    (story) =>
      story
        .clear(entry())
        .ask(entry())
        .clear(entry({ id: 'E2' }))
        .ask(entry({ id: 'E2' })),
  ],
  SENT_BY_THE_BROKEN: [
    (story) => story.clear(entry()).ask(entry(), true),
    (story) => story.clear(entry()).ask(entry(), false),
  ],
  PLACED_THOUGH_OVER: [
    (story) =>
      story
        .clear(entry())
        .ask(entry())
        .write('order.rejected', { orderId: 'E1' })
        .say({ kind: 'PLACED', orderId: 'E1' }),
    (story) =>
      story
        .clear(entry())
        .ask(entry())
        .write('order.unknown', { orderId: 'E1' })
        .say({ kind: 'PLACED', orderId: 'E1' }),
  ],
  TWO_ORDERS_FOR_ONE_INTENT: [
    (story) => story.clear(entry(), 'I1').clear(entry({ id: 'E2', side: 'SELL' }), 'I1'),
    (story) => story.clear(entry(), 'I1').clear(entry({ id: 'E2', side: 'SELL' }), 'I2'),
  ],
  SENT_WHILE_STOPPED: [
    (story) =>
      story
        .clear(entry())
        .say({ kind: 'KILLED', process: 1 })
        .write('trading.state-changed', { to: 'HALTED' })
        .ask(entry()),
    (story) =>
      story
        .say({ kind: 'KILLED', process: 1 })
        .write('trading.state-changed', { to: 'HALTED' })
        .write('trading.state-changed', { to: 'ACTIVE' })
        .clear(entry())
        .ask(entry()),
  ],
  SENT_UNRECONCILED: [
    (story) => story.write('system.started', {}).clear(entry()),
    (story) =>
      story.write('system.started', {}).write('reconciliation.completed', {}).clear(entry()),
  ],
  SENT_UNAPPROVED: [
    (story) =>
      story.say({ kind: 'INTENDED', intentId: 'I1', approved: false }).clear(entry(), 'I1'),
    (story) => story.say({ kind: 'INTENDED', intentId: 'I1', approved: true }).clear(entry(), 'I1'),
  ],
  SENT_INTO_A_LOCK: [
    (story) =>
      story
        .clear(entry())
        .write('order.unknown', { orderId: 'E1' })
        .clear(entry({ id: 'E2' })),
    (story) =>
      story
        .clear(entry())
        .write('order.unknown', { orderId: 'E1' })
        .clear(entry({ id: 'E2', side: 'SELL' })),
  ],
  EXIT_OVERSIZED: [
    (story) => held(story).clear(exit('S1', 'STOP', { quantity: '5.1' })),
    (story) => held(story).clear(exit('S1', 'STOP')),
  ],
  EXPOSURE_ABOVE_LIMIT: [
    (story) =>
      story
        .place(entry())
        .place(entry({ id: 'E2', strategyId: 'carry' }))
        .place(entry({ id: 'E3', quantity: '1' })),
    (story) => story.place(entry()).place(entry({ id: 'E2', quantity: '4.5' })),
  ],
  TOO_MANY_ENTRIES: [
    (story) => [1, 2, 3, 4, 5, 6].reduce((told, n) => told.clear(entry({ id: `E${n}` })), story),
    (story) => [1, 2, 3, 4, 5].reduce((told, n) => told.clear(entry({ id: `E${n}` })), story),
  ],
  UNPROTECTED_PAST_DEADLINE: [
    (story) => wait(held(story), 13),
    (story) => wait(guarded(story), 13),
  ],
  STOP_TAKEN_AWAY: [
    (story) => cancel(guarded(story), 'S1'),
    (story) => cancel(guarded(story).accept(exit('S2', 'STOP')), 'S1'),
  ],
  EXITS_PILE_UP: [
    (story) => wait(guarded(story).accept(exit('X1', 'EXIT')).accept(exit('X2', 'EXIT')), 1),
    (story) => wait(guarded(story).accept(exit('S2', 'STOP')).accept(exit('X1', 'EXIT')), 1),
  ],
  CANCEL_UNRECORDED: [
    (story) =>
      story.accept(entry()).say({ kind: 'CANCEL_ASKED', process: 1, broken: false, orderId: 'E1' }),
    (story) => cancel(story.accept(entry()), 'E1'),
  ],
  FOREIGN_ORDER_TOUCHED: [
    (story) => story.say({ kind: 'CANCEL_ASKED', process: 1, broken: true, orderId: 'theirs' }),
    (story) =>
      story.accept(entry()).say({ kind: 'CANCEL_ASKED', process: 1, broken: true, orderId: 'E1' }),
  ],
  FILL_BOOKED_TWICE: [
    (story) => held(story).write('order.filled', filled(story)),
    (story) => held(story),
  ],
  FILL_NOT_REAL: [
    (story) => story.accept(entry()).trade(entry(), {}, { price: '99' }),
    (story) => story.accept(entry()).trade(entry(), { price: '99' }),
  ],
  MONEY_NOT_CONSERVED: [
    (story) => held(story).say(book(story, '9500')),
    (story) => held(story).say(book(story, '9499.9')),
  ],
  BURIED_ALIVE: [
    (story) => {
      story.accept(entry({ type: 'LIMIT', limitPrice: '90' })).say({ kind: 'LIED', orderId: 'E1' });
      return wait(story.write('order.canceled', { orderId: 'E1' }), 1);
    },
    (story) => {
      story.place(entry({ type: 'LIMIT', limitPrice: '90' })).say({ kind: 'LIED', orderId: 'E1' });
      return wait(story.write('order.rejected', { orderId: 'E1' }), 1);
    },
  ],
  THREW: [
    (story) => story.say({ kind: 'THREW', because: 'it fell' }),
    (story) => story.say({ kind: 'NOTE', words: 'it fell' }),
  ],
  LEDGER_IS_NOT_VENUE: [
    (story) => {
      guarded(story).say({ kind: 'ENDED', orderId: 'S1', how: 'CANCELED' });
      return story.accept(exit('S2', 'STOP')).settle();
    },
    (story) => guarded(story).settle(),
  ],
  LEFT_OPEN: [(story) => held(story).settle(), (story) => guarded(story).settle()],
};

function wait(story: Story, times: number): Story {
  for (let time = 0; time < times; time++) story.wait(10_000);
  return story;
}

const cancel = (story: Story, orderId: string): Story =>
  story
    .write('order.cancel-requested', { orderId })
    .say({ kind: 'CANCEL_ASKED', process: 1, broken: false, orderId });

function filled(story: Story): object {
  const last = story.rows.findLast(({ type }) => type === 'order.filled');
  return (JSON.parse(last?.body ?? '') as { body: object }).body;
}

const book = ({ rows }: Story, cash: string): Testimony => ({
  kind: 'BOOK',
  hash: rows.at(-1)?.hash ?? '',
  cash,
  positions: { 'BTC:trend': '5' },
});

describe('the auditor objects', () => {
  test.each(Object.keys(RULES) as Rule[])('%s', (rule) => {
    expect(DRILL[rule][0](new Story()).rules).toContain(rule);
  });
});

describe('the auditor has nothing against', () => {
  test.each(Object.keys(RULES) as Rule[])('the other side of %s', (rule) => {
    expect(DRILL[rule][1](new Story()).rules).toEqual([]);
  });
});

test('a stop may make room for the close of its position', () => {
  const body = { instrumentId: 'BTC', strategyId: 'trend', because: 'time is up' };
  const closing = guarded(new Story()).write('position.close-requested', body);
  expect(cancel(closing, 'S1').rules).toEqual([]);
});

test('whoever stops everything may cancel an entry without a record, once the ledger was waited for', () => {
  const ask = (waitedMs: number): readonly Rule[] => {
    const story = new Story().accept(entry()).say({ kind: 'KILLED', process: 1 });
    story.nowMs += waitedMs;
    return story.say({ kind: 'CANCEL_ASKED', process: 1, broken: false, orderId: 'E1' }).rules;
  };
  expect(ask(1_999)).toEqual(['CANCEL_UNRECORDED']);
  expect(ask(2_000)).toEqual([]);
});

describe('a position may go without its stop', () => {
  test('while nobody is there to place one', () => {
    const story = held(new Story());
    for (let time = 0; time < 60; time++) story.wait(10_000, false);
    expect(story.rules).toEqual([]);
  });

  test('for two minutes from the last trouble on', () => {
    const story = wait(held(new Story()), 12).say({
      kind: 'TROUBLE',
      because: 'no answer',
      waitMs: 0,
    });
    expect(wait(story, 12).rules).toEqual([]);
    expect(wait(story, 1).rules).toEqual(['UNPROTECTED_PAST_DEADLINE']);
  });

  test('while the venue wants to be left alone', () => {
    const story = held(new Story()).say({ kind: 'TROUBLE', because: '429', waitMs: 300_000 });
    expect(wait(story, 30 + 12).rules).toEqual([]);
    expect(wait(story, 1).rules).toEqual(['UNPROTECTED_PAST_DEADLINE']);
  });

  test('before anybody was told of it', () => {
    const story = new Story().accept(entry());
    const { id: orderId, instrumentId, side, quantity } = entry();
    const fill = { fillId: 'f', orderId, instrumentId, side, quantity, price: '100', fee: '0' };
    expect(wait(story.say({ kind: 'TRADED', ...fill }), 20).rules).toEqual([]);
  });
});

test('a journal that was changed after it was written does not settle', () => {
  const story = guarded(new Story());
  const [first, ...rest] = story.rows as [RowWords, ...RowWords[]];
  story.say({ kind: 'SETTLED', rows: [{ ...first, body: '{}' }, ...rest] });
  expect(story.rules).toEqual(['CHAIN_BROKEN']);
});

test('a journal that lost its end does not settle', () => {
  const story = guarded(new Story());
  expect(story.say({ kind: 'SETTLED', rows: story.rows.slice(0, -1) }).rules).toEqual([
    'CHAIN_BROKEN',
  ]);
});

test('the auditor shares no code with what it audits', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    const imports = readFileSync(folder + name, 'utf8').matchAll(/from '([^']+)'/g);
    for (const [, from] of imports) expect(from).toMatch(/^(\.\/[a-z-]+\.ts|node:crypto)$/);
  }
});
