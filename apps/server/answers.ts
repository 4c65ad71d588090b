/** What each question to the API is answered with: the shell of HTTP knows nothing of trading. */
import type { Actor } from '../../domain/event.ts';
import { approvalId, type CycleId, cycleId } from '../../domain/ids.ts';
import type { ApprovalRow, ChainedEvent } from '../../ledger/ledger.ts';
import { type Decision, Decisions } from '../../ledger/projections/decisions.ts';
import type { AccountsView } from '../api/account-views.ts';
import type {
  ApprovalView,
  ChartView,
  DecisionRequest,
  DecisionResult,
  DecisionView,
  EntryView,
  HaltProgress,
  HaltRequest,
  HaltResult,
  StateView,
  TraceView,
} from '../api/views.ts';
import type { DecisionsQuery, HealthView, JournalQuery } from './http/api.ts';
import type { KillDesk } from './halt/kill-desk.ts';
import { fromLedger, unavailable } from './from-ledger.ts';
import { Conflict, NotFound, Unprocessable } from './http/refusals.ts';
import type { Sources } from './sources.ts';
import { accountsView } from './views/accounts-view.ts';
import { approvalView } from './views/approval-view.ts';
import { chartView } from './views/chart-view.ts';
import { decisionView } from './views/decision-view.ts';
import { entryView } from './views/entry-view.ts';
import { stateView, waitingApprovals } from './views/state-view.ts';
import { traceView } from './views/trace-view.ts';

const DECISIONS_DEFAULT = 50;
const ENTRIES_DEFAULT = 100;

/** Whoever reaches the loopback interface of this machine. */
const LOCAL_PERSON: Actor = { kind: 'PERSON', name: 'local' };
const KILL_SWITCH = 'the kill switch was pulled';

/** Methods reject with one of `REFUSALS`; any other rejection is a fault of ours. */
export class Answers {
  readonly #sources: Sources;
  readonly #killDesk: KillDesk;

  constructor(sources: Sources, killDesk: KillDesk) {
    this.#sources = sources;
    this.#killDesk = killDesk;
  }

  async health(): Promise<HealthView> {
    const { ledger, version } = this.#sources.runtime.options;
    if (ledger.broken !== undefined) throw unavailable(ledger.broken);
    return { ok: true, version, seq: ledger.head.seq };
  }

  async state(): Promise<StateView> {
    return stateView(this.#sources);
  }

  async chart(): Promise<ChartView> {
    return chartView(this.#sources);
  }

  async decisions(query: DecisionsQuery): Promise<{ decisions: readonly DecisionView[] }> {
    const { decisions } = this.#sources.runtime.parts;
    const before = query.before === undefined ? undefined : cycleId(query.before);
    if (before !== undefined && !(await this.#wasOpened(before))) {
      throw new Unprocessable({
        code: 'UNKNOWN_CYCLE',
        message: `before: no cycle "${before}" was ever opened; name one that an earlier answer listed.`,
      });
    }
    const keep = ({ outcome }: Decision): boolean =>
      query.quiet === 'true' || outcome !== 'NO_SETUP';
    const found = decisions.latest(query.limit ?? DECISIONS_DEFAULT, keep, before);
    return { decisions: found.map((decision) => this.#decisionView(decision)) };
  }

  async trace(cycle: string): Promise<TraceView> {
    const { runtime, market } = this.#sources;
    const { ledger, clock } = runtime.options;
    const recorded = await fromLedger(() => ledger.readCorrelated(cycle));
    const decision =
      runtime.parts.decisions.get(cycleId(cycle)) ?? toldBy(recorded, cycleId(cycle));
    if (decision === undefined) {
      throw new NotFound({
        code: 'UNKNOWN_CYCLE',
        message: `No cycle "${cycle}" was ever opened.`,
      });
    }
    const row = await fromLedger(() => this.#approvalRow(decision));
    const proposal = approvalView(decision, market.status(), clock.now(), row);
    return traceView(this.#decisionView(decision), proposal, recorded);
  }

  async journal(query: JournalQuery): Promise<{ entries: readonly EntryView[] }> {
    const { ledger } = this.#sources.runtime.options;
    const newest = Math.min(ledger.head.seq, (query.before ?? Number.POSITIVE_INFINITY) - 1);
    const count = Math.min(query.limit ?? ENTRIES_DEFAULT, newest);
    if (count === 0) return { entries: [] };
    const page = await fromLedger(() => ledger.read(newest - count, count));
    return { entries: page.toReversed().map(entryView) };
  }

  async accounts(): Promise<AccountsView> {
    return accountsView(this.#sources.runtime.parts.accounts);
  }

  async approvals(): Promise<{ approvals: readonly ApprovalView[] }> {
    return { approvals: waitingApprovals(this.#sources) };
  }

  async decide(id: string, request: DecisionRequest): Promise<DecisionResult> {
    const { runtime } = this.#sources;
    const outcome = await fromLedger(() =>
      runtime.decide({ ...request, id: approvalId(id), decider: LOCAL_PERSON }),
    );
    switch (outcome.kind) {
      case 'DECIDED':
        return { status: outcome.status, sentence: outcome.sentence };
      case 'NOT_FOUND':
        throw new NotFound({ code: 'UNKNOWN_APPROVAL', message: `There is no approval "${id}".` });
      case 'STALE_VIEW':
      case 'ALREADY':
        throw new Conflict({ code: outcome.kind, message: outcome.sentence });
    }
  }

  async halting(): Promise<HaltProgress> {
    return this.#killDesk.progress();
  }

  /** Needs neither the ledger nor a turn of the runtime, and is as welcome a second time. */
  async halt({ flatten, because = '' }: HaltRequest): Promise<HaltResult> {
    const said = because.trim();
    const by = LOCAL_PERSON;
    return this.#killDesk.pull({ flatten, because: said === '' ? KILL_SWITCH : said, by });
  }

  #decisionView(decision: Decision): DecisionView {
    return decisionView(decision, this.#sources.projection.results.of(decision.cycleId));
  }

  /** Also when it is over for so long that nobody holds it any more. */
  async #wasOpened(id: CycleId): Promise<boolean> {
    const { parts, options } = this.#sources.runtime;
    if (parts.decisions.get(id) !== undefined) return true;
    return opens(await fromLedger(() => options.ledger.readCorrelated(id)), id);
  }

  async #approvalRow({ approvalId: id }: Decision): Promise<ApprovalRow | undefined> {
    if (id === null) return undefined;
    return this.#sources.runtime.options.ledger.rows((rows) => rows.approval(id));
  }
}

/** A cycle that is over for so long that only the journal still tells of it. */
function toldBy(recorded: readonly ChainedEvent[], id: CycleId): Decision | undefined {
  // Other workflows have ids too, and begin with what no decision knows of.
  if (!opens(recorded, id)) return undefined;
  const decisions = new Decisions();
  for (const { event } of recorded) decisions.apply(event);
  return decisions.get(id);
}

const opens = (recorded: readonly ChainedEvent[], id: CycleId): boolean =>
  recorded.some(({ event }) => event.type === 'cycle.opened' && event.body.cycleId === id);
