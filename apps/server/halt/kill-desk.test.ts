import { expect, test } from 'vitest';
import { clientOrderId } from '../../../domain/ids.ts';
import type { KillOrder, KillReport } from '../../../execution/kill-switch.ts';
import { KillDesk, type Pull } from './kill-desk.ts';

const ORDER: KillOrder = { flatten: true, because: 'a test', by: { kind: 'SYSTEM', name: 'test' } };
const REPORT: KillReport = {
  canceled: [clientOrderId('E1P1')],
  exitsKept: [clientOrderId('S1P2')],
  confirmed: true,
  leftOpen: [],
  flat: false,
  recorded: true,
};

function deskOf(pull: Pull, times: number[] = []): KillDesk {
  return new KillDesk({ pull, instrumentOf: () => 'BTC/USD', nowMs: () => times.shift() ?? 0 });
}

test('each step is told with its time since the pull, while the rest is under way', async () => {
  const heard: unknown[] = [];
  const desk = deskOf(
    async (_, onStep) => {
      onStep('NO_NEW_ORDERS');
      heard.push(desk.progress());
      onStep('CANCELED');
      return REPORT;
    },
    [1_000, 1_003.14, 1_041],
  );
  expect(desk.progress()).toEqual({ running: false, steps: [], report: null });
  const result = await desk.pull(ORDER);
  expect(heard).toEqual([
    { running: true, steps: [{ step: 'NO_NEW_ORDERS', ms: 3.1 }], report: null },
  ]);
  expect(result.steps).toEqual([
    { step: 'NO_NEW_ORDERS', ms: 3.1 },
    { step: 'CANCELED', ms: 41 },
  ]);
  expect(result.report.exitsKept).toEqual([{ id: 'S1P2', instrumentId: 'BTC/USD' }]);
  expect(desk.progress()).toEqual({ running: false, ...result });
});

test('a second pull does not wait for the first', async () => {
  let pulls = 0;
  let end: () => void = () => {};
  const desk = deskOf(async () => {
    pulls += 1;
    if (pulls === 1) await new Promise<void>((resolve) => (end = resolve));
    return REPORT;
  });
  const first = desk.pull(ORDER);
  await desk.pull(ORDER);
  expect(pulls).toBe(2);
  end();
  await first;
});

test('a pull that fails is not under way any more, and its caller hears of it', async () => {
  const desk = deskOf(() => Promise.reject(new Error('the venue is gone')));
  await expect(desk.pull(ORDER)).rejects.toThrow('the venue is gone');
  expect(desk.progress()).toMatchObject({ running: false, report: null });
});
