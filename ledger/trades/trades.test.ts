import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderIdFor } from '../../domain/entry-order.ts';
import type { DomainEvent, OrderText } from '../../domain/event.ts';
import { clientOrderId, cycleId, proposalId } from '../../domain/ids.ts';
import { bookFill, openPortfolio, type Portfolio } from '../../domain/portfolio.ts';
import { BTC, MOMENTUM } from '../../domain/testing/samples.ts';
import { add, type Money, money, NO_MONEY, text } from '../../domain/units.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { canonicalJson } from '../canonical-json.ts';
import { fillFromEvent } from '../projections/book.ts';
import { figuresOf } from './figures.ts';
import { Story } from './testing/story.ts';
import type { ExitReason, Trade } from './trade.ts';
import { Trades } from './trades.ts';

const INSTRUMENTS = new Map([[BTC.id, BTC]]);
const P1 = proposalId('P1');
const id = (role: 'ENTRY' | 'STOP' | 'TARGET' | 'EXIT', count = 1) => orderIdFor(P1, role, count);

function foldOf(events: readonly DomainEvent[]): Trades {
  const trades = new Trades(INSTRUMENTS);
  for (const event of events) trades.apply(event);
  return trades;
}

const tradesOf = (story: Story): readonly Trade[] => foldOf(story.events).all();

function only(story: Story): Trade {
  const [trade, ...others] = tradesOf(story);
  if (trade === undefined || others.length > 0) throw new Error(`${others.length + 1} trades`);
  return trade;
}

const partsOf = (story: Story): readonly [ExitReason, string][] =>
  figuresOf(only(story)).exitParts.map(({ reason, quantity }) => [reason, text(quantity)]);

describe('a trade that goes as planned', () => {
  const story = new Story()
    .bar('101', '99', '100')
    .bought()
    .bar('120', '95', '110')
    .bar('131', '109', '130')
    .sends('P1', 'TARGET', 'SELL', { limitPrice: '130' })
    .fills(id('TARGET'), 'SELL', '1', '130', { fee: '1.3' });
  const trade = only(story);
  const figures = figuresOf(trade);

  test('is called by its proposal, and says how it was run and by whom it was approved', () => {
    expect(trade).toMatchObject({
      id: 'P1',
      run: { venueMode: 'PAPER', decisionMode: 'GUIDE' },
      currency: 'USD',
      direction: 'LONG',
      timeframe: '1h',
      plan: {
        setupId: 'setup-1',
        thesis: 'The trend is up.',
        approval: { by: { kind: 'PERSON', name: 'mira' }, because: 'looks right' },
      },
    });
  });

  test('keeps the market as it was recorded when it was proposed', () => {
    expect(trade.context?.evidence.map((one) => one.id)).toEqual(['ema']);
    expect(trade.context?.voices).toEqual([
      { strategyId: MOMENTUM, said: 'NO_SETUP', because: 'too quiet' },
    ]);
  });

  test('is counted exactly: gross, fees, net, and multiples of what was to be lost', () => {
    expect([figures.gross, figures.fees, figures.net].map(text)).toEqual(['30', '2.3', '27.7']);
    expect(text(figures.plannedLoss ?? NO_MONEY)).toBe('10');
    expect(figures.r).toBeCloseTo(2.77, 12);
  });

  test('knows how far the price went against it and with it', () => {
    expect([figures.adverse, figures.favourable]).toMatchObject([{ r: -0.5 }, { r: 3.1 }]);
    expect([trade.low, trade.high].map(text)).toEqual(['95', '131']);
  });

  test('knows how long it took', () => {
    expect([figures.durationMs, trade.bars]).toEqual([2 * 3_600_000, 2]);
  });

  test('cost no slippage', () => {
    expect(figures.entrySlippage).toEqual({ cost: 0n, bps: 0 });
    expect(figures.exitSlippage).toEqual({ cost: 0n, bps: 0 });
  });
});

