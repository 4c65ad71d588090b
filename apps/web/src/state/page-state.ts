/** Everything the page knows. The server is the source; this is a copy that can be thrown away. */
import type {
  ApprovalView,
  DecisionRequest,
  DecisionView,
  EntryView,
  StateView,
} from '../../../api/views.ts';
import type { ChartData } from './chart-data.ts';

export type Connection =
  | { readonly status: 'CONNECTING' }
  | { readonly status: 'LIVE' }
  | { readonly status: 'LOST'; readonly sinceMs: number; readonly retryAtMs: number };

export interface LivePrice {
  readonly price: string;
  readonly atMs: number;
}

/** A decision that was asked of the server and has not become a result. */
export type Attempt =
  | { readonly phase: 'BUSY'; readonly decision: DecisionRequest['decision'] }
  | { readonly phase: 'FAILED'; readonly message: string };

/** A proposal that stopped waiting while the page watched; nulls until the page knows why. */
export interface Settled {
  readonly approval: ApprovalView;
  readonly status: string | null;
  readonly sentence: string | null;
}

export interface Decisions {
  readonly rows: readonly DecisionView[];
  /** Cycles that saw no set-up are left out unless this is on. */
  readonly quiet: boolean;
  readonly atEnd: boolean;
}

export interface Journal {
  /** Newest first, gap-free. */
  readonly entries: readonly EntryView[];
  /** How many entries to hold on to while new ones stream in. */
  readonly keep: number;
  readonly atEnd: boolean;
}

export interface PageState {
  readonly connection: Connection;
  readonly server: StateView | null;
  /** Wall time at which `server` arrived: countdowns run from here. */
  readonly serverAtMs: number;
  /** Wall time at which anything was last heard; null before the first word. */
  readonly heardAtMs: number | null;
  readonly price: LivePrice | null;
  readonly chart: ChartData | null;
  readonly decisions: Decisions | null;
  readonly journal: Journal | null;
  readonly attempts: Readonly<Record<string, Attempt>>;
  readonly settled: readonly Settled[];
  /** The proposal drawn into the chart. */
  readonly focusedApprovalId: string | null;
}

export const EMPTY_PAGE: PageState = {
  connection: { status: 'CONNECTING' },
  server: null,
  serverAtMs: 0,
  heardAtMs: null,
  price: null,
  chart: null,
  decisions: null,
  journal: null,
  attempts: {},
  settled: [],
  focusedApprovalId: null,
};
