import { Effect, Layer } from 'effect';
import { HttpApiBuilder } from 'effect/http-api';
import type { Answers } from '../answers.ts';
import { Api } from './api.ts';
import { isRefusal, type Refusal } from './refusals.ts';
import { requestFaultsLayer } from './request-faults.ts';

/** A refusal is part of the answer; whatever else goes wrong is a defect and becomes a 500. */
const answer = <T>(work: () => Promise<T>): Effect.Effect<T, Refusal> =>
  Effect.tryPromise({ try: work, catch: (error) => error }).pipe(
    Effect.catch((error) => (isRefusal(error) ? Effect.fail(error) : Effect.die(error))),
  );

export function apiLayer(answers: Answers) {
  const v1 = HttpApiBuilder.group(Api, 'v1', (handlers) =>
    handlers.handleAll({
      state: () => answer(() => answers.state()),
      chart: () => answer(() => answers.chart()),
      decisions: ({ query }) => answer(() => answers.decisions(query)),
      decision: ({ params }) => answer(() => answers.trace(params.cycleId)),
      journal: ({ query }) => answer(() => answers.journal(query)),
      verify: () => answer(() => answers.verify()),
      approvals: () => answer(() => answers.approvals()),
      // A person who closes the page has still decided.
      decide: {
        handler: ({ params, payload }) => answer(() => answers.decide(params.id, payload)),
        options: { uninterruptible: true },
      },
    }),
  );
  const system = HttpApiBuilder.group(Api, 'system', (handlers) =>
    handlers.handleAll({ health: () => answer(() => answers.health()) }),
  );
  return HttpApiBuilder.layer(Api, { openapiPath: '/openapi.json' }).pipe(
    Layer.provide([v1, system]),
    Layer.provide(requestFaultsLayer),
  );
}
