import { expect, test } from 'vitest';
import { drill } from './drill.ts';

test('a drill reaches every step in order, and what is approved meanwhile is not sent', async () => {
  const { noNewOrdersMs, canceledMs, flatMs, canceled, sentAfter } = await drill(1, 'calm');
  const steps = [noNewOrdersMs, canceledMs, flatMs];
  expect(steps).not.toContain(null);
  expect(steps.toSorted((a, b) => Number(a) - Number(b))).toEqual(steps);
  expect(canceled).toBeGreaterThanOrEqual(1);
  expect(sentAfter).toBe(0);
});

test('a drill holds on a day of lost acknowledgements', async () => {
  const run = await drill(1, 'lost-acks');
  expect(run.flatMs).not.toBeNull();
  expect(run.sentAfter).toBe(0);
});
