import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  addOrder,
  addsPlanned,
  entryOrder,
  entrySide,
  exitGroupFor,
  orderIdFor,
} from './entry-order.ts';
import { clientOrderId, proposalId } from './ids.ts';
import { sampleProposal } from './testing/samples.ts';
import { price, quantity } from './units.ts';

const ROLES = ['ENTRY', 'STOP', 'TARGET', 'EXIT'] as const;

test('a proposal stands for one market order with its stop and target', () => {
  expect(entryOrder(sampleProposal())).toEqual({
    id: 'E1P1',
    instrumentId: 'BTC/USD',
    strategyId: 'momentum',
    role: 'ENTRY',
    side: 'BUY',
    type: 'MARKET',
    quantity: quantity('0.01'),
    timeInForce: 'GTC',
    reduceOnly: false,
    protectiveStop: price('49000'),
    target: price('53000'),
  });
  expect(entryOrder(sampleProposal())).not.toHaveProperty('management');
});

test('what the proposal says of its management is read exactly and goes with the order', () => {
  const management = {
    trail: { distance: { bps: 120 }, armed: 'AT_ENTRY' },
    adds: [{ price: '49600.01', quantity: '0.004' }],
  } as const;
  expect(entryOrder(sampleProposal({ management })).management).toEqual({
    trail: management.trail,
    adds: [{ price: price('49600.01'), quantity: quantity('0.004') }],
  });
});

describe('a planned add', () => {
  const levels = ['49800', '49600', '49400'].map((at) => ({ price: at, quantity: '0.004' }));
  const proposal = sampleProposal({ management: { adds: levels, breakEven: true } });
  const entry = entryOrder(proposal);

  test('is a limit order at its own level with the stop and the target of its entry', () => {
    expect(addOrder(entry, proposal.id, 1)).toEqual({
      id: 'E3P1',
      instrumentId: entry.instrumentId,
      strategyId: entry.strategyId,
      role: 'ENTRY',
      side: 'BUY',
      type: 'LIMIT',
      quantity: quantity('0.004'),
      limitPrice: price('49600'),
      timeInForce: 'GTC',
      reduceOnly: false,
      addTo: entry.id,
      protectiveStop: price('49000'),
      target: price('53000'),
    });
  });

  test('has an id that no other add and no entry has, and the same one every time', () => {
    const ids = [entry.id, ...levels.map((_, index) => addOrder(entry, proposal.id, index).id)];
    expect(new Set(ids).size).toBe(4);
    expect(addOrder(entry, proposal.id, 2)).toEqual(addOrder(entry, proposal.id, 2));
  });

  test('is not planned itself', () => {
    expect(addOrder(entry, proposal.id, 0)).not.toHaveProperty('management');
  });

  test('takes no stop and no target from an entry that has none', () => {
    const { protectiveStop: _, target: __, ...bare } = entry;
    expect(Object.keys(addOrder(bare, proposal.id, 0))).not.toContain('protectiveStop');
    expect(Object.keys(addOrder(bare, proposal.id, 0))).not.toContain('target');
  });

  test('that was not planned is none', () => {
    expect(() => addOrder(entry, proposal.id, 3)).toThrow('entry E1P1 has no add 3');
    expect(() => addOrder(entry, proposal.id, -1)).toThrow('entry E1P1 has no add -1');
    expect(() => addOrder(entryOrder(sampleProposal()), proposal.id, 0)).toThrow('has no add 0');
  });

  test('is counted', () => {
    expect(addsPlanned(entry)).toBe(3);
    expect(addsPlanned(entryOrder(sampleProposal()))).toBe(0);
    expect(addsPlanned(entryOrder(sampleProposal({ management: {} })))).toBe(0);
  });
});

test('it is the same order however often it is derived', () => {
  expect(entryOrder(sampleProposal())).toEqual(entryOrder(sampleProposal()));
});

test('long is bought and short is sold', () => {
  expect([entrySide('LONG'), entrySide('SHORT')]).toEqual(['BUY', 'SELL']);
});

test('ids are letters and digits, at most 32, and differ by role and count', () => {
  const proposals = fc.stringMatching(/^P[0-9a-f]{24}$/).map(proposalId);
  fc.assert(
    fc.property(proposals, fc.integer({ min: 1, max: 9_999 }), (proposal, count) => {
      const ids = ROLES.flatMap((role) => [
        orderIdFor(proposal, role, count),
        orderIdFor(proposal, role, count + 1),
      ]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{1,32}$/);
    }),
  );
});

test('what is neither letter nor digit is left out of an id', () => {
  expect(orderIdFor(proposalId('p-1/a'), 'EXIT', 2)).toBe('X2p1a');
});

test('a proposal whose id is too long for the venue is refused', () => {
  const longest = 'a'.repeat(30);
  expect(orderIdFor(proposalId(longest), 'ENTRY')).toHaveLength(32);
  expect(() => orderIdFor(proposalId(`${longest}a`), 'ENTRY')).toThrow(
    'must be 1 to 32 letters and digits',
  );
});

test.each(['', 'a-b', 'ä', 'a b', 'a'.repeat(33)])('"%s" is no client order id', (value) => {
  expect(() => clientOrderId(value)).toThrow(
    `client order id "${value}" must be 1 to 32 letters and digits`,
  );
});

test('the exits of one slice share a group that no other slice and no other proposal has', () => {
  const [one, other] = [proposalId('P1'), proposalId('P2')];
  expect(exitGroupFor(one, 0)).toBe(exitGroupFor(one, 0));
  const groups = [exitGroupFor(one, 0), exitGroupFor(one, 1), exitGroupFor(other, 0)];
  expect(new Set(groups).size).toBe(3);
});
