import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { orderIdFor } from '../domain/entry-order.ts';
import { clientOrderId, proposalId } from '../domain/ids.ts';
import { CLIENT_ID_SHAPES, type ClientIdForm, clientIdIn } from './client-id.ts';

const FORMS = Object.keys(CLIENT_ID_SHAPES) as readonly ClientIdForm[];
const ids = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/).map(clientOrderId);

describe.each(FORMS)('an order id as %s', (form) => {
  test('is what such a venue accepts', () =>
    fc.assert(
      fc.property(ids, (id) => {
        expect(clientIdIn(form, id)).toMatch(CLIENT_ID_SHAPES[form]);
      }),
    ));

  test('is the same whenever it is derived, and another one for another id', () =>
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(clientIdIn(form, one)).toBe(clientIdIn(form, one));
        expect(clientIdIn(form, one) === clientIdIn(form, other)).toBe(one === other);
      }),
    ));
});

test('the orders of one proposal have different ids in every form', () => {
  const proposal = proposalId('Pa35a29e15fc10286f11f');
  const made = (['ENTRY', 'STOP', 'TARGET', 'EXIT'] as const).flatMap((role) =>
    [1, 2, 10].map((count) => orderIdFor(proposal, role, count)),
  );
  for (const form of FORMS)
    expect(new Set(made.map((id) => clientIdIn(form, id))).size).toBe(made.length);
});
