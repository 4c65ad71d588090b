/** The HTTP interface as data: requests are decoded and answers encoded by these schemas alone. */
import { Schema } from 'effect';
import {
  HttpApi,
  HttpApiEndpoint,
  HttpApiGroup,
  HttpApiMiddleware,
  OpenApi,
} from 'effect/http-api';
import {
  ApprovalView,
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
} from '../../api/views.ts';
import { VERSION } from '../../version.ts';
import { BadRequest, LOOSENING_REFUSALS, REFUSALS } from './refusals.ts';
import { audit } from './audit-api.ts';
import { trades } from './trades-api.ts';

const pageOf = (most: number) =>
  Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: most })));

const DecisionsQuery = Schema.Struct({
  /** 50 when left out. */
  limit: pageOf(200),
  /** A cycle id; what follows is older than it. */
  before: Schema.optionalKey(Schema.String.check(Schema.isMinLength(1))),
  /** `true` shows the cycles that saw no set-up too. */
  quiet: Schema.optionalKey(Schema.Literals(['true', 'false'])),
});
export type DecisionsQuery = typeof DecisionsQuery.Type;

const JournalQuery = Schema.Struct({
  /** 100 when left out. */
  limit: pageOf(500),
  /** A sequence number; what follows is older than it. */
  before: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
});
export type JournalQuery = typeof JournalQuery.Type;

/** What is not waiting any more is found in the decisions. */
const ApprovalsQuery = Schema.Struct({ status: Schema.optionalKey(Schema.Literal('PENDING')) });

export const HealthView = Schema.Struct({
  ok: Schema.Literal(true),
  version: Schema.String,
  seq: Schema.Finite,
});
export type HealthView = typeof HealthView.Type;

/** Says in a sentence what is wrong with a request that does not decode. */
export class RequestFaults extends HttpApiMiddleware.Service<RequestFaults>()(
  'plimsoll/RequestFaults',
  { error: BadRequest },
) {}

const v1 = HttpApiGroup.make('v1')
  .add(
    HttpApiEndpoint.get('state', '/state', { success: StateView, error: REFUSALS }),
    HttpApiEndpoint.get('chart', '/chart', { success: ChartView, error: REFUSALS }),
    HttpApiEndpoint.get('decisions', '/decisions', {
      query: DecisionsQuery,
      success: Schema.Struct({ decisions: Schema.Array(DecisionView) }),
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('decision', '/decisions/:cycleId', {
      params: { cycleId: Schema.String },
      success: TraceView,
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('journal', '/journal', {
      query: JournalQuery,
      success: Schema.Struct({ entries: Schema.Array(EntryView) }),
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('approvals', '/approvals', {
      query: ApprovalsQuery,
      success: Schema.Struct({ approvals: Schema.Array(ApprovalView) }),
      error: REFUSALS,
    }),
    HttpApiEndpoint.post('decide', '/approvals/:id/decision', {
      params: { id: Schema.String },
      payload: DecisionRequest,
      success: DecisionResult,
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('halting', '/halt', { success: HaltProgress, error: REFUSALS }),
    HttpApiEndpoint.post('halt', '/halt', {
      payload: HaltRequest,
      success: HaltResult,
      error: REFUSALS,
    }),
  )
  .prefix('/api/v1');

/** What only a named person with a password may do. A fault must not repeat what was sent: it holds one. */
const loosening = HttpApiGroup.make('loosening')
  .add(
    HttpApiEndpoint.post('addOperator', '/operators', {
      payload: OperatorRequest,
      success: OperatorResult,
      error: LOOSENING_REFUSALS,
    }),
    HttpApiEndpoint.post('loosen', '/trading-state', {
      payload: TradingStateRequest,
      success: LooseningResult,
      error: LOOSENING_REFUSALS,
    }),
    HttpApiEndpoint.post('resumeInstrument', '/instruments/resume', {
      payload: InstrumentRequest,
      success: LooseningResult,
      error: LOOSENING_REFUSALS,
    }),
    HttpApiEndpoint.post('enableStrategy', '/strategies/:id/enable', {
      params: { id: Schema.String.check(Schema.isMaxLength(64)) },
      payload: EnableRequest,
      success: LooseningResult,
      error: LOOSENING_REFUSALS,
    }),
  )
  .prefix('/api/v1')
  .annotate(HttpApi.ParseOptions, { reportInput: false });

const system = HttpApiGroup.make('system').add(
  HttpApiEndpoint.get('health', '/health', { success: HealthView, error: REFUSALS }),
);

export const Api = HttpApi.make('plimsoll')
  .add(v1, loosening, trades, audit, system)
  .middleware(RequestFaults)
  // The request came from this machine and goes back to it; a fault may repeat what was sent.
  .annotate(HttpApi.ParseOptions, { reportInput: true })
  .annotateMerge(
    OpenApi.annotations({
      title: 'Plimsoll',
      version: VERSION,
      description: 'What is going on, why, and the decisions that a person takes.',
    }),
  );
