import { Effect, Layer } from 'effect';
import { HttpRouter, HttpStaticServer } from 'effect/http';

/** The built page. Names are resolved inside the folder or not at all; folders themselves are not listed. */
export const pageLayer = (webDir: string) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const router = yield* HttpRouter.HttpRouter;
      const files = yield* HttpStaticServer.make({ root: webDir });
      yield* router.add('GET', '/*', files);
    }),
  );
