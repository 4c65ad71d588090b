/** The deliberation over a desk: real agents, real approvals, a checkpointer that outlives them. */
import { type BaseCheckpointSaver, MemorySaver } from '@langchain/langgraph';
import { ExecutionAgent } from '../../agents/execution-agent.ts';
import { type Deliberation, deliberation, type Rest } from '../../agents/graph.ts';
import type { Reasoner } from '../../agents/reasoner.ts';
import { RiskAgent } from '../../agents/risk-agent.ts';
import { StrategyAgent } from '../../agents/strategy-agent.ts';
import { Supervisor } from '../../agents/supervisor.ts';
import { stepRecorder } from '../../agents/trace.ts';
import { InProcessBus } from '../../coordination/in-process-bus.ts';
import type { Journal } from '../../coordination/ports.ts';
import { draft } from '../../domain/draft.ts';
import { orderIdFor } from '../../domain/entry-order.ts';
import { type CycleId, cycleId, intentId } from '../../domain/ids.ts';
import type { TradeProposal } from '../../domain/proposal.ts';
import type { Evidence, Signal } from '../../domain/signal.ts';
import { BTC, MOMENTUM, START_MS } from '../../domain/testing/samples.ts';
import type { SendResult } from '../../execution/engine.ts';
import type { Desk } from './desk.ts';

const EVIDENCE: Evidence = {
  id: 'ema',
  label: 'EMA',
  value: 50_000,
  unit: 'price',
  barTimeMs: START_MS,
};

/** A long with its stop two percent away and three to win for each one to lose. */
export const sampleSignal = (change: Partial<Signal> = {}): Signal => ({
  kind: 'SIGNAL',
  strategyId: MOMENTUM,
  direction: 'LONG',
  entry: 50_000,
  stop: 49_000,
  target: 53_000,
  confidence: 0.7,
  riskBps: 10,
  expiresAfterMs: 3_600_000,
  setupId: 'setup-1',
  because: 'The trend is up.',
  invalidation: 'A close below the stop.',
  evidence: [EVIDENCE],
  ...change,
});

/** Believes every signal and cites what it was shown. */
export const yes: Reasoner = {
  name: 'yes',
  reason: async ({ signal, evidence }) => ({
    kind: 'THESIS',
    direction: signal.direction,
    conviction: signal.confidence,
    horizon: 'a day',
    thesis: signal.because,
    invalidation: signal.invalidation,
    evidenceIds: evidence.map(({ id }) => id),
  }),
};

export type Port = 'journal' | 'phases' | 'approvals' | 'intents' | 'risk' | 'bus';
export type Tamper = <T extends object>(name: Port, port: T) => T;

export interface GraphOptions {
  readonly saver?: BaseCheckpointSaver;
  readonly reasoner?: Reasoner;
  /** Stands between the agents and a port. */
  readonly tamper?: Tamper;
}

export class GraphDesk {
  readonly desk: Desk;
  readonly saver: BaseCheckpointSaver;
  readonly supervisor: Supervisor;
  readonly graph: Deliberation;

  constructor(desk: Desk, options: GraphOptions = {}) {
    const { reasoner = yes, saver = new MemorySaver() } = options;
    const tamper: Tamper = options.tamper ?? ((_, port) => port);
    const { ledger, clock, decisions, book, instruments } = desk;
    const journaled = { write: ((...drafts) => ledger.append(...drafts)) as Journal };
    const { write: journal } = tamper('journal', journaled);
    const approvals = tamper('approvals', desk.approvals);
    const risk = tamper('risk', desk.risk);
    const bus = new InProcessBus(clock, async ({ id, lane, kind, from, to, topic, ...message }) => {
      const { summary, correlationId } = message;
      const body = { messageId: id, lane, kind, from, to, topic, summary };
      const actor = { kind: 'AGENT', name: from } as const;
      await ledger.append(draft('message.sent', actor, correlationId, null, body));
    });
    this.desk = desk;
    this.saver = saver;
    this.supervisor = new Supervisor({
      phases: tamper('phases', desk.phases),
      bus: tamper('bus', bus),
      journal,
      approvalOf: (cycle) => {
        const decision = decisions.get(cycle);
        return decision && { status: decision.approvalStatus, because: decision.because };
      },
      halted: () => (book.tradingState === 'ACTIVE' ? undefined : 'a halt'),
    });
    const strategy = new StrategyAgent({
      reasoner,
      isWaiting: (id) => approvals.isWaiting(id),
      record: stepRecorder(journal, 'strategy'),
    });
    this.graph = deliberation(
      {
        supervisor: this.supervisor,
        strategy,
        risk: new RiskAgent({ risk, instruments, record: stepRecorder(journal, 'risk') }),
        execution: new ExecutionAgent({
          intents: tamper('intents', desk.approvals),
          record: stepRecorder(journal, 'execution'),
        }),
        approvals,
        approvalMs: 3_600_000,
        flush: () => ledger.flush(),
      },
      saver,
    );
  }

  /** Opens a cycle for a signal and deliberates until it sleeps or is over. */
  async begin(name: string, change: Partial<Signal> = {}): Promise<Rest> {
    const cycle = cycleId(name);
    await this.supervisor.open(cycle, BTC.id, this.desk.clock.now());
    const signal = sampleSignal({ setupId: `setup-${name}`, ...change });
    const { evidence } = signal;
    const nowMs = this.desk.clock.now();
    return this.graph.begin({ cycleId: cycle, instrumentId: BTC.id, signal, evidence, nowMs });
  }

  proposalOf(cycle: CycleId): TradeProposal {
    const proposal = this.desk.decisions.get(cycle)?.proposal;
    if (proposal == null) throw new Error(`${cycle} made no proposal`);
    return proposal;
  }

  approve(cycle: CycleId) {
    return this.desk.decide(this.proposalOf(cycle));
  }

  /** What the runtime does with a thread that is over: the engine claims what it left behind. */
  execute(cycle: CycleId): Promise<SendResult | undefined> {
    return this.desk.engine.execute(intentId(orderIdFor(this.proposalOf(cycle).id, 'ENTRY')));
  }
}

export class Crash extends Error {
  override readonly name = 'Crash';
}

/** A port whose method ends the process once, before or after doing its work. */
export function crashing<T extends object>(
  port: T,
  method: string,
  when: 'before' | 'after',
  call = 1,
): T {
  let calls = 0;
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const bound = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (name !== method) return bound;
      return (...args: unknown[]) => {
        calls += 1;
        if (calls !== call) return bound(...args);
        if (when === 'before') throw new Crash(`before ${method}`);
        const result = bound(...args);
        const crash = (): never => {
          throw new Crash(`after ${method}`);
        };
        return result instanceof Promise ? result.then(crash) : crash();
      };
    },
  });
}
