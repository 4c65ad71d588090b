import type {
  ApprovalView,
  DecisionResult,
  EntryView,
  StateView,
  TraceView,
} from '../../apps/api/views.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** The running server as a program would use it. */
export class Api {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url}/api/v1`;
  }

  async state(): Promise<StateView> {
    return (await this.#get<StateView>('/state')).body;
  }

  async approvals(): Promise<readonly ApprovalView[]> {
    const { body } = await this.#get<{ approvals: readonly ApprovalView[] }>(
      '/approvals?status=PENDING',
    );
    return body.approvals;
  }

  /** Everything recorded of one decision. */
  async entriesOf(cycleId: string): Promise<readonly EntryView[]> {
    const { body } = await this.#get<TraceView>(`/decisions/${encodeURIComponent(cycleId)}`);
    return body.entries;
  }

  approve(approval: ApprovalView): Promise<Answer<DecisionResult>> {
    return this.#call(`/approvals/${encodeURIComponent(approval.id)}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        decision: 'APPROVE',
        version: approval.version,
        seenHash: approval.proposalHash,
        reason: 'a test',
      }),
    });
  }

  #get<T>(path: string): Promise<Answer<T>> {
    return this.#call(path, {});
  }

  async #call<T>(path: string, init: RequestInit): Promise<Answer<T>> {
    const response = await fetch(`${this.#url}${path}`, init);
    return { status: response.status, body: (await response.json()) as T };
  }
}

/** Asks again until there is an answer worth having; says what it waited for when there is none. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited thirty seconds for ${what}`);
}
