/**
 * The deliberation of one set-up as a LangGraph: Supervisor → Strategy → Risk → (approval) → Execution,
 * the Supervisor between every two. The graph orchestrates and sleeps; what is decided is in the ledger,
 * so a node that runs twice finds its work done. No node can send an order.
 */
import {
  Annotation,
  type BaseCheckpointSaver,
  Command,
  END,
  interrupt,
  START,
  StateGraph,
  type StateSnapshot,
} from '@langchain/langgraph';
import type { CycleId, InstrumentId, ProposalId } from '../domain/ids.ts';
import type { Thesis } from '../domain/proposal.ts';
import type { Evidence, Signal } from '../domain/signal.ts';
import type { ApprovalDesk } from '../coordination/ports.ts';
import type { ExecutionAgent } from './execution-agent.ts';
import type { RiskAgent } from './risk-agent.ts';
import type { StrategyAgent } from './strategy-agent.ts';
import type { Stage, Supervisor } from './supervisor.ts';

const DeliberationState = Annotation.Root({
  cycleId: Annotation<CycleId>,
  instrumentId: Annotation<InstrumentId>,
  signal: Annotation<Signal>,
  evidence: Annotation<readonly Evidence[]>,
  nowMs: Annotation<number>,
  stage: Annotation<Stage>,
  because: Annotation<string>,
  thesis: Annotation<Thesis>,
  proposalId: Annotation<ProposalId>,
});

type State = typeof DeliberationState.State;
export type DeliberationInput = Pick<
  State,
  'cycleId' | 'instrumentId' | 'signal' | 'evidence' | 'nowMs'
>;

export interface GraphParts {
  readonly supervisor: Supervisor;
  readonly strategy: StrategyAgent;
  readonly risk: RiskAgent;
  readonly execution: ExecutionAgent;
  readonly approvals: ApprovalDesk;
  /** How long a proposal may wait, on the market's clock. */
  readonly approvalMs: number;
  /** Makes everything journaled so far durable. */
  readonly flush: () => Promise<void>;
}

/** Where a thread went to sleep, or that it is over. */
export type Rest = 'ASLEEP' | 'OVER';

export interface Deliberation {
  begin(input: DeliberationInput): Promise<Rest>;
  /** Wakes a sleeping thread, or goes on with one that a crash cut off. */
  wake(cycle: CycleId): Promise<Rest>;
  /** True while a thread sleeps at its approval. */
  isAsleep(cycle: CycleId): Promise<boolean>;
  /** Forgets a finished thread; the journal is the record. */
  forget(cycle: CycleId): Promise<void>;
}

export function deliberation(parts: GraphParts, checkpointer: BaseCheckpointSaver): Deliberation {
  const graph = build(parts).compile({ checkpointer });
  const config = (cycle: CycleId) => ({
    configurable: { thread_id: cycle },
    durability: 'sync' as const,
  });
  const rest = async (cycle: CycleId): Promise<Rest> =>
    isOver(await graph.getState(config(cycle))) ? 'OVER' : 'ASLEEP';
  return {
    async begin(input) {
      // The first checkpoint must not know of a cycle that the journal could still lose.
      await parts.flush();
      await graph.invoke({ ...input, stage: 'SIGNALLED', because: '' }, config(input.cycleId));
      return rest(input.cycleId);
    },
    isAsleep: async (cycle) => sleeps(await graph.getState(config(cycle))),
    async wake(cycle) {
      const state = await graph.getState(config(cycle));
      if (isOver(state)) return 'OVER';
      // A resume must carry something; what it carries is ignored, the row is what counts.
      await graph.invoke(
        sleeps(state) ? new Command({ resume: { kind: 'wake' } }) : null,
        config(cycle),
      );
      return rest(cycle);
    },
    async forget(cycle) {
      await checkpointer.deleteThread(cycle);
    },
  };
}

function build(parts: GraphParts) {
  const { supervisor, strategy, risk, execution, approvals, approvalMs, flush } = parts;
  /** A checkpoint must never know of a step that the journal could still lose. */
  const journaled =
    <R>(node: (state: State) => Promise<R>) =>
    async (state: State): Promise<R> => {
      const result = await node(state);
      await flush();
      return result;
    };
  return new StateGraph(DeliberationState)
    .addNode(
      'Supervisor',
      journaled(async (state: State) => {
        const next = await supervisor.route(state.cycleId, state.stage, state.because);
        return new Command({ goto: next === 'END' ? END : next });
      }),
      { ends: ['Strategy', 'Risk', 'Approval', 'Execution', END] },
    )
    .addNode(
      'Strategy',
      journaled(async (state: State): Promise<Partial<State>> => {
        const reasoning = await strategy.argue(state);
        return reasoning.kind === 'THESIS'
          ? { stage: 'ARGUED', thesis: reasoning }
          : { stage: 'ABSTAINED', because: reasoning.because };
      }),
    )
    .addNode(
      'Risk',
      journaled(async (state: State): Promise<Partial<State>> => {
        const assessment = await risk.assess({ ...state, approvalMs });
        if (assessment.kind === 'REFUSED') {
          await supervisor.recordRefusal(state.cycleId, assessment.because, assessment.verdict);
          return { stage: 'REFUSED', because: assessment.because };
        }
        await approvals.request(assessment.proposal, assessment.verdict, state.cycleId);
        return { stage: 'PROPOSED', proposalId: assessment.proposal.id };
      }),
    )
    .addNode(
      'Approval',
      async (state: State): Promise<Command> => {
        // Nothing stands before this line: on waking, the node runs again from its beginning.
        interrupt({ proposalId: state.proposalId });
        const standing = await approvals.standing(state.proposalId);
        if (standing === 'WAITING') return new Command({ goto: 'Approval' });
        const stage: Stage = standing === 'GO' ? 'APPROVED' : 'STOPPED';
        return new Command({ update: { stage }, goto: 'Supervisor' });
      },
      // Its ways out are only these: a fixed edge beside a `goto` would be taken as well.
      { ends: ['Approval', 'Supervisor'] },
    )
    .addNode(
      'Execution',
      journaled(async (state: State): Promise<Partial<State>> => {
        await execution.prepare(state.cycleId, state.proposalId);
        return { stage: 'PREPARED' };
      }),
    )
    .addEdge(START, 'Supervisor')
    .addEdge('Strategy', 'Supervisor')
    .addEdge('Risk', 'Supervisor')
    .addEdge('Execution', 'Supervisor');
}

/** Not `next`: it leaves out a task that was being resumed when a crash cut it off. */
const isOver = (state: StateSnapshot): boolean => state.tasks.length === 0;

const sleeps = (state: StateSnapshot): boolean =>
  state.tasks.some((task) => task.interrupts.length > 0);
