import { Effect, SchemaIssue } from 'effect';
import { type HttpApiError, HttpApiMiddleware } from 'effect/http-api';
import { RequestFaults } from './api.ts';
import { BadRequest } from './refusals.ts';

/** A sentence repeats the value that was sent, but not a whole page of it. */
const SENTENCE_CHARS_MAX = 300;

export const requestFaultsLayer = HttpApiMiddleware.layerSchemaErrorTransform(
  RequestFaults,
  (error) =>
    // An answer of ours that does not encode is our fault and not the request's.
    error.kind === 'Body' || error.kind === 'ResponseHeaders'
      ? Effect.fail(error)
      : Effect.fail(new BadRequest({ code: 'INVALID_REQUEST', message: faultOf(error) })),
);

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1();

/** The field, what would be right, and the value: `limit: Expected …, got "500".` */
function faultOf({ kind, cause }: HttpApiError.HttpApiSchemaError): string {
  const [first] = issuesOf(cause.issue).issues;
  const field = first?.path?.map(String).join('.') ?? '';
  const whole = kind === 'Payload' ? 'The body' : `The ${kind.toLowerCase()}`;
  const where = field === '' ? whole : field;
  const sentence = `${where}: ${first?.message ?? cause.message}`;
  return sentence.length > SENTENCE_CHARS_MAX
    ? `${sentence.slice(0, SENTENCE_CHARS_MAX)}…`
    : `${sentence}.`;
}
