/** The command line's side of the API. */
import type { AccountsView } from '../api/account-views.ts';
import type {
  BackupResult,
  EventProofView,
  ExportRequest,
  ExportResult,
  VerifyView,
} from '../api/audit-views.ts';
import type {
  ApprovalView,
  DecisionResult,
  EnableRequest,
  EntryView,
  HaltProgress,
  HaltRequest,
  HaltResult,
  InstrumentRequest,
  LooseningResult,
  OperatorRequest,
  OperatorResult,
  StateView,
  TradingStateRequest,
} from '../api/views.ts';
import type {
  AnswerRequest,
  DisableRequest,
  DoneResult,
  FeedbackView,
  FillsView,
  NoteRequest,
  TradeDetail,
  TradeView,
} from '../api/trade-views.ts';
import { BadInput } from './errors.ts';

export class ApiClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  state(): Promise<StateView> {
    return this.#get('/state');
  }

  async approvals(): Promise<readonly ApprovalView[]> {
    const { approvals } = await this.#get<{ approvals: readonly ApprovalView[] }>(
      '/approvals?status=PENDING',
    );
    return approvals;
  }

  accounts(): Promise<AccountsView> {
    return this.#get('/accounts');
  }

  verify(): Promise<VerifyView> {
    return this.#get('/audit/verify');
  }

  prove(seq: number): Promise<EventProofView> {
    return this.#get(`/audit/proofs/${seq}`);
  }

  exportBundle(range: ExportRequest): Promise<ExportResult> {
    return this.#post('/audit/exports', range);
  }

  backup(): Promise<BackupResult> {
    return this.#post('/backup', {});
  }

  /** Newest first. */
  async journal(page: { limit: number; before?: number }): Promise<readonly EntryView[]> {
    const before = page.before === undefined ? '' : `&before=${page.before}`;
    const { entries } = await this.#get<{ entries: readonly EntryView[] }>(
      `/journal?limit=${page.limit}${before}`,
    );
    return entries;
  }

  decide(
    approval: ApprovalView,
    decision: 'APPROVE' | 'DECLINE',
    reason: string,
  ): Promise<DecisionResult> {
    const { version, proposalHash: seenHash } = approval;
    const body = { decision, version, seenHash, reason };
    return this.#post(`/approvals/${encodeURIComponent(approval.id)}/decision`, body);
  }

  addOperator(request: OperatorRequest): Promise<OperatorResult> {
    return this.#post('/operators', request);
  }

  loosen(request: TradingStateRequest): Promise<LooseningResult> {
    return this.#post('/trading-state', request);
  }

  /** Whoever cannot wait for the answer any longer aborts; what was asked may happen all the same. */
  halt(request: HaltRequest, signal: AbortSignal): Promise<HaltResult> {
    return this.#post('/halt', request, signal);
  }

  /** How far the halt came; gives up on a server that does not answer in time. */
  halting(waitMs: number): Promise<HaltProgress> {
    return this.#request('/halt', { signal: AbortSignal.timeout(waitMs) });
  }

  resumeInstrument(request: InstrumentRequest): Promise<LooseningResult> {
    return this.#post('/instruments/resume', request);
  }

  enableStrategy(id: string, request: EnableRequest): Promise<LooseningResult> {
    return this.#post(`/strategies/${encodeURIComponent(id)}/enable`, request);
  }

  disableStrategy(id: string, request: DisableRequest): Promise<DoneResult> {
    return this.#post(`/strategies/${encodeURIComponent(id)}/disable`, request);
  }

  async trades(limit: number): Promise<readonly TradeView[]> {
    const { trades } = await this.#get<{ trades: readonly TradeView[] }>(`/trades?limit=${limit}`);
    return trades;
  }

  trade(id: string): Promise<TradeDetail> {
    return this.#get(`/trades/${encodeURIComponent(id)}`);
  }

  noteTrade(id: string, request: NoteRequest): Promise<DoneResult> {
    return this.#post(`/trades/${encodeURIComponent(id)}/notes`, request);
  }

  fills(after: number): Promise<FillsView> {
    return this.#get(`/fills?after=${after}`);
  }

  feedback(days: number): Promise<FeedbackView> {
    return this.#get(`/feedback?days=${days}`);
  }

  answerFeedback(id: string, request: AnswerRequest): Promise<DoneResult> {
    return this.#post(`/feedback/${encodeURIComponent(id)}/answer`, request);
  }

  #get<T>(path: string): Promise<T> {
    return this.#request(path, {});
  }

  #post<T>(path: string, body: unknown, signal: AbortSignal | null = null): Promise<T> {
    return this.#request(path, {
      signal,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #request<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1${path}`, init).catch((error: unknown) => {
      throw new Error(`no Plimsoll answers at ${this.#url}: ${causeOf(error)}`);
    });
    const body: unknown = await response.json();
    if (response.ok) return body as T;
    const { message } = body as { message?: string };
    const sentence = message ?? `the server answered ${response.status}`;
    throw response.status === 400 || response.status === 404
      ? new BadInput(sentence)
      : new Error(sentence);
  }
}

const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
