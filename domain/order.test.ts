import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId } from './ids.ts';
import {
  GOES_BACK,
  IllegalTransition,
  nextOrderState,
  opposite,
  ORDER_STATES,
  type OrderEvent,
  type OrderState,
  RANKS,
  TERMINAL_STATES,
  transition,
} from './order.ts';

const CODES: Readonly<Record<string, OrderState>> = {
  IN: 'INTENT',
  DE: 'DENIED',
  SU: 'SUBMITTING',
  UN: 'SUBMIT_UNKNOWN',
  OP: 'OPEN',
  PF: 'PARTIALLY_FILLED',
  PC: 'PENDING_CANCEL',
  SP: 'SUSPECT',
  FI: 'FILLED',
  CA: 'CANCELED',
  RE: 'REJECTED',
  EX: 'EXPIRED',
};

/** Every state by every event, written out: the state that follows, or `··` where nothing may. */
const EXPECTED = `
     DENY SUBMIT ACCEPT REJECT LOSE_TRACK FILL_PART FILL_REST ASK_CANCEL REFUSE_CANCEL REFUSE_CANCEL_PART CANCEL EXPIRE SUSPECT FIND_PART RESURFACE RESURFACE_PART
IN   DE   SU     ··     ··     ··         ··        ··        ··         ··            ··                 ··     ··     ··      ··        ··        ··
DE   ··   ··     ··     ··     ··         ··        ··        ··         ··            ··                 ··     ··     ··      ··        ··        ··
SU   ··   ··     OP     RE     UN         PF        FI        SU         ··            ··                 CA     EX     ··      ··        ··        ··
UN   ··   ··     OP     RE     ··         PF        FI        UN         ··            ··                 CA     EX     ··      ··        ··        ··
OP   ··   ··     OP     RE     ··         PF        FI        PC         ··            ··                 CA     EX     SP      ··        ··        ··
PF   ··   ··     PF     ··     ··         PF        FI        PC         ··            ··                 CA     EX     SP      ··        ··        ··
PC   ··   ··     PC     RE     ··         PC        FI        ··         OP            PF                 CA     EX     SP      ··        ··        ··
SP   ··   ··     OP     RE     ··         SP        FI        SP         ··            ··                 CA     EX     ··      PF        ··        ··
FI   ··   ··     FI     ··     ··         FI        FI        ··         ··            ··                 ··     ··     ··      ··        ··        ··
CA   ··   ··     CA     ··     ··         CA        FI        ··         ··            ··                 ··     ··     ··      ··        OP        PF
RE   ··   ··     ··     ··     ··         RE        FI        ··         ··            ··                 ··     ··     ··      ··        OP        PF
EX   ··   ··     EX     ··     ··         EX        FI        ··         ··            ··                 ··     ··     ··      ··        OP        PF
`;

const [header = '', ...rows] = EXPECTED.trim().split('\n');
const EVENTS = header.trim().split(/\s+/) as OrderEvent[];
const PAIRS = rows.flatMap((row) => {
  const [code = '', ...cells] = row.split(/\s+/);
  return cells.map((cell, index) => ({
    state: CODES[code] as OrderState,
    event: EVENTS[index] as OrderEvent,
    next: CODES[cell],
  }));
});

const goesBack = (event: OrderEvent): boolean => GOES_BACK.has(event);
/** A suspect that is found goes back as well, on the same word that acknowledges an order. */
const goesBackFrom = (state: OrderState, event: OrderEvent): boolean =>
  state === 'SUSPECT' && event === 'ACCEPT';

test('the expectation covers every state by every event', () => {
  expect(new Set(PAIRS.map(({ state }) => state))).toEqual(new Set(ORDER_STATES));
  expect(PAIRS).toHaveLength(ORDER_STATES.length * EVENTS.length);
  expect(new Set(EVENTS).size).toBe(16);
});

test.each(PAIRS)('$state on $event becomes $next', ({ state, event, next }) => {
  const id = clientOrderId('E1P1');
  expect(nextOrderState(state, event)).toBe(next);
  if (next !== undefined) expect(transition(id, state, event)).toBe(next);
  else {
    expect(() => transition(id, state, event)).toThrow(IllegalTransition);
    expect(() => transition(id, state, event)).toThrow(
      `order E1P1: ${event} is not legal in ${state}`,
    );
  }
});

