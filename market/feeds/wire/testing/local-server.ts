import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { type WebSocket, WebSocketServer } from 'ws';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface LocalServerOptions {
  readonly answer: Answer;
  /** HTTP status with which an opening is refused, or undefined to let it in. */
  readonly refuse: (request: IncomingMessage) => number | undefined;
  readonly connected: (socket: WebSocket, request: IncomingMessage) => void;
}

export interface LocalServer {
  /** `127.0.0.1:40123`. */
  readonly host: string;
  /** What its own clock says; undefined for a server that tells nobody. */
  clockMs: number | undefined;
  /** The next request is answered by this instead; what is returned takes it back. */
  next(fault: Answer): () => void;
  close(): Promise<void>;
}

/** HTTP and WebSocket on a free port, with faults that the test chooses request by request. */
export async function localServer(options: LocalServerOptions): Promise<LocalServer> {
  const faults: Answer[] = [];
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    // Time is the test's own, and only a test that is about clocks says what it is.
    response.sendDate = false;
    if (server.clockMs !== undefined)
      response.setHeader('Date', new Date(server.clockMs).toUTCString());
    (faults.shift() ?? options.answer)(request, response);
  });
  const lines = new WebSocketServer({ noServer: true });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = options.refuse(request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    lines.handleUpgrade(request, socket, head, (line) => options.connected(line, request));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server: LocalServer = {
    clockMs: undefined,
    host: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    next: (fault) => {
      faults.push(fault);
      return () => {
        const at = faults.indexOf(fault);
        if (at !== -1) faults.splice(at, 1);
      };
    },
    close: async () => {
      for (const line of lines.clients) line.terminate();
      for (const socket of sockets) socket.destroy();
      http.close();
      await once(http, 'close');
    },
  };
  return server;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Faults that are no provider's own. */
export const stalled: Answer = () => undefined;
export const garbage: Answer = (_, response) => void response.end('<html>Down for maintenance');
export const overloaded: Answer = (_, response) => {
  response.writeHead(503).end('upstream timeout');
};
export const broken: Answer = (_, response) => void response.destroy();
export const truncated: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': '5000' });
  response.write('{"status":"ok","values":[');
  setTimeout(() => response.destroy(), 20);
};
export const endless: Answer = (_, response) => {
  response.writeHead(200);
  const chunk = Buffer.alloc(1024 * 1024, 32);
  const pour = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', pour);
  pour();
};
export const redirected =
  (to: string): Answer =>
  (_, response) => {
    response.writeHead(302, { location: to }).end();
  };
