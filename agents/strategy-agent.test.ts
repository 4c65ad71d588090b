import { describe, expect, test } from 'vitest';

import type { EventBodies } from '../domain/event.ts';
import { cycleId } from '../domain/ids.ts';
import type { Evidence, NoSetup, Opinion } from '../domain/signal.ts';
import { BTC, MOMENTUM, REVERSION, START_MS } from '../domain/testing/samples.ts';
import { sampleSignal, yes } from '../tests/support/graph.ts';
import type { Reasoner } from './reasoner.ts';
import { StrategyAgent } from './strategy-agent.ts';

const C1 = cycleId('c1');
const score: Evidence = {
  id: 'momentum.score',
  label: 'Momentum',
  value: 0.6,
  unit: 'score',
  barTimeMs: START_MS,
};
const quiet: NoSetup = { kind: 'NO_SETUP', strategyId: REVERSION, because: 'no zone is near' };

type Step = Omit<EventBodies['agent.stepped'], 'agent'>;

function agentWith(options: { reasoner?: Reasoner; waiting?: boolean } = {}) {
  const steps: Step[] = [];
  const agent = new StrategyAgent({
    reasoner: options.reasoner ?? yes,
    isWaiting: () => options.waiting ?? false,
    record: async (step) => void steps.push(step),
  });
  const analyse = (opinions: readonly Opinion[]) =>
    agent.analyse(C1, BTC.id, { opinions, evidence: [score] });
  return { agent, steps, analyse };
}

describe('of a bar’s opinions', () => {
  test('the most confident signal is taken, the first of two that are equal', async () => {
    const weak = sampleSignal({ confidence: 0.5 });
    const strong = sampleSignal({ strategyId: REVERSION, confidence: 0.9 });
    const equal = sampleSignal({ strategyId: MOMENTUM, confidence: 0.9, setupId: 'other' });
    const { analyse } = agentWith();
    expect(await analyse([weak, quiet, strong, equal])).toMatchObject({ signal: strong });
    expect(await analyse([equal, strong])).toMatchObject({ signal: equal });
  });

  test('the signal’s evidence and the forecasters’ go on together', async () => {
    const { analyse } = agentWith();
    const signal = sampleSignal();
    expect(await analyse([signal])).toMatchObject({ evidence: [...signal.evidence, score] });
  });

  test('every opinion is on record beside the one that was taken', async () => {
    const { analyse, steps } = agentWith();
    await analyse([quiet, sampleSignal()]);
    expect(steps).toMatchObject([
      {
        step: 'analyse',
        summary: 'LONG by momentum: The trend is up.',
        opinions: [quiet, sampleSignal()],
        evidence: [score],
      },
    ]);
  });

  test('none that signals is quiet, says why of each, and records nothing', async () => {
    const { analyse, steps } = agentWith();
    const other = { ...quiet, strategyId: MOMENTUM, because: 'no trend' };
    const because = 'reversion: no zone is near; momentum: no trend';
    expect(await analyse([quiet, other])).toEqual({ kind: 'QUIET', because });
    expect(steps).toEqual([]);
  });

  test('nothing follows while a proposal waits, though what was seen is recorded', async () => {
    const { analyse, steps } = agentWith({ waiting: true });
    expect(await analyse([sampleSignal()])).toMatchObject({ kind: 'QUIET' });
    expect(steps).toHaveLength(1);
  });
});

describe('an argument', () => {
  const pack = {
    cycleId: C1,
    instrumentId: BTC.id,
    signal: sampleSignal(),
    evidence: sampleSignal().evidence,
  };

  test('is recorded with who reasoned', async () => {
    const { agent, steps } = agentWith();
    const thesis = await agent.argue(pack);
    expect(thesis.kind).toBe('THESIS');
    expect(steps).toMatchObject([{ step: 'argue', reasoning: thesis, reasoner: 'yes' }]);
  });

  test('that fails is recorded as the abstention it is', async () => {
    const reason = () => Promise.reject(new Error('timeout'));
    const { agent, steps } = agentWith({ reasoner: { name: 'model', reason } });
    const because = 'the reasoner failed: Error: timeout';
    expect(await agent.argue(pack)).toEqual({ kind: 'ABSTAIN', because });
    expect(steps).toMatchObject([{ summary: `Abstained: ${because}.`, reasoner: 'model' }]);
  });
});
