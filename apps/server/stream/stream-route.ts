/** The WebSocket's end: a socket joins the hub and stays until either side lets go. */
import * as NodeHttpServerRequest from '@effect/platform-node/NodeHttpServerRequest';
import { Effect } from 'effect';
import { HttpRouter, type HttpServerRequest, HttpServerResponse } from 'effect/http';
import { Socket } from 'effect/socket';
import { refuse } from '../http/refusals.ts';
import type { Wire } from './listener.ts';
import { LISTENERS_MAX, type StreamHub } from './stream-hub.ts';

export const streamLayer = (hub: StreamHub) =>
  HttpRouter.add('GET', '/api/v1/stream', (request) => {
    if (request.headers['upgrade']?.toLowerCase() !== 'websocket') {
      const message = 'GET /api/v1/stream is a WebSocket; ask with "Upgrade: websocket".';
      return Effect.succeed(refuse(426, 'NOT_A_WEBSOCKET', message));
    }
    if (hub.isFull) {
      const message = `${LISTENERS_MAX} pages listen already; close one of them.`;
      return Effect.succeed(refuse(503, 'TOO_MANY_LISTENERS', message));
    }
    return Effect.scoped(listen(request, hub));
  });

const listen = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  hub: StreamHub,
) {
  const socket = yield* request.upgrade;
  const reader = yield* socket.reader;
  const wire = wireOf(request, yield* socket.writer);
  // Acquired after the reader and therefore left before it ends: nothing is sent to a closed socket.
  yield* Effect.acquireRelease(
    Effect.sync(() => hub.join(wire)),
    (leave) => Effect.sync(leave),
  );
  // What a page says is read only to notice that it is gone.
  yield* Effect.ignore(Effect.forever(reader.pull));
  return HttpServerResponse.empty();
});

function wireOf(request: HttpServerRequest.HttpServerRequest, writer: Socket.Writer): Wire {
  const { socket } = NodeHttpServerRequest.toIncomingMessage(request);
  const write = (chunk: string | Socket.CloseEvent): void =>
    Effect.runSync(Effect.ignore(writer.write(chunk)));
  return {
    send: write,
    isFull: () => socket.writableNeedDrain,
    onceDrained: (call) => void socket.once('drain', call),
    close: (code, reason) => write(new Socket.CloseEvent(code, reason)),
    destroy: () => void socket.destroy(),
  };
}