describe('the reason it was left, as recorded', () => {
  const managed = (management: OrderText['management']): Story =>
    new Story().bought('P1', management === undefined ? {} : { management });
  const stopped = (story: Story, at: string): Story =>
    story.sends('P1', 'STOP', 'SELL', { stopPrice: at }).fills(id('STOP'), 'SELL', '1', at);
  const trail = { distance: { bps: 100 }, armed: 'AT_ENTRY' } as const;

  test.each<[string, Story, ExitReason]>([
    ['the stop where it was planned', stopped(managed(undefined), '90'), { kind: 'STOP' }],
    ['a stop that trailed', stopped(managed({ trail }), '95'), { kind: 'TRAILING_STOP' }],
    [
      'a trailing stop that had not moved yet is the planned one',
      stopped(managed({ trail }), '90'),
      { kind: 'STOP' },
    ],
    [
      'a stop that was moved to the entry',
      stopped(managed({ breakEven: true }), '100'),
      { kind: 'BREAK_EVEN_STOP' },
    ],
    [
      'a moved stop that could be either is not guessed',
      stopped(managed({ breakEven: true, trail }), '100'),
      { kind: 'MOVED_STOP' },
    ],
    [
      'a close with what was journaled for it',
      new Story().bought().sold('P1', '105'),
      { kind: 'CLOSE', because: 'its time is up' },
    ],
    [
      'the kill switch',
      new Story()
        .bought()
        .wantsClosed('the feed lies', 'kill-switch')
        .sends('P1', 'EXIT', 'SELL')
        .fills(id('EXIT'), 'SELL', '1', '99'),
      { kind: 'KILL_SWITCH', because: 'the feed lies' },
    ],
    [
      'a close that nobody ever asked for',
      new Story().bought().sends('P1', 'EXIT', 'SELL').fills(id('EXIT'), 'SELL', '1', '99'),
      { kind: 'NOT_RECORDED' },
    ],
    [
      'an order that nobody ever recorded',
      new Story().bought().fills(clientOrderId('ghost'), 'SELL', '1', '99'),
      { kind: 'NOT_RECORDED' },
    ],
  ])('%s', (_, story, reason) => {
    expect(partsOf(story)).toEqual([[reason, '1']]);
  });

  test('what was wished for after the close had been sent is not why it was sent', () => {
    const story = new Story()
      .bought()
      .wantsClosed('its time is up')
      .sends('P1', 'EXIT', 'SELL')
      .wantsClosed('panic', 'kill-switch')
      .fills(id('EXIT'), 'SELL', '1', '99');
    expect(partsOf(story)).toEqual([[{ kind: 'CLOSE', because: 'its time is up' }, '1']]);
  });

  test('slices that were left for different reasons are told by quantity', () => {
    const partialTargets = [{ price: '110', quantity: '0.3' }];
    const story = new Story()
      .bought('P1', { management: { partialTargets, breakEven: true } })
      .sends('P1', 'TARGET', 'SELL', { limitPrice: '110', quantity: '0.3' })
      .fills(id('TARGET'), 'SELL', '0.1', '110')
      .fills(id('TARGET'), 'SELL', '0.2', '110')
      .sends('P1', 'STOP', 'SELL', { stopPrice: '100', quantity: '0.7' })
      .fills(id('STOP'), 'SELL', '0.7', '99');
    expect(partsOf(story)).toEqual([
      [{ kind: 'BREAK_EVEN_STOP' }, '0.7'],
      [{ kind: 'TARGET', number: 1, of: 2 }, '0.3'],
    ]);
  });
});

describe('slippage', () => {
  test.each([
    ['a purchase dearer than proposed costs', 'BUY', '101', '1', 100],
    ['a purchase cheaper than proposed is a gain', 'BUY', '99.5', '-0.5', -50],
    ['a short sale cheaper than proposed costs', 'SELL', '99', '1', 100],
  ] as const)('%s', (_, side, at, cost, bps) => {
    const story = new Story()
      .approved('P1', { quantity: '1', referencePrice: '100' })
      .sends('P1', 'ENTRY', side)
      .fills(id('ENTRY'), side, '1', at);
    const { entrySlippage } = figuresOf(only(story));
    expect([text(entrySlippage?.cost ?? NO_MONEY), entrySlippage?.bps]).toEqual([cost, bps]);
  });

  test('of a stop is counted from its level', () => {
    const story = new Story()
      .bought()
      .sends('P1', 'STOP', 'SELL', { stopPrice: '90' })
      .fills(id('STOP'), 'SELL', '1', '88');
    expect(text(figuresOf(only(story)).exitSlippage?.cost ?? NO_MONEY)).toBe('2');
  });

  test('of a close at the market is counted from the last price that was recorded', () => {
    const story = new Story().bought().bar('120', '100', '115').sold('P1', '114');
    expect(text(figuresOf(only(story)).exitSlippage?.cost ?? NO_MONEY)).toBe('1');
    expect(figuresOf(only(new Story().bought().sold('P1', '114'))).exitSlippage).toBeNull();
  });

  test('of an add is counted from its own limit, and its loss from there', () => {
    const story = new Story()
      .bought('P1', { management: { adds: [{ price: '96', quantity: '1' }] } })
      .sends('P1', 'ENTRY', 'BUY', { limitPrice: '96', type: 'LIMIT', addTo: id('ENTRY') }, 2)
      .fills(id('ENTRY', 2), 'BUY', '1', '96');
    const figures = figuresOf(only(story));
    expect(figures.entrySlippage).toEqual({ cost: 0n, bps: 0 });
    expect(text(figures.plannedLoss ?? NO_MONEY)).toBe('16');
    expect(text(figures.entryPrice ?? (0n as never))).toBe('98');
  });
});

