import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { worstCase } from '../risk-kernel/command.ts';
import { LIMITS } from '../risk-kernel/limits.ts';
import { entryOrder } from '../domain/entry-order.ts';
import { cycleId } from '../domain/ids.ts';
import type { Signal } from '../domain/signal.ts';
import { BTC, ETH, sampleProposal, START_MS } from '../domain/testing/samples.ts';
import { basisPoints, money, price, quantity } from '../domain/units.ts';
import { trailBy } from '../domain/management.ts';
import { openDesk } from '../tests/support/desk.ts';
import { sampleSignal } from '../tests/support/graph.ts';
import { PROPERTY_RUNS } from '../tests/support/property-runs.ts';
import { type Assessment, RiskAgent } from './risk-agent.ts';

const { thesis } = sampleProposal();

async function assess(change: Partial<Signal> = {}, instrument = BTC): Promise<Assessment> {
  const { risk, instruments } = await openDesk();
  const agent = new RiskAgent({ risk, instruments, record: async () => {} });
  const signal = sampleSignal(change);
  return agent.assess({
    cycleId: cycleId('c1'),
    instrumentId: instrument.id,
    signal,
    thesis,
    evidence: signal.evidence,
    nowMs: START_MS,
    approvalMs: 60_000,
  });
}

const proposed = async (change: Partial<Signal> = {}) => {
  const assessment = await assess(change);
  if (assessment.kind === 'REFUSED') throw new Error(assessment.because);
  return assessment.proposal;
};

describe('a proposal', () => {
  test('is the signal in exact numbers', async () => {
    // 10 basis points of 10,000 over 50,500 − 49,000.
    expect(await proposed()).toMatchObject({
      direction: 'LONG',
      quantity: '0.00666666',
      referencePrice: '50000',
      stop: '49000',
      target: '53000',
      lossAtStop: '6.66666',
      notional: '333.333',
      rewardToRisk: '3',
      confidence: thesis.conviction,
      createdAtMs: START_MS,
      expiresAtMs: START_MS + 60_000,
    });
  });

  test('has its levels on the tick: the stop rounded away, the target toward', async () => {
    const long = await proposed({ stop: 48_999.999, target: 53_000.009 });
    expect([long.stop, long.target]).toEqual(['48999.99', '53000']);
    const short = { direction: 'SHORT', stop: 51_000.001, target: 46_999.991 } as const;
    const { stop, target } = await proposed(short);
    expect([stop, target]).toEqual(['51000.01', '47000']);
  });

  test('waits no longer than the signal is good for', async () => {
    const { expiresAtMs } = await proposed({ expiresAfterMs: 1_000 });
    expect(expiresAtMs).toBe(START_MS + 1_000);
  });

  test('has the same id whenever the same set-up is assessed, and another for another', async () => {
    const [first, again, other] = await Promise.all([
      proposed(),
      proposed(),
      proposed({ setupId: 'setup-2' }),
    ]);
    expect(first.id).toBe(again.id);
    expect(other.id).not.toBe(first.id);
  });

  test('takes its trail from the signal, and none where there is none', async () => {
    expect((await proposed({ management: trailBy(150) })).management).toEqual({
      trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' },
    });
    expect(await proposed()).not.toHaveProperty('management');
  });
});

test('whatever a signal asks, the order risks no more than the kernel’s limit and is never larger', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 10_000, max: 49_700, noNaN: true }),
      async (riskBps, stop) => {
        const target = 50_000 + 3 * (50_000 - stop);
        const assessment = await assess({ riskBps, stop, target });
        if (assessment.kind === 'REFUSED') return;
        const order = entryOrder(assessment.proposal);
        const { risk } = worstCase(order, price('50000'));
        const allowed = Math.min(riskBps, LIMITS.riskPerTradeBpsMax);
        expect(risk <= basisPoints(money('10000'), allowed, 'down')).toBe(true);
        expect(order.quantity <= quantity('1')).toBe(true);
        expect(assessment.verdict.cleared).toBe(true);
      },
    ),
    { numRuns: PROPERTY_RUNS / 5 },
  ));

describe('a refusal', () => {
  test('for want of a price says so', async () => {
    const because = 'there is no price to size by';
    expect(await assess({}, ETH)).toEqual({ kind: 'REFUSED', because, verdict: null });
  });

  test('for want of room says what was short', async () => {
    expect(await assess({ stop: 50_600 })).toMatchObject({
      kind: 'REFUSED',
      because: 'no size fits: limited by risk',
    });
  });

  test('by the kernel carries the kernel’s sentence and verdict', async () => {
    const refused = await assess({ target: 50_600 });
    expect(refused).toMatchObject({
      kind: 'REFUSED',
      because: expect.stringContaining('REWARD_RISK_BELOW_MINIMUM'),
      verdict: { cleared: false },
    });
  });
});
