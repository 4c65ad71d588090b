import fc from 'fast-check';
import { expect, test } from 'vitest';

import { entryOrder, entrySide, exitGroupFor, orderIdFor } from './entry-order.ts';
import { clientOrderId, proposalId } from './ids.ts';
import { sampleProposal } from './testing/samples.ts';
import { price, quantity } from './units.ts';

const ROLES = ['ENTRY', 'STOP', 'TARGET', 'EXIT'] as const;

test('a proposal stands for one market order with its stop and target', () => {
  expect(entryOrder(sampleProposal({ trailBps: 120 }))).toEqual({
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
    trailBps: 120,
  });
  expect(entryOrder(sampleProposal())).not.toHaveProperty('trailBps');
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

test('all exits of one proposal share a group that no other proposal has', () => {
  expect(exitGroupFor(proposalId('P1'))).toBe(exitGroupFor(proposalId('P1')));
  expect(exitGroupFor(proposalId('P1'))).not.toBe(exitGroupFor(proposalId('P2')));
});
