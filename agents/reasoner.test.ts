import { describe, expect, test } from 'vitest';

import { cycleId, instrumentId } from '../domain/ids.ts';
import type { Abstention, Thesis } from '../domain/proposal.ts';
import type { Evidence, Signal } from '../domain/signal.ts';
import { MOMENTUM, START_MS } from '../domain/testing/samples.ts';
import { believable, type EvidencePack } from './reasoner.ts';
import { MOMENTUM_EVIDENCE, rulesReasoner } from './rules-reasoner.ts';

const momentum = (value: number): Evidence => ({
  id: MOMENTUM_EVIDENCE,
  label: 'Momentum',
  value,
  unit: 'score',
  barTimeMs: START_MS,
});
const signal: Signal = {
  kind: 'SIGNAL',
  strategyId: MOMENTUM,
  direction: 'LONG',
  entry: 100,
  stop: 98,
  target: 106,
  confidence: 0.6,
  riskBps: 100,
  expiresAfterMs: 60_000,
  setupId: 'setup-1',
  because: 'The trend is up.',
  invalidation: 'A close below 98.',
  evidence: [],
};
const packOf = (change: Partial<Signal> = {}, evidence = [momentum(0.5)]): EvidencePack => ({
  cycleId: cycleId('cycle-1'),
  instrumentId: instrumentId('BTC/USD'),
  signal: { ...signal, ...change },
  evidence,
});
const thesis: Thesis = {
  kind: 'THESIS',
  direction: 'LONG',
  conviction: 0.7,
  horizon: 'a day',
  thesis: 'The trend is up.',
  invalidation: 'A close below the stop.',
  evidenceIds: [MOMENTUM_EVIDENCE],
};

describe('a thesis is believed', () => {
  test.each([0, 0.7, 1])('with a conviction of %d', (conviction) => {
    const answer = { ...thesis, conviction };
    expect(believable(answer, packOf())).toBe(answer);
  });
});

describe('a thesis becomes an abstention', () => {
  test.each<[string, Partial<Thesis>, string]>([
    ['against the signal', { direction: 'SHORT' }, 'the thesis contradicts the signal'],
    ['too sure', { conviction: 1.01 }, 'the conviction is not between 0 and 1'],
    ['less than unsure', { conviction: -0.01 }, 'the conviction is not between 0 and 1'],
    ['of no number', { conviction: NaN }, 'the conviction is not between 0 and 1'],
    ['without evidence', { evidenceIds: [] }, 'the thesis refers to no evidence'],
    [
      'on invented evidence',
      { evidenceIds: [MOMENTUM_EVIDENCE, 'rumour'] },
      'the thesis refers to "rumour", which was not shown',
    ],
  ])('%s', (_, change, because) => {
    expect(believable({ ...thesis, ...change }, packOf())).toEqual({ kind: 'ABSTAIN', because });
  });

  test('and an abstention stays one', () => {
    const abstention: Abstention = { kind: 'ABSTAIN', because: 'the model was silent' };
    expect(believable(abstention, packOf())).toBe(abstention);
  });
});

describe('the rules', () => {
  test('weigh the signal against momentum: seven parts and three', async () => {
    expect(await rulesReasoner.reason(packOf({}, [momentum(0.8)]))).toMatchObject({
      kind: 'THESIS',
      conviction: 0.66,
      thesis: 'The trend is up. Momentum agrees.',
    });
    const short = packOf({ direction: 'SHORT' }, [momentum(0.8)]);
    expect(await rulesReasoner.reason(short)).toMatchObject({ kind: 'ABSTAIN' });
  });

  test('abstain without momentum, and where it speaks too strongly against', async () => {
    expect(await rulesReasoner.reason(packOf({}, []))).toEqual({
      kind: 'ABSTAIN',
      because: 'momentum is not known yet',
    });
    expect(await rulesReasoner.reason(packOf({}, [momentum(0)]))).toEqual({
      kind: 'ABSTAIN',
      because: 'momentum speaks too strongly against the set-up',
    });
    expect(await rulesReasoner.reason(packOf({}, [momentum(NaN)]))).toMatchObject({
      kind: 'ABSTAIN',
    });
  });

  test('say only what is believable', async () => {
    for (const value of [0.3, 0.5, 0.9]) {
      const pack = packOf({ confidence: 0.9 }, [momentum(value)]);
      const answer = await rulesReasoner.reason(pack);
      expect(believable(answer, pack)).toBe(answer);
    }
  });
});
