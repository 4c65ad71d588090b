/** Speaks to a server as no browser would: any header, any path, a socket that does not read. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from '@effect/platform-node/NodeWS';
import type { StreamMessage } from '../../api/views.ts';
import type { Server } from '../server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Said {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The path is sent as it is written. */
export async function say(server: Server, path: string, said: Said = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = said;
  const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** A page that listens, and remembers. */
export class Page {
  readonly frames: StreamMessage[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(server: Server, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/stream`, { headers });
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as StreamMessage);
    });
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
  }

  of<T extends StreamMessage['type']>(type: T): readonly Extract<StreamMessage, { type: T }>[] {
    return this.frames.filter(
      (frame): frame is Extract<StreamMessage, { type: T }> => frame.type === type,
    );
  }

  /** Sequence numbers in the order they were told. */
  get told(): readonly number[] {
    return this.of('entries').flatMap(({ entries }) => entries.map(({ seq }) => seq));
  }
}

/** Completes the handshake and then reads nothing, ever. */
export async function deafPage(server: Server): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  const lines = [
    'GET /api/v1/stream HTTP/1.1',
    `Host: 127.0.0.1:${server.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

/** Waits until something holds; fails with what it was after five seconds. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited five seconds for ${what}`);
}