const LEGAL = PAIRS.flatMap(({ state, event, next }) =>
  next === undefined ? [] : [{ state, event, next }],
);
const ranksOf = (pair: { state: OrderState; next: OrderState }): readonly [number, number] => [
  RANKS[pair.state],
  RANKS[pair.next],
];

describe('ranks', () => {
  test.each(LEGAL.filter(({ state, event }) => !goesBack(event) && !goesBackFrom(state, event)))(
    'never fall: $state on $event to $next',
    (pair) => {
      const [before, after] = ranksOf(pair);
      expect(after).toBeGreaterThanOrEqual(before);
    },
  );

  test.each(LEGAL.filter(({ state, event }) => goesBack(event) || goesBackFrom(state, event)))(
    'fall only where the venue says so: $state on $event to $next',
    (pair) => {
      const [before, after] = ranksOf(pair);
      expect(after).toBeLessThan(before);
      expect(['OPEN', 'PARTIALLY_FILLED']).toContain(pair.next);
    },
  );

  test('never fall along any history in which nothing goes back', () => {
    const events = EVENTS.filter((event) => !goesBack(event));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (history) => {
        let state: OrderState = 'INTENT';
        for (const event of history) {
          // What is not legal is refused and moves nothing.
          const next: OrderState | undefined = goesBackFrom(state, event)
            ? undefined
            : nextOrderState(state, event);
          if (next === undefined) continue;
          expect(RANKS[next]).toBeGreaterThanOrEqual(RANKS[state]);
          state = next;
        }
      }),
    );
  });
});

describe('news that comes late or twice', () => {
  test('an acknowledgement moves nothing that is known to be further', () => {
    for (const state of ['PARTIALLY_FILLED', 'PENDING_CANCEL', 'FILLED', 'CANCELED', 'EXPIRED'])
      expect(nextOrderState(state as OrderState, 'ACCEPT')).toBe(state);
  });

  test.each(
    ORDER_STATES.filter((state) => ['SUBMITTING', 'OPEN', 'CANCELED', 'REJECTED'].includes(state)),
  )('the last fill is the end of an order that is %s', (state) => {
    expect(nextOrderState(state, 'FILL_REST')).toBe('FILLED');
  });

  test('a fill is booked in every state the venue could have it in', () => {
    const deaf = ORDER_STATES.filter((state) => nextOrderState(state, 'FILL_PART') === undefined);
    expect(deaf).toEqual(['INTENT', 'DENIED']);
  });

  test('a cancel may be asked for in every live state, once', () => {
    const live = ORDER_STATES.filter(
      (state) => !TERMINAL_STATES.has(state) && !['INTENT', 'PENDING_CANCEL'].includes(state),
    );
    const open = ORDER_STATES.filter((state) => nextOrderState(state, 'ASK_CANCEL') !== undefined);
    expect(new Set(open)).toEqual(new Set(live));
  });
});

describe('a terminal state', () => {
  const terminal = LEGAL.filter(({ state }) => TERMINAL_STATES.has(state));

  test('is one from which nothing but the venue’s own evidence leads to a live one', () => {
    for (const { event, next } of terminal)
      if (!TERMINAL_STATES.has(next)) expect(['RESURFACE', 'RESURFACE_PART']).toContain(event);
    const live = ORDER_STATES.filter((state) => !TERMINAL_STATES.has(state));
    for (const state of live)
      expect(LEGAL.some((pair) => pair.state === state && pair.next !== state)).toBe(true);
  });

  test('of an order that is filled has no way back at all', () => {
    const out = terminal.filter(({ state, next }) => state === 'FILLED' && next !== 'FILLED');
    expect(out).toEqual([]);
  });

  test('of an order the venue never saw takes nothing', () => {
    expect(terminal.filter(({ state }) => state === 'DENIED')).toEqual([]);
  });
});

test('the opposite of a side is the other one', () => {
  expect([opposite('BUY'), opposite('SELL')]).toEqual(['SELL', 'BUY']);
});
