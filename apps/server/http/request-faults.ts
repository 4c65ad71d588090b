import { Effect, SchemaIssue } from 'effect';
import { type HttpApiError, HttpApiMiddleware } from 'effect/http-api';
import { RequestFaults } from './api.ts';
import { BadRequest } from './refusals.ts';

/** Longer values are cut: the sentence is for reading, and the sender knows what was sent. */
const VALUE_CHARS_MAX = 80;

export const requestFaultsLayer = HttpApiMiddleware.layerSchemaErrorTransform(
  RequestFaults,
  (error) =>
    // An answer of ours that does not encode is our fault and not the request's.
    error.kind === 'Body' || error.kind === 'ResponseHeaders'
      ? Effect.fail(error)
      : Effect.fail(new BadRequest({ code: 'INVALID_REQUEST', message: faultOf(error) })),
);

/** `limit is 500, but it must be …`: the field, the value, and what would be right. */
function faultOf(error: HttpApiError.HttpApiSchemaError): string {
  const { path, issue } = innermost(error.cause.issue, []);
  const field = path.map(String).join('.') || WHOLE[error.kind];
  const expected = EXPECTED(issue).replace(/^Expected /, '');
  if (issue._tag === 'MissingKey') return `${field} is missing.`;
  const found = SchemaIssue.hasInput(issue) ? ` is ${shown(issue.input)}` : ' cannot be read';
  return `${field}${found}; expected ${expected}.`;
}

const WHOLE: Readonly<Record<HttpApiError.HttpApiSchemaError['kind'], string>> = {
  Params: 'The path',
  Headers: 'The headers',
  Query: 'The query',
  Payload: 'The body',
  Body: 'The answer',
  ResponseHeaders: 'The answer',
} as Readonly<Record<HttpApiError.HttpApiSchemaError['kind'], string>>;

const EXPECTED = SchemaIssue.makeFormatterDefault();

/** Only the first fault is told, so every level has one child that matters. */
function innermost(
  issue: SchemaIssue.Issue,
  path: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly issue: SchemaIssue.Issue } {
  switch (issue._tag) {
    case 'Pointer':
      return innermost(issue.issue, [...path, ...issue.path]);
    case 'Encoding':
    case 'Filter':
      return innermost(issue.issue, path);
    case 'Composite':
      return innermost(issue.issues[0], path);
    case 'AnyOf':
      return issue.issues[0] === undefined
        ? { path, issue }
        : innermost(issue.issues[0], path);
    default:
      return { path, issue };
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text;
}