describe('how far the price went', () => {
  test('a bar that was under way at the entry counts with its close only', () => {
    const story = new Story().wait(1).bought();
    const under = { openTimeMs: story.nowMs - 1, open: '100', high: '500', low: '1', close: '101' };
    const bar = { ...under, volume: '1' };
    story.tell('market.bar-closed', { instrumentId: BTC.id, timeframe: '1h', bar });
    expect([only(story).low, only(story).high].map(text)).toEqual(['100', '101']);
  });

  test('a loss at the stop is about one time what was planned, slippage and fees on top', () => {
    const story = new Story()
      .bought()
      .sends('P1', 'STOP', 'SELL', { stopPrice: '90' })
      .fills(id('STOP'), 'SELL', '1', '89', { fee: '1' });
    const { r, adverse } = figuresOf(only(story));
    expect([r, adverse.r]).toEqual([-1.3, -1.1]);
  });

  test('half a fill plans half the loss', () => {
    const story = new Story()
      .approved('P1', { quantity: '1', referencePrice: '100', stop: '90' })
      .sends('P1', 'ENTRY', 'BUY', { protectiveStop: '90' })
      .fills(id('ENTRY'), 'BUY', '0.5', '101')
      .sold('P1', '101');
    expect(text(figuresOf(tradesOf(story)[0] as Trade).plannedLoss ?? NO_MONEY)).toBe('5');
  });
});

describe('where one trade ends and another begins', () => {
  const flip = new Story()
    .bought()
    .approved('P2', { direction: 'SHORT', referencePrice: '110', stop: '120' })
    .sends('P2', 'ENTRY', 'SELL', { protectiveStop: '120', quantity: '3' })
    .fills(orderIdFor(proposalId('P2'), 'ENTRY'), 'SELL', '3', '110', { fee: '3' });

  test('a flip ends one and begins another', () => {
    expect(
      tradesOf(flip).map(({ id, direction, held, closedAtMs }) => [
        id,
        direction,
        text(held),
        closedAtMs === null,
      ]),
    ).toEqual([
      ['P1', 'LONG', '0', false],
      ['P2', 'SHORT', '2', true],
    ]);
    expect(tradesOf(flip)[0]?.exits[0]?.reason).toEqual({ kind: 'REVERSED' });
  });

  test('what an exit sold too much is a trade of its own, without a plan', () => {
    const story = new Story()
      .bought()
      .sends('P1', 'EXIT', 'SELL')
      .fills(id('EXIT'), 'SELL', '1.5', '99');
    expect(tradesOf(story)[1]).toMatchObject({ id: id('EXIT'), direction: 'SHORT', plan: null });
  });

  test('an entry that goes on after its position was stopped is another trade', () => {
    const story = new Story()
      .bought()
      .sends('P1', 'STOP', 'SELL', { stopPrice: '90' })
      .fills(id('STOP'), 'SELL', '1', '90')
      .fills(id('ENTRY'), 'BUY', '0.5', '91')
      .fills(id('STOP'), 'SELL', '0.5', '90')
      .fills(id('ENTRY'), 'BUY', '0.5', '91');
    expect(tradesOf(story).map((trade) => trade.id)).toEqual(['P1', id('ENTRY'), 'f5']);
  });

  test('dust of less than a lot ends a trade, and what is done with it later is still a part of it', () => {
    const story = new Story()
      .bought()
      .fills(id('EXIT'), 'SELL', '0.999999999', '110')
      .bar('200', '110', '200');
    expect(only(story)).toMatchObject({ closedAtMs: expect.any(Number), bars: 0 });
    story.fills(id('EXIT'), 'SELL', '0.000000001', '200');
    expect(text(only(story).net)).toBe('9.00000009');
  });

  test('a fee in base leaves less than was bought', () => {
    const story = new Story()
      .sends('P1', 'ENTRY', 'BUY')
      .fills(id('ENTRY'), 'BUY', '1', '100', { fee: '0.1', feeInBase: '0.001' })
      .fills(id('EXIT'), 'SELL', '0.999', '110', { fee: '1' });
    const trade = only(story);
    const { gross, fees, net } = figuresOf(trade);
    expect([gross, fees, net].map(text)).toEqual(['9.99', '1.1', '8.89']);
    expect(trade.closedAtMs).not.toBeNull();
  });

  test('an order without a proposal names the trade, and its own stop is the plan', () => {
    const order = { id: clientOrderId('M1'), role: 'ENTRY', side: 'BUY', protectiveStop: '95' };
    const base = { instrumentId: BTC.id, strategyId: MOMENTUM, type: 'MARKET', quantity: '1' };
    const manual = { ...base, ...order, timeInForce: 'GTC', reduceOnly: false } as OrderText;
    const story = new Story().submit(manual, null).fills(manual.id, 'BUY', '1', '100');
    expect(only(story)).toMatchObject({ id: 'M1', plan: null });
    expect(text(figuresOf(only(story)).plannedLoss ?? NO_MONEY)).toBe('5');
  });
});

