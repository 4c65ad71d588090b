/** Every way the API says no: a tag and a code for programs, a sentence for people, never a stack. */
import { Schema } from 'effect';
import { HttpServerResponse } from 'effect/http';

const FIELDS = { code: Schema.String, message: Schema.String };

export class BadRequest extends Schema.TaggedError<BadRequest>()('BadRequest', FIELDS, {
  httpApiStatus: 400,
}) {}
/** Who asks did not prove to be who they say. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()('Unauthorized', FIELDS, {
  httpApiStatus: 401,
}) {}
/** Nobody may do this without a password. */
export class Forbidden extends Schema.TaggedError<Forbidden>()('Forbidden', FIELDS, {
  httpApiStatus: 403,
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
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()(
  'TooManyRequests',
  FIELDS,
  { httpApiStatus: 429 },
) {}
/** The ledger cannot be written or read any more; folds in memory still answer. */
export class Unavailable extends Schema.TaggedError<Unavailable>()('Unavailable', FIELDS, {
  httpApiStatus: 503,
}) {}

export const REFUSALS = [NotFound, Conflict, Unprocessable, Unavailable] as const;
/** How the ceremony of loosening ends, beside done. */
export const LOOSENING_REFUSALS = [
  BadRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  Conflict,
  TooManyRequests,
  Unavailable,
] as const;

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
