/** Every way the API says no: a tag and a code for programs, a sentence for people, never a stack. */
import { Schema } from 'effect';
import { HttpServerResponse } from 'effect/http';

const FIELDS = { code: Schema.String, message: Schema.String };

export class BadRequest extends Schema.TaggedError<BadRequest>()('BadRequest', FIELDS, {
  httpApiStatus: 400,
}) {}
export class NotFound extends Schema.TaggedError<NotFound>()('NotFound', FIELDS, {
  httpApiStatus: 404,
}) {}
export class Conflict extends Schema.TaggedError<Conflict>()('Conflict', FIELDS, {
  httpApiStatus: 409,
}) {}
/** Well formed, but it speaks of something that is not there. */
export class Unprocessable extends Schema.TaggedError<Unprocessable>()('Unprocessable', FIELDS, {
  httpApiStatus: 422,
}) {}
/** The ledger cannot be written or read any more; folds in memory still answer. */
export class Unavailable extends Schema.TaggedError<Unavailable>()('Unavailable', FIELDS, {
  httpApiStatus: 503,
}) {}

export type Refusal = NotFound | Conflict | Unprocessable | Unavailable;
export const REFUSALS = [NotFound, Conflict, Unprocessable, Unavailable] as const;

export const isRefusal = (error: unknown): error is Refusal =>
  REFUSALS.some((refusal) => error instanceof refusal);

/** Tags of what is refused before or beside the API's own handlers. */
const TAGS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  426: 'UpgradeRequired',
  503: 'Unavailable',
};

export const refuse = (
  status: number,
  code: string,
  message: string,
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(
    { _tag: TAGS[status] ?? 'InternalError', code, message },
    { status },
  );
