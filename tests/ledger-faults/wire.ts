/** The cable between Plimsoll and its PostgreSQL, with a hand on it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Whether the server got the COMMIT that nobody ever hears the answer to. */
export type CutCommit = 'KEPT' | 'LOST';

const COMMIT = Buffer.from('commit\0');

/** A server's address by way of this machine, where every byte can be held up. */
export class Wire {
  /** The server's address, by way of this wire. */
  readonly url: string;
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #lines = new Set<Line>();
  /** Nobody is there: connections are refused as they come. */
  #gone = false;
  #silent = false;
  #answerMs = 0;
  #cut: { readonly mark: Buffer; readonly how: CutCommit } | undefined;

  private constructor(url: string, server: Server) {
    const target = new URL(url);
    this.#target = { host: target.hostname, port: Number(target.port || '5432') };
    const { port } = server.address() as AddressInfo;
    target.hostname = '127.0.0.1';
    target.port = String(port);
    this.url = target.href;
    this.#server = server;
    server.on('connection', (near) => this.#join(near));
  }

  static async to(url: string): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new Wire(url, server);
  }

  /** The server is gone: what was connected is cut, what comes is turned away. */
  goAway(): void {
    this.#gone = true;
    for (const line of this.#lines) line.cut();
  }

  /** Nothing passes any more, in either direction, and nobody says why. */
  fallSilent(): void {
    this.#silent = true;
  }

  /** Every answer takes so long from now on. */
  slowDown(answerMs: number): void {
    this.#answerMs = answerMs;
  }

  /** The next transaction that holds `mark` is cut off at its COMMIT. */
  cutCommitOf(mark: string, how: CutCommit): void {
    this.#cut = { mark: Buffer.from(mark), how };
  }

  /** True once the COMMIT was cut. */
  get hasCut(): boolean {
    return this.#cut === undefined;
  }

  /** As good as new; what waited in a silent line is lost with it. */
  heal(): void {
    if (this.#silent) for (const line of this.#lines) line.cut();
    this.#gone = false;
    this.#silent = false;
    this.#answerMs = 0;
    this.#cut = undefined;
  }

  async close(): Promise<void> {
    for (const line of this.#lines) line.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#gone) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...this.#target, allowHalfOpen: true });
    const line = new Line(near, far);
    this.#lines.add(line);
    let marked = false;
    let answersNobody = false;
    near.on('data', (asked: Buffer) => {
      if (this.#silent) return;
      const cut = this.#cut;
      marked ||= cut !== undefined && asked.includes(cut.mark);
      if (cut !== undefined && marked && asked.includes(COMMIT)) {
        this.#cut = undefined;
        if (cut.how === 'LOST') return line.cut();
        answersNobody = true;
      }
      far.write(asked);
    });
    far.on('data', (answer: Buffer) => {
      // The answer shows that the server has kept it.
      if (answersNobody) return line.cut();
      if (this.#silent) return;
      if (this.#answerMs === 0) near.write(answer);
      else setTimeout(() => line.answer(answer), this.#answerMs);
    });
    near.on('end', () => !this.#silent && far.end());
    far.on('end', () => !this.#silent && near.end());
    for (const end of [near, far]) {
      end.on('error', () => line.cut());
      end.on('close', () => {
        if (this.#silent) return;
        line.cut();
        this.#lines.delete(line);
      });
    }
  }
}

class Line {
  readonly #near: Socket;
  readonly #far: Socket;

  constructor(near: Socket, far: Socket) {
    this.#near = near;
    this.#far = far;
  }

  answer(bytes: Buffer): void {
    if (!this.#near.destroyed) this.#near.write(bytes);
  }

  cut(): void {
    this.#near.destroy();
    this.#far.destroy();
  }
}