describe('an odd fill', () => {
  test('of which the fee takes everything is a trade that is over at once, and its loss is counted', () => {
    const gone = new Story()
      .sends('P1', 'ENTRY', 'BUY')
      .fills(id('ENTRY'), 'BUY', '1', '100', { fee: '100', feeInBase: '1' });
    expect(only(gone)).toMatchObject({ held: 0n, closedAtMs: expect.any(Number) });
    expect(text(only(gone).net)).toBe('-100');
  });

  test('that buys more than was short, and pays the rest in base, closes all that it bought', () => {
    const story = new Story()
      .fills(id('ENTRY'), 'SELL', '1', '100')
      .fills(id('EXIT'), 'BUY', '1.0005', '100', { fee: '0.1', feeInBase: '0.001' });
    expect(text(only(story).exits[0]?.quantity ?? (0n as never))).toBe('1.0005');
    expect(text(only(story).held)).toBe('0.0005');
  });
});

describe('what comes beside the trade', () => {
  test('notes are added in their order, with who wrote them', () => {
    const actor = { kind: 'PERSON', name: 'mira' } as const;
    const story = new Story().bought().sold('P1', '105');
    story.tell('trade.noted', { tradeId: 'P1', note: 'too early' }, { actor });
    story.tell('trade.noted', { tradeId: 'P1', note: 'wait for the close' }, { actor });
    expect(only(story).notes.map(({ by, text }) => [by, text])).toEqual([
      ['mira', 'too early'],
      ['mira', 'wait for the close'],
    ]);
  });

  test('a note on a trade that never was, and a decision on a proposal nobody made, are passed over', () => {
    const story = new Story();
    story.tell('trade.noted', { tradeId: 'nothing', note: 'lost' });
    const body = {
      approvalId: 'A',
      proposalId: 'P9',
      status: 'APPROVED',
      because: '',
      seenHash: '',
    };
    story.tell('approval.decided', body as never);
    expect(tradesOf(story)).toEqual([]);
  });

  test('a proposal that was declined leaves nothing behind', () => {
    const story = new Story().approved('P1');
    const before = canonicalJson(foldOf(new Story().events).save()).length;
    story.tell('cycle.closed', {
      cycleId: cycleId('cycle-P1'),
      from: 'AWAITING_APPROVAL',
      to: 'COMPLETED',
      outcome: 'DECLINED',
      because: '',
    });
    expect(Math.abs(canonicalJson(foldOf(story.events).save()).length - before)).toBeLessThan(20);
  });

  test('the last answer to the feedback, and which strategies are off, are known', () => {
    const story = new Story();
    const because = 'five losses';
    story.tell('strategy.disabled', { strategyId: MOMENTUM, because });
    const answer = { recommendation: 'DISABLE', answer: 'TAKEN', because } as const;
    story.tell('feedback.answered', { strategyId: MOMENTUM, ...answer });
    const trades = foldOf(story.events);
    expect(trades.off.get(MOMENTUM)).toBe(because);
    expect(trades.answers.get(MOMENTUM)).toMatchObject({ ...answer, by: 'test' });
    expect(trades.active).toEqual([MOMENTUM]);
  });
});

