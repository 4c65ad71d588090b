import { Effect, Layer } from 'effect';
import { HttpApiBuilder } from 'effect/http-api';
import type { Answers } from '../answers.ts';
import type { LooseningAnswers } from '../loosening-answers.ts';
import type { AuditAnswers } from '../audit-answers.ts';
import type { TradeAnswers } from '../trade-answers.ts';
import { Api } from './api.ts';
import { LOOSENING_REFUSALS, REFUSALS } from './refusals.ts';
import { requestFaultsLayer } from './request-faults.ts';

/** A refusal is part of the answer; whatever else goes wrong is a defect and becomes a 500. */
const answering =
  <Kind extends new (...args: never[]) => object>(refusals: readonly Kind[]) =>
  <T>(work: () => Promise<T>): Effect.Effect<T, InstanceType<Kind>> => {
    const isRefusal = (error: unknown): error is InstanceType<Kind> =>
      refusals.some((refusal) => error instanceof refusal);
    return Effect.tryPromise({ try: work, catch: (error) => error }).pipe(
      Effect.catch((error) => (isRefusal(error) ? Effect.fail(error) : Effect.die(error))),
    );
  };
const answer = answering(REFUSALS);
const answerPerson = answering(LOOSENING_REFUSALS);

export interface AllAnswers {
  readonly answers: Answers;
  readonly loosening: LooseningAnswers;
  readonly trades: TradeAnswers;
  readonly audit: AuditAnswers;
}

export function apiLayer({ answers, loosening, trades, audit }: AllAnswers) {
  const v1 = HttpApiBuilder.group(Api, 'v1', (handlers) =>
    handlers.handleAll({
      state: () => answer(() => answers.state()),
      chart: () => answer(() => answers.chart()),
      decisions: ({ query }) => answer(() => answers.decisions(query)),
      decision: ({ params }) => answer(() => answers.trace(params.cycleId)),
      journal: ({ query }) => answer(() => answers.journal(query)),
      approvals: () => answer(() => answers.approvals()),
      halting: () => answer(() => answers.halting()),
      halt: {
        handler: ({ payload }) => answer(() => answers.halt(payload)),
        options: { uninterruptible: true },
      },
      // A person who closes the page has still decided.
      decide: {
        handler: ({ params, payload }) => answer(() => answers.decide(params.id, payload)),
        options: { uninterruptible: true },
      },
    }),
  );
  const people = HttpApiBuilder.group(Api, 'loosening', (handlers) =>
    handlers.handleAll({
      addOperator: {
        handler: ({ payload }) => answerPerson(() => loosening.addOperator(payload)),
        options: { uninterruptible: true },
      },
      loosen: {
        handler: ({ payload }) => answerPerson(() => loosening.loosen(payload)),
        options: { uninterruptible: true },
      },
      resumeInstrument: {
        handler: ({ payload }) => answerPerson(() => loosening.resumeInstrument(payload)),
        options: { uninterruptible: true },
      },
      enableStrategy: {
        handler: ({ params, payload }) =>
          answerPerson(() => loosening.enableStrategy(params.id, payload)),
        options: { uninterruptible: true },
      },
    }),
  );
  const journal = HttpApiBuilder.group(Api, 'trades', (handlers) =>
    handlers.handleAll({
      trades: ({ query }) => answer(() => trades.trades(query)),
      trade: ({ params }) => answer(() => trades.trade(params.id)),
      fills: ({ query }) => answer(() => trades.fills(query)),
      feedback: ({ query }) => answer(() => trades.feedback(query)),
      note: {
        handler: ({ params, payload }) => answer(() => trades.note(params.id, payload)),
        options: { uninterruptible: true },
      },
      answerFeedback: {
        handler: ({ params, payload }) => answer(() => trades.answer(params.id, payload)),
        options: { uninterruptible: true },
      },
      disableStrategy: {
        handler: ({ params, payload }) => answer(() => trades.disable(params.id, payload)),
        options: { uninterruptible: true },
      },
    }),
  );
  const record = HttpApiBuilder.group(Api, 'audit', (handlers) =>
    handlers.handleAll({
      accounts: () => answer(() => answers.accounts()),
      verify: () => answer(() => audit.verify()),
      prove: ({ params }) => answer(() => audit.prove(params.seq)),
      exportBundle: ({ payload }) => answer(() => audit.exportBundle(payload)),
      backup: () => answer(() => audit.backup()),
    }),
  );
  const system = HttpApiBuilder.group(Api, 'system', (handlers) =>
    handlers.handleAll({ health: () => answer(() => answers.health()) }),
  );
  return HttpApiBuilder.layer(Api, { openapiPath: '/openapi.json' }).pipe(
    Layer.provide([v1, people, journal, record, system]),
    Layer.provide(requestFaultsLayer),
  );
}
