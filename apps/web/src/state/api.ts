/** The server's HTTP interface, as far as the page uses it. */
import type { VerifyView } from '../../../api/audit-views.ts';
import type {
  ChartView,
  DecisionRequest,
  DecisionResult,
  DecisionView,
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
  TraceView,
  TradingStateRequest,
} from '../../../api/views.ts';
import { DECISIONS_PAGE } from './decisions-data.ts';
import { JOURNAL_PAGE } from './journal-data.ts';

/** The server understood and said no; its message is a sentence for people. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Nothing came back: nobody here knows whether the request arrived. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

async function refusal(response: Response): Promise<Refused> {
  const body: unknown = await response.json().catch(() => null);
  const told = typeof body === 'object' && body !== null && 'message' in body ? body.message : null;
  const fallback = `The server answered ${response.status} without saying why.`;
  return new Refused(typeof told === 'string' && told !== '' ? told : fallback);
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/api/v1${path}`, init).catch(() => {
    throw new NoAnswer('The server did not answer.');
  });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

export const getState = (): Promise<StateView> => ask('/state');
export const getChart = (): Promise<ChartView> => ask('/chart');
export const getTrace = (cycleId: string): Promise<TraceView> =>
  ask(`/decisions/${encodeURIComponent(cycleId)}`);
export const verifyChain = (): Promise<VerifyView> => ask('/audit/verify');

export async function getDecisions(
  quiet: boolean,
  before?: string,
): Promise<readonly DecisionView[]> {
  const query = new URLSearchParams({ limit: String(DECISIONS_PAGE) });
  if (before !== undefined) query.set('before', before);
  if (quiet) query.set('quiet', 'true');
  const answer = await ask<{ readonly decisions: readonly DecisionView[] }>(`/decisions?${query}`);
  return answer.decisions;
}

export async function getJournal(before?: number): Promise<readonly EntryView[]> {
  const query = new URLSearchParams({ limit: String(JOURNAL_PAGE) });
  if (before !== undefined) query.set('before', String(before));
  const answer = await ask<{ readonly entries: readonly EntryView[] }>(`/journal?${query}`);
  return answer.entries;
}

const post = <T>(path: string, request: object): Promise<T> =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });

export const postDecision = (id: string, request: DecisionRequest): Promise<DecisionResult> =>
  post(`/approvals/${encodeURIComponent(id)}/decision`, request);
export const postOperator = (request: OperatorRequest): Promise<OperatorResult> =>
  post('/operators', request);
export const postTradingState = (request: TradingStateRequest): Promise<LooseningResult> =>
  post('/trading-state', request);
export const postEnable = (id: string, request: EnableRequest): Promise<LooseningResult> =>
  post(`/strategies/${encodeURIComponent(id)}/enable`, request);

export const postInstrument = (request: InstrumentRequest): Promise<LooseningResult> =>
  post('/instruments/resume', request);
export const postHalt = (request: HaltRequest): Promise<HaltResult> => post('/halt', request);
export const getHalting = (): Promise<HaltProgress> => ask('/halt');

/** What to show for anything that was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