const amount = (max: number, places: number) =>
  fc.integer({ min: 1, max }).map((value) => (value / 10 ** places).toFixed(places));

const happening = fc.record({
  what: fc.constantFrom('FILL', 'FILL', 'FILL', 'BAR', 'CLOSE', 'ORDER'),
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  role: fc.constantFrom('ENTRY' as const, 'STOP' as const, 'TARGET' as const, 'EXIT' as const),
  count: fc.integer({ min: 1, max: 3 }),
  quantity: amount(500_000_000, 8),
  price: amount(5_000_000, 2),
  fee: amount(1_000, 3),
  /** Thousandths of what was bought. */
  inBase: fc.option(fc.integer({ min: 1, max: 50 }), { freq: 6 }),
});

/** Whatever may follow whatever: nothing in it needs to make sense. */
function told(
  happenings: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[],
): Story {
  const story = new Story().approved('P1');
  for (const { what, side, role, count, quantity, price, fee, inBase } of happenings) {
    if (what === 'BAR') story.bar(price, price, price);
    else if (what === 'CLOSE') story.wantsClosed('a test');
    else if (what === 'ORDER') story.sends('P1', role, side, { stopPrice: price }, count);
    else {
      const feeInBase = ((Number(quantity) * (inBase ?? 0)) / 1_000).toFixed(12);
      const words = inBase === null || side === 'SELL' ? { fee } : { fee, feeInBase };
      story.fills(id(role, count), side, quantity, price, words);
    }
  }
  return story;
}

function portfolioOf(events: readonly DomainEvent[]): Portfolio {
  let portfolio = openPortfolio('USD', money('10000'));
  for (const event of events)
    if (event.type === 'order.filled')
      portfolio = bookFill(portfolio, fillFromEvent(event), 'USD').portfolio;
  return portfolio;
}

describe('laws', () => {
  const stories = fc.array(happening, { maxLength: 16 }).map(told);

  test('the results of all trades are what the account realised, to the last digit', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const net = tradesOf(story).reduce<Money>(
          (total, trade) => add(total, trade.net),
          NO_MONEY,
        );
        expect(net).toBe(portfolioOf(story.events).realised);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('what is held is what the open trades hold, and at most one trade of a position is open', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const open = tradesOf(story).filter(({ closedAtMs }) => closedAtMs === null);
        const [position] = portfolioOf(story.events).positions.values();
        const signed = open.map(({ held, direction }) => (direction === 'LONG' ? held : -held));
        const held = position?.quantity ?? 0n;
        const dust = held > -BTC.lot && held < BTC.lot;
        expect(signed).toEqual(dust ? [] : [held]);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('every fill is in the trades once, and every figure can be worked out', () => {
    fc.assert(
      fc.property(stories, (story) => {
        let total = 0n;
        for (const trade of tradesOf(story)) {
          const { entered, left } = figuresOf(trade);
          total += entered + left;
          expect(trade.low <= trade.high).toBe(true);
        }
        let filled = 0n;
        for (const event of story.events)
          if (event.type === 'order.filled') filled += fillFromEvent(event).quantity;
        // What only leaves dust behind begins no trade.
        expect(filled - total < 100n * BTC.lot && total <= filled).toBe(true);
      }),
      { numRuns: PROPERTY_RUNS / 4 },
    );
  });

  test('put away anywhere and taken up again, it ends the same', () => {
    fc.assert(
      fc.property(stories, fc.nat(), (story, at) => {
        const cut = at % (story.events.length + 1);
        const first = foldOf(story.events.slice(0, cut));
        const second = new Trades(INSTRUMENTS);
        second.load(JSON.parse(canonicalJson(first.save())));
        for (const event of story.events.slice(cut)) second.apply(event);
        expect(canonicalJson(second.save())).toBe(canonicalJson(foldOf(story.events).save()));
      }),
      { numRuns: PROPERTY_RUNS / 10 },
    );
  });
});
