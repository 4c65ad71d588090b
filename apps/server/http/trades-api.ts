/** The journal of trades as a part of the HTTP interface. */
import { Schema } from 'effect';
import { HttpApiEndpoint, HttpApiGroup } from 'effect/http-api';
import {
  AnswerRequest,
  DisableRequest,
  DoneResult,
  FeedbackView,
  FillsView,
  NoteRequest,
  TradeDetail,
  TradeView,
} from '../../api/trade-views.ts';
import { REFUSALS } from './refusals.ts';

const Id = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(128));
const between = (minimum: number, maximum: number) =>
  Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum, maximum })));

const TradesQuery = Schema.Struct({
  /** 50 when left out. */
  limit: between(1, 500),
  /** A trade's id; what follows began before it. */
  before: Schema.optionalKey(Id),
});
export type TradesQuery = typeof TradesQuery.Type;

const FillsQuery = Schema.Struct({
  /** A sequence number; what follows is newer. */
  after: between(0, Number.MAX_SAFE_INTEGER),
});
export type FillsQuery = typeof FillsQuery.Type;

const FeedbackQuery = Schema.Struct({
  /** 30 when left out. */
  days: between(1, 3_650),
});
export type FeedbackQuery = typeof FeedbackQuery.Type;

export const trades = HttpApiGroup.make('trades')
  .add(
    HttpApiEndpoint.get('trades', '/trades', {
      query: TradesQuery,
      success: Schema.Struct({ trades: Schema.Array(TradeView) }),
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('trade', '/trades/:id', {
      params: { id: Id },
      success: TradeDetail,
      error: REFUSALS,
    }),
    HttpApiEndpoint.post('note', '/trades/:id/notes', {
      params: { id: Id },
      payload: NoteRequest,
      success: DoneResult,
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('fills', '/fills', {
      query: FillsQuery,
      success: FillsView,
      error: REFUSALS,
    }),
    HttpApiEndpoint.get('feedback', '/feedback', {
      query: FeedbackQuery,
      success: FeedbackView,
      error: REFUSALS,
    }),
    HttpApiEndpoint.post('answerFeedback', '/feedback/:id/answer', {
      params: { id: Id },
      payload: AnswerRequest,
      success: DoneResult,
      error: REFUSALS,
    }),
    HttpApiEndpoint.post('disableStrategy', '/strategies/:id/disable', {
      params: { id: Id },
      payload: DisableRequest,
      success: DoneResult,
      error: REFUSALS,
    }),
  )
  .prefix('/api/v1');
