import { describe, expect, test } from 'vitest';

import { draft } from '../../domain/draft.ts';
import type { ManagementText } from '../../domain/management.ts';
import { BTC, MOMENTUM, START_MS } from '../../domain/testing/samples.ts';
import type { Desk } from '../../tests/support/desk.ts';
import { entered, held, id, opened, restarted, resting } from '../testing/at-venue.ts';

const MINUTES = 60_000;
const TARGETS: ManagementText = {
  partialTargets: [
    { price: '51000', quantity: '0.003' },
    { price: '52000', quantity: '0.002' },
  ],
};
const closes = (desk: Desk): readonly string[] => resting(desk, 'EXIT');

describe('a position whose time is up', () => {
  test('is closed at the market after it was open for so long, and not before', async () => {
    const desk = await entered({ management: { closeAfterMs: 10 * MINUTES } });
    await desk.wait(5 * MINUTES);
    desk.venue.fill(id('ENTRY'), '50000');
    await desk.guard.settle();
    await desk.wait(10 * MINUTES - 1);
    expect(closes(desk)).toEqual([]);
    await desk.wait(1);
    expect(closes(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.halted.size).toBe(0);
    expect(await desk.eventsOf('alarm.raised')).toEqual([]);
    const [asked] = await desk.eventsOf('position.close-requested');
    expect(asked?.body.because).toBe('its time is up');
  });

  test('is closed at the end of its session, and not before', async () => {
    const desk = await opened({ management: { closeAtMs: START_MS + 30 * MINUTES } });
    await desk.wait(30 * MINUTES - 1);
    expect(closes(desk)).toEqual([]);
    await desk.wait(1);
    expect(closes(desk)).toEqual(['EXIT 0.01 at the market']);
  });

  test('keeps its stop until it is flat, and nothing after it', async () => {
    const desk = await opened({ management: { closeAfterMs: MINUTES } });
    await desk.wait(MINUTES);
    expect(resting(desk, 'STOP', 'TARGET')).toEqual(['STOP 0.01 at 49000', 'TARGET 0.01 at 53000']);
    desk.venue.fill(id('EXIT'), '50100');
    await desk.guard.settle();
    expect([held(desk), desk.book.liveOrders()]).toEqual(['0', []]);
  });

  test('in slices is closed slice by slice, each in its own group', async () => {
    const desk = await opened({ management: { ...TARGETS, closeAfterMs: MINUTES } });
    await desk.wait(MINUTES);
    expect(closes(desk)).toEqual([
      'EXIT 0.003 at the market',
      'EXIT 0.002 at the market',
      'EXIT 0.005 at the market',
    ]);
    const groupOf = (count: number, role: 'STOP' | 'EXIT') =>
      desk.book.order(id(role, count))?.order.ocoGroupId;
    for (const count of [1, 2, 3]) expect(groupOf(count, 'EXIT')).toBe(groupOf(count, 'STOP'));
    for (const count of [1, 2, 3]) desk.venue.fill(id('EXIT', count), '50100');
    await desk.guard.settle();
    expect([held(desk), desk.book.liveOrders()]).toEqual(['0', []]);
  });

  test('whose close fills in parts waits for the rest, and asks for no second one', async () => {
    const desk = await opened({ management: { closeAfterMs: MINUTES } });
    await desk.wait(MINUTES);
    desk.venue.fill(id('EXIT'), '50100', '0.004');
    await desk.guard.settle();
    await desk.wait(10 * MINUTES);
    expect(resting(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(desk.book.halted.size).toBe(0);
    desk.venue.fill(id('EXIT'), '50100', '0.006');
    await desk.guard.settle();
    expect([held(desk), desk.book.liveOrders()]).toEqual(['0', []]);
  });

  test('whose close the venue cancels half way is closed by another, for what is left', async () => {
    const desk = await opened({ management: { closeAfterMs: MINUTES } });
    await desk.wait(MINUTES);
    desk.venue.fill(id('EXIT'), '50100', '0.004');
    desk.venue.end(id('EXIT'), 'CANCELED', 'maintenance');
    await desk.guard.settle();
    expect(resting(desk)).toEqual(['EXIT 0.006 at the market']);
  });

  test('while its entry still fills closes that too, and takes the rest of the entry away', async () => {
    const desk = await entered({ management: { closeAfterMs: MINUTES } });
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    await desk.wait(MINUTES);
    expect(closes(desk)).toEqual(['EXIT 0.004 at the market']);
    expect(desk.venue.canceled).toContain(id('ENTRY'));
    expect(desk.book.order(id('ENTRY'))?.state).toBe('CANCELED');
  });

  test('while its entry still fills, and will not be canceled, has a stop for what came after the close', async () => {
    const desk = await entered({ management: { closeAfterMs: MINUTES } });
    desk.venue.answerCancel = () => 'REFUSE';
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    await desk.wait(MINUTES);
    desk.venue.fill(id('EXIT'), '50000', '0.001');
    desk.venue.fill(id('ENTRY'), '50000', '0.002');
    await desk.guard.settle();
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.005 at 49000']);
    expect(closes(desk)).toEqual(['EXIT 0.004 at the market']);
  });

  test('whose close is refused keeps its stop, and the account its state', async () => {
    const desk = await opened({ management: { closeAfterMs: MINUTES } });
    desk.venue.answer = () => 'REJECT';
    await desk.wait(MINUTES);
    expect(resting(desk, 'STOP')).toEqual(['STOP 0.01 at 49000']);
    expect(desk.book.tradingState).toBe('ACTIVE');
    expect(desk.book.halted.size).toBe(0);
  });

  test('before its entry filled at all is not opened any more', async () => {
    const desk = await entered({ management: { closeAtMs: START_MS + MINUTES } });
    await desk.wait(MINUTES - 1);
    expect(desk.venue.canceled).toEqual([]);
    await desk.wait(1);
    expect(desk.venue.canceled).toEqual([id('ENTRY')]);
  });
});

describe('a close that somebody asked for', () => {
  const asked = async (desk: Desk): Promise<void> => {
    const actor = { kind: 'PERSON', name: 'local' } as const;
    const body = { instrumentId: BTC.id, strategyId: MOMENTUM, because: 'a person asked' };
    await desk.ledger.append(draft('position.close-requested', actor, 'kill-switch', null, body));
  };

  test('is done with the next look, and asked for only once', async () => {
    const desk = await opened();
    await asked(desk);
    await desk.guard.tend();
    expect(closes(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(await desk.eventsOf('position.close-requested')).toHaveLength(1);
    expect(desk.book.halted.size).toBe(0);
  });

  test('is done by the process after the one that heard it', async () => {
    const before = await opened();
    await asked(before);
    const desk = await restarted(before);
    expect(closes(desk)).toEqual(['EXIT 0.01 at the market']);
    expect(resting(await restarted(desk))).toEqual(resting(desk));
  });

  test('does not outlive its position: what fills late is protected like any other', async () => {
    const desk = await entered();
    desk.venue.fill(id('ENTRY'), '50000', '0.004');
    await desk.guard.settle();
    await asked(desk);
    await desk.guard.tend();
    desk.venue.fill(id('EXIT'), '50000');
    await desk.guard.settle();
    await desk.wait(1_000);
    desk.venue.fill(id('ENTRY'), '50000', '0.001');
    await desk.guard.settle();
    expect(resting(desk)).toEqual(['STOP 0.001 at 49000', 'TARGET 0.001 at 53000']);
  });
});
