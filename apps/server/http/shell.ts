/** Around every request: the guard before it, its failure put into words, the headers after it. */
import { Cause, Effect } from 'effect';
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from 'effect/http';
import { guardLoopback } from './loopback-guard.ts';
import { refuse } from './refusals.ts';
import { cacheControlOf, SECURITY_HEADERS } from './security-headers.ts';

type Request = HttpServerRequest.HttpServerRequest;
type Response = HttpServerResponse.HttpServerResponse;

/** `port` is asked at each request: a free port is only known once the server listens. */
export const shellLayer = (port: () => number) =>
  HttpRouter.middleware((respond) => around(respond, port), { global: true });

/** Nothing fails past it, though its type must say that something may: the router insists. */
function around<E>(
  respond: Effect.Effect<Response, E>,
  port: () => number,
): Effect.Effect<Response, E, Request> {
  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest;
    const denial = guardLoopback(request, port());
    const response =
      denial === undefined
        ? yield* Effect.catchCause(respond, (cause) => putIntoWords(request, cause))
        : refuse(denial.status, denial.code, denial.message);
    return withHeaders(request, response);
  });
}

function putIntoWords(request: Request, cause: Cause.Cause<unknown>): Effect.Effect<Response> {
  if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>);
  return Effect.flatMap(HttpServerError.causeResponse(cause), ([{ status }]) => {
    const asked = `${request.method} ${pathOf(request)}`;
    if (status === 404)
      return Effect.succeed(refuse(404, 'NO_SUCH_ADDRESS', `There is no ${asked}.`));
    if (status === 413) {
      return Effect.succeed(refuse(413, 'BODY_TOO_LARGE', `The body of ${asked} is too large.`));
    }
    if (status < 500) {
      return Effect.succeed(refuse(status, 'INVALID_REQUEST', `${asked} cannot be understood.`));
    }
    const told = refuse(500, 'INTERNAL', `${asked} failed on our side; the server's log says why.`);
    return Effect.as(Effect.logError(asked, cause), told);
  });
}

const withHeaders = (request: Request, response: Response): Response =>
  HttpServerResponse.setHeaders(response, {
    ...SECURITY_HEADERS,
    'cache-control': response.status < 400 ? cacheControlOf(pathOf(request)) : 'no-store',
  });

const pathOf = (request: Request): string => request.url.split('?')[0] ?? '/';
