import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DomainEvent, EventBodies, EventType } from '../../domain/event.ts';
import { clientOrderId, fillId, instrumentId, venueOrderId } from '../../domain/ids.ts';
import { BTC, ETH, REVERSION, sampleEvent } from '../../domain/testing/samples.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { KNOWN, randomJournal } from '../testing/random-journal.ts';
import type { Finding } from './finding.ts';
import { StoryCheck } from './story-check.ts';
import { lawful } from './testing/evidence.ts';

/** The first thing that is wrong with a journal. */
function wrong(events: readonly DomainEvent[]): Finding | undefined {
  const story = new StoryCheck(KNOWN);
  for (const event of events) {
    const found = story.see(event);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A journal that ends with an entry for one bitcoin that rests at the venue. */
const RESTING = ((): readonly DomainEvent[] => {
  const [start] = fc.sample(randomJournal(0), 1)[0] ?? [];
  const order = {
    id: clientOrderId('O1'),
    instrumentId: BTC.id,
    strategyId: REVERSION,
    role: 'ENTRY',
    side: 'BUY',
    type: 'MARKET',
    quantity: '1',
    timeInForce: 'GTC',
    reduceOnly: false,
  } as const;
  const told = [
    start,
    sampleEvent('order.submitting', {
      order,
      intentId: null,
      proposalId: null,
      hold: { notional: '100', risk: '2' },
      orderHash: '',
    }),
    sampleEvent('order.accepted', { orderId: order.id, venueOrderId: venueOrderId('v1') }),
  ] as readonly DomainEvent[];
  return lawful(told);
})();

const FILL: EventBodies['order.filled'] = {
  fillId: fillId('f1'),
  orderId: clientOrderId('O1'),
  instrumentId: BTC.id,
  strategyId: REVERSION,
  side: 'BUY',
  quantity: '1',
  price: '100',
  fee: '0.1',
};

const then = <T extends EventType>(
  before: readonly DomainEvent[],
  type: T,
  body: EventBodies[T],
): readonly DomainEvent[] => [
  ...before,
  sampleEvent(type, body, before.length + 1) as unknown as DomainEvent,
];

const fill = (change: Partial<EventBodies['order.filled']> = {}, before = RESTING) =>
  wrong(then(before, 'order.filled', { ...FILL, ...change }));

describe('the story', () => {
  test('of what lawfully happened holds', () => {
    expect(fill()).toBeUndefined();
    fc.assert(
      fc.property(randomJournal(40), (events) => {
        expect(wrong(lawful(events))).toBeUndefined();
      }),
      { numRuns: Math.ceil(PROPERTY_RUNS / 20) },
    );
  });

  test('breaks at an order that goes out without what must come before it, whatever follows', () => {
    fc.assert(
      fc.property(randomJournal(40), (events) => {
        const first = events.find(({ type }) => type === 'order.submitting');
        const found = wrong(events);
        expect(found?.seq).toBe(first?.seq);
        if (first !== undefined) expect(found?.fault).toBe('LINEAGE_BROKEN');
      }),
      { numRuns: Math.ceil(PROPERTY_RUNS / 20) },
    );
  });

  const seq = RESTING.length + 1;
  const impossible = {
    'a fill of an order that was never sent': () => fill({ orderId: clientOrderId('O9') }),
    'a fill of another instrument than was ordered': () => fill({ instrumentId: ETH.id }),
    'a fill of an instrument that nobody knows': () => fill({ instrumentId: instrumentId('X/Y') }),
    'a sale for an order to buy': () => fill({ side: 'SELL' }),
    'a fill for another strategy': () => fill({ strategyId: 'other' as typeof REVERSION }),
    'a fill that makes no sense as a number': () => fill({ quantity: 'much' }),
    'news of an order that was never sent': () =>
      wrong(then(RESTING, 'order.canceled', { orderId: clientOrderId('O9'), because: 'so' })),
    'a proposal of a cycle that was never opened': () =>
      wrong(then(RESTING, 'cycle.closed', { cycleId: 'c9', to: 'COMPLETED' } as never)),
    'a body that is no body': () => wrong(then(RESTING, 'order.filled', null as never)),
  } satisfies Record<string, () => Finding | undefined>;

  test.each(Object.entries(impossible))('breaks at %s', (_, tell) => {
    expect(tell()).toMatchObject({ fault: 'STORY_BROKEN', seq });
  });

  test('breaks where one execution is booked twice', () => {
    const half = { ...FILL, quantity: '0.5' };
    const once = then(RESTING, 'order.filled', half);
    expect(wrong(then(once, 'order.filled', half))).toMatchObject({
      fault: 'STORY_BROKEN',
      seq: seq + 1,
      sentence: `Event ${seq + 1} cannot have happened: fill f1 is booked already.`,
    });
    expect(wrong(then(once, 'order.filled', { ...half, fillId: fillId('f2') }))).toBeUndefined();
  });

  test('breaks where an order that is over is canceled', () => {
    const over = then(RESTING, 'order.filled', FILL);
    expect(
      wrong(then(over, 'order.canceled', { orderId: FILL.orderId, because: 'so' })),
    ).toMatchObject({
      fault: 'STORY_BROKEN',
    });
  });

  const amounts = fc.constantFrom('-1', '0', '0.000000000001', '1', '999999999', '-0.5', 'x', '');

  test('never throws, whatever numbers a fill holds, and takes no size or price that cannot be', () => {
    fc.assert(
      fc.property(
        fc.record({ quantity: amounts, price: amounts, fee: amounts, feeInBase: amounts }),
        (change) => {
          const found = fill(change);
          if (found !== undefined) expect(found.seq).toBe(seq);
          const isSound = [change.quantity, change.price].every((one) => Number(one) > 0);
          if (!isSound) expect(found?.fault).toBe('STORY_BROKEN');
        },
      ),
      { numRuns: Math.ceil(PROPERTY_RUNS / 5) },
    );
  });

  test('is out of balance at the next event that moves money, once book and accounts differ', () => {
    const story = new StoryCheck(KNOWN);
    for (const event of RESTING) story.see(event);
    const poor = new StoryCheck(KNOWN);
    for (const event of RESTING)
      poor.see(
        event.type === 'system.started'
          ? { ...event, body: { ...event.body, cash: '9999' } }
          : event,
      );
    const mixed = new StoryCheck(KNOWN);
    mixed.load({ ...story.save(), accounts: poor.save().accounts });
    const [accepted, filled] = [
      sampleEvent('operator.added', { name: 'mira' }, seq),
      sampleEvent('order.filled', FILL, seq + 1),
    ] as unknown as readonly [DomainEvent, DomainEvent];
    expect(mixed.see(accepted)).toBeUndefined();
    expect(mixed.see(filled)).toMatchObject({
      fault: 'OUT_OF_BALANCE',
      seq: seq + 1,
      sentence: expect.stringMatching(
        /^Double entry does not agree with the book: after event \d+ the accounts have cash at .*\.$/,
      ),
    });
  });
});
