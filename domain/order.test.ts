import { describe, expect, test } from 'vitest';

import { clientOrderId } from './ids.ts';
import {
  IllegalTransition,
  nextOrderState,
  opposite,
  ORDER_STATES,
  type OrderEvent,
  type OrderState,
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
     DENY SUBMIT ACCEPT REJECT LOSE_TRACK FILL_PART FILL_REST ASK_CANCEL REFUSE_CANCEL CANCEL EXPIRE SUSPECT
IN   DE   SU     ··     ··     ··         ··        ··        ··         ··            ··     ··     ··
DE   ··   ··     ··     ··     ··         ··        ··        ··         ··            ··     ··     ··
SU   ··   ··     OP     RE     UN         PF        FI        ··         ··            CA     EX     ··
UN   ··   ··     OP     RE     ··         PF        FI        ··         ··            CA     EX     ··
OP   ··   ··     ··     ··     ··         PF        FI        PC         ··            CA     EX     SP
PF   ··   ··     ··     ··     ··         PF        FI        PC         ··            CA     EX     SP
PC   ··   ··     ··     ··     ··         PC        FI        ··         OP            CA     EX     SP
SP   ··   ··     OP     ··     ··         SP        FI        ··         ··            CA     EX     ··
FI   ··   ··     ··     ··     ··         FI        FI        ··         ··            ··     ··     ··
CA   ··   ··     ··     ··     ··         CA        CA        ··         ··            ··     ··     ··
RE   ··   ··     ··     ··     ··         RE        RE        ··         ··            ··     ··     ··
EX   ··   ··     ··     ··     ··         EX        EX        ··         ··            ··     ··     ··
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

test('the expectation covers every state by every event', () => {
  expect(new Set(PAIRS.map(({ state }) => state))).toEqual(new Set(ORDER_STATES));
  expect(PAIRS).toHaveLength(ORDER_STATES.length * EVENTS.length);
  expect(new Set(EVENTS).size).toBe(12);
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

describe('a terminal state', () => {
  const terminal = PAIRS.filter(({ state }) => TERMINAL_STATES.has(state));

  test('is one from which no event leads away', () => {
    const closed = ORDER_STATES.filter((state) =>
      PAIRS.every((pair) => pair.state !== state || [undefined, state].includes(pair.next)),
    );
    expect(new Set(closed)).toEqual(TERMINAL_STATES);
  });

  test('takes only late fills, and they do not reopen it', () => {
    for (const { state, event, next } of terminal.filter((pair) => pair.next !== undefined)) {
      expect(['FILL_PART', 'FILL_REST']).toContain(event);
      expect(next).toBe(state);
    }
  });

  test('of an order the venue never saw takes not even those', () => {
    expect(nextOrderState('DENIED', 'FILL_REST')).toBeUndefined();
  });
});

test('the opposite of a side is the other one', () => {
  expect([opposite('BUY'), opposite('SELL')]).toEqual(['SELL', 'BUY']);
});
