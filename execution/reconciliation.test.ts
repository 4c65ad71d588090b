import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clientOrderId } from '../domain/ids.ts';
import { ORDER_STATES, type OrderState, TERMINAL_STATES } from '../domain/order.ts';
import type { OrderRecord } from '../domain/order-record.ts';
import { sampleOrder } from '../domain/testing/samples.ts';
import { NO_MONEY, NO_QUANTITY } from '../domain/units.ts';
import { describe as inWords, reconcile } from './reconciliation.ts';

const recordOf = (id: string, state: OrderState): OrderRecord => ({
  order: sampleOrder({ id: clientOrderId(id) }),
  state,
  filled: NO_QUANTITY,
  intentId: null,
  proposalId: null,
  correlationId: 'cycle-1',
  venueOrderId: null,
  hold: { notional: NO_MONEY, risk: NO_MONEY },
  submittedAtMs: 0,
});
const id = clientOrderId('E1P1');
const NOTHING = { neverLanded: [], landed: [], missing: [], foreign: [] };

const EXPECTED: readonly [OrderState, 'unsure' | 'sure'][] = [
  ['SUBMITTING', 'unsure'],
  ['SUBMIT_UNKNOWN', 'unsure'],
  ['OPEN', 'sure'],
  ['PARTIALLY_FILLED', 'sure'],
  ['PENDING_CANCEL', 'sure'],
  ['SUSPECT', 'sure'],
];

test('every live state an order can be in after sending has its row', () => {
  const sent = ORDER_STATES.filter((s) => s !== 'INTENT' && !TERMINAL_STATES.has(s));
  expect(EXPECTED.map(([state]) => state)).toEqual(sent);
});

describe.each(EXPECTED)('an order that is %s', (state, kind) => {
  const live = [recordOf(id, state)];
  test('and rests at the venue', () => {
    const landed = kind === 'unsure' ? { landed: [id] } : {};
    expect(reconcile(live, [id])).toEqual({ ...NOTHING, ...landed });
  });

  test('and does not rest at the venue', () => {
    const gone = kind === 'unsure' ? { neverLanded: [id] } : { missing: [id] };
    expect(reconcile(live, [])).toEqual({ ...NOTHING, ...gone });
  });
});

test('what rests at the venue and is not ours is named', () => {
  expect(reconcile([], [id])).toEqual({ ...NOTHING, foreign: [id] });
});

test('every order is accounted for once: agreed on, or in one list', () => {
  const ids = ['A', 'B', 'C', 'D', 'E', 'F'].map(clientOrderId);
  const states = fc.constantFrom(...EXPECTED.map(([state]) => state));
  fc.assert(
    fc.property(
      fc.subarray(ids),
      fc.subarray(ids),
      fc.array(states, { minLength: 6, maxLength: 6 }),
      (ours, resting, state) => {
        const found = reconcile(
          ours.map((one, index) => recordOf(one, state[index]!)),
          resting,
        );
        const named = Object.values(found).flat();
        expect(new Set(named).size).toBe(named.length);
        expect(found.foreign).toEqual(resting.filter((one) => !ours.includes(one)));
        expect([...found.neverLanded, ...found.missing].sort()).toEqual(
          ours.filter((one) => !resting.includes(one)),
        );
      },
    ),
  );
});

test('the differences are told in words', () => {
  const [a, b, c, d] = ['A', 'B', 'C', 'D'].map(clientOrderId) as [
    typeof id,
    typeof id,
    typeof id,
    typeof id,
  ];
  expect(inWords({ neverLanded: [a], landed: [b], missing: [c], foreign: [d] })).toEqual([
    'A was sent but never reached the venue',
    'B reached the venue though its acknowledgement was lost',
    'C is open here but unknown to the venue',
    'D rests at the venue but is not ours',
  ]);
  expect(inWords(NOTHING)).toEqual([]);
});
