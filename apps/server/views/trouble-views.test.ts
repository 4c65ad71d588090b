import { expect, test } from 'vitest';
import { draft } from '../../../domain/draft.ts';
import type { EventDraft } from '../../../domain/event.ts';
import { instrumentId, venueOrderId } from '../../../domain/ids.ts';
import { REASONS } from '../../../domain/reason-code.ts';
import { openHouse } from '../testing/small-house.ts';
import { stateView } from './state-view.ts';
import { follow } from '../folds/follow.ts';
import { Projection } from '../folds/projection.ts';
import { rehearsalView } from './trouble-views.ts';

const TEST = { kind: 'SYSTEM', name: 'test' } as const;
const BTC = instrumentId('BTC/USD');

const alarm = (subject: string): EventDraft =>
  draft('alarm.raised', TEST, subject, null, {
    code: 'ORDER_SUSPECT',
    subject,
    because: 'not found',
  });

async function stateAfter(...drafts: EventDraft[]) {
  const house = await openHouse();
  try {
    for (const one of drafts) await house.ledger.append(one);
    const { runtime, market, haltFile } = house;
    const projection = new Projection(runtime.options.feed);
    const stop = await follow(house.ledger, projection, () => {});
    stop();
    return stateView({ runtime, projection, market, haltFile });
  } finally {
    await house.close();
  }
}

test('alarms are told newest first, with what their code means, and not without end', async () => {
  const { alarms } = await stateAfter(...Array.from({ length: 25 }, (_, i) => alarm(`E${i}`)));
  expect(alarms).toHaveLength(20);
  expect(alarms[0]).toMatchObject({
    subject: 'E24',
    code: 'ORDER_SUSPECT',
    sentence: REASONS.ORDER_SUSPECT,
    because: 'not found',
  });
  expect(alarms.at(-1)?.subject).toBe('E5');
});

test('an alarm that is raised again is told once, as of the last time', async () => {
  const { alarms } = await stateAfter(alarm('E1'), alarm('E2'), alarm('E1'));
  expect(alarms.map(({ subject }) => subject)).toEqual(['E1', 'E2']);
});

test('a halted instrument is told until it is released', async () => {
  const halted = draft('instrument.halted', TEST, BTC, null, {
    instrumentId: BTC,
    code: 'POSITION_UNPROTECTED',
    because: 'the stop was refused',
  });
  const resumed = draft('instrument.resumed', TEST, BTC, null, {
    instrumentId: BTC,
    because: 'a test',
  });
  expect((await stateAfter(halted)).haltedInstruments).toEqual([
    {
      instrumentId: BTC,
      code: 'POSITION_UNPROTECTED',
      sentence: REASONS.POSITION_UNPROTECTED,
      because: 'the stop was refused',
    },
  ]);
  expect((await stateAfter(halted, resumed)).haltedInstruments).toEqual([]);
});

test('an order of somebody else is told while it is there', async () => {
  const id = venueOrderId('v7');
  const body = { venueOrderId: id, instrumentId: BTC, side: 'BUY', quantity: '0.5' } as const;
  const found = draft('order.external-found', TEST, 'venue', null, body);
  const gone = draft('order.external-gone', TEST, 'venue', null, { venueOrderId: id });
  expect((await stateAfter(found)).externalOrders).toEqual([body]);
  expect((await stateAfter(found, gone)).externalOrders).toEqual([]);
});

test('a bad day is told, a calm one is not', () => {
  expect(rehearsalView('calm')).toBeNull();
  expect(rehearsalView('storm')).toMatchObject({ name: 'storm' });
});
