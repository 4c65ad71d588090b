import { describe, expect, test } from 'vitest';

import type { ManagementText } from '../../domain/management.ts';
import { type Desk, openDesk } from '../../tests/support/desk.ts';
import { entered, held, id, opened, restarted, resting } from '../testing/at-venue.ts';

const ADDS: ManagementText = {
  adds: [
    { price: '49800', quantity: '0.002' },
    { price: '49600', quantity: '0.003' },
  ],
};
const PLANNED = ['ENTRY 0.002 at 49800', 'ENTRY 0.003 at 49600'];
const adds = (desk: Desk): readonly string[] => resting(desk, 'ENTRY');

describe('planned adds', () => {
  test('rest at the venue once the entry is filled and its stop rests', async () => {
    const desk = await opened({ management: ADDS });
    expect(resting(desk)).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000', ...PLANNED]);
  });

  test('wait for the whole entry', async () => {
    const desk = await entered({ management: ADDS });
    desk.venue.fill(id('ENTRY'), '50000', '0.009');
    await desk.guard.settle();
    expect(adds(desk)).toEqual(['ENTRY 0.01 at the market']);
    desk.venue.fill(id('ENTRY'), '50000', '0.001');
    await desk.guard.settle();
    expect(adds(desk)).toEqual(PLANNED);
  });

  test('wait for the stop', async () => {
    const desk = await entered({ management: ADDS });
    desk.venue.answer = ({ role }) => (role === 'STOP' ? 'BUSY' : 'ACCEPT');
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.guard.settle();
    expect(adds(desk)).toEqual([]);
    expect(await desk.eventsOf('order.denied')).toEqual([]);
    desk.venue.answer = () => 'ACCEPT';
    await desk.wait(1_000);
    expect(adds(desk)).toEqual(PLANNED);
  });

  test('are sent once ever, also by the next process', async () => {
    const desk = await opened({ management: ADDS });
    desk.venue.end(id('ENTRY', 2), 'CANCELED', 'maintenance');
    await desk.guard.settle();
    await desk.bar('50100');
    const again = await restarted(desk);
    await again.bar('50100');
    expect(adds(again)).toEqual(['ENTRY 0.003 at 49600']);
  });

  test('that fill grow the stop and the target, the new ones first', async () => {
    const desk = await opened({ management: ADDS });
    let stopsTogether = 0;
    desk.venue.onArrival = async ({ role }) => {
      if (role === 'STOP') stopsTogether = resting(desk, 'STOP').length;
    };
    desk.venue.fill(id('ENTRY', 2), '49800');
    await desk.guard.settle();
    expect(held(desk)).toBe('0.012');
    expect(stopsTogether).toBe(1);
    expect(resting(desk, 'STOP', 'TARGET')).toEqual([
      'STOP 0.012 at 49000',
      'TARGET 0.012 at 53000',
    ]);
    expect(adds(desk)).toEqual(['ENTRY 0.003 at 49600']);
  });

  test('go to the last slice of a position that has several', async () => {
    const partialTargets = [{ price: '51000', quantity: '0.004' }];
    const desk = await opened({ management: { ...ADDS, partialTargets } });
    desk.venue.fill(id('ENTRY', 2), '49800');
    await desk.guard.settle();
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.004 at 49000', 'STOP 0.008 at 49000']);
  });

  test('are canceled when the position is flat', async () => {
    const desk = await opened({ management: ADDS });
    desk.venue.fill(id('TARGET'), '53000');
    await desk.guard.settle();
    expect(resting(desk)).toEqual([]);
    expect(desk.book.liveOrders()).toEqual([]);
  });

  test('are canceled when the position is being closed', async () => {
    const desk = await opened({ management: { ...ADDS, closeAfterMs: 60_000 } });
    await desk.wait(60_000);
    expect(adds(desk)).toEqual([]);
    expect(held(desk)).toBe('0.01');
  });

  test('are not sent while trading is not active, and are when it is again', async () => {
    const desk = await openDesk();
    await desk.engine.execute(await desk.intend('P1', { management: ADDS }));
    await desk.engine.pull('FEED_SILENT', 'a test');
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.guard.settle();
    await desk.bar('50000');
    expect(adds(desk)).toEqual([]);
    expect(await desk.eventsOf('order.denied')).toEqual([]);
  });

  test('are not sent in a halted instrument', async () => {
    const desk = await entered({ management: ADDS });
    const { instrumentId } = desk.proposal('P1');
    await desk.engine.haltInstrument(instrumentId, 'POSITION_UNPROTECTED', 'a test');
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.guard.settle();
    expect(adds(desk)).toEqual([]);
    expect(await desk.eventsOf('order.denied')).toEqual([]);
  });

  test('too far from the mark are denied once on record, and sent when the price is near', async () => {
    const far: ManagementText = {
      adds: [
        { price: '49400', quantity: '0.002' },
        { price: '49300', quantity: '0.003' },
      ],
    };
    const desk = await opened({ management: far });
    for (let second = 0; second < 10; second++) await desk.wait(1_000);
    expect(adds(desk)).toEqual([]);
    const denied = await desk.eventsOf('order.denied');
    expect(denied.map(({ body }) => body.orderId)).toEqual([id('ENTRY', 2)]);
    desk.mark('49700');
    await desk.wait(1_000);
    expect(adds(desk)).toEqual(['ENTRY 0.002 at 49400', 'ENTRY 0.003 at 49300']);
  });

  const partialTargets = [{ price: '51000', quantity: '0.004' }];

  test('that the stop has moved past are taken back', async () => {
    const desk = await opened({ management: { ...ADDS, breakEven: true, partialTargets } });
    expect(adds(desk)).toEqual(PLANNED);
    desk.venue.fill(id('TARGET'), '51000');
    await desk.guard.settle();
    expect(resting(desk)).toEqual(['TARGET 0.006 at 53000', 'STOP 0.006 at 50000']);
  });

  test('that the stop moved past before they were sent are not sent', async () => {
    const far = [{ price: '49400', quantity: '0.002' }];
    const desk = await opened({ management: { adds: far, breakEven: true, partialTargets } });
    desk.venue.fill(id('TARGET'), '51000');
    await desk.guard.settle();
    desk.mark('49700');
    await desk.wait(1_000);
    expect(desk.venue.received.filter(({ addTo }) => addTo !== undefined)).toEqual([]);
  });
});
