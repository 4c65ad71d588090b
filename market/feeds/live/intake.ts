import { type Outside, ProviderFault, type StreamNews } from '../provider.ts';

/** So much unread news is more than worth reading: a look at the candles tells more. */
const UNREAD_MAX = 10_000;

/** Reads a stream ahead of whoever deals with it, so that nothing said during a request is lost. */
export class Intake {
  readonly #outside: Outside;
  readonly #provider: string;
  readonly #signal: AbortSignal;
  #unread: StreamNews[] = [];
  #lastHeardMs: number;
  #heard = false;
  #ended: { readonly error: unknown } | undefined;
  #wake = new AbortController();

  constructor(
    provider: string,
    stream: AsyncIterable<StreamNews>,
    outside: Outside,
    signal: AbortSignal,
  ) {
    this.#outside = outside;
    this.#provider = provider;
    this.#signal = signal;
    this.#lastHeardMs = outside.now();
    signal.addEventListener('abort', () => this.#wake.abort(), { once: true });
    void this.#read(stream);
  }

  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** Whether it has said anything at all. */
  get heard(): boolean {
    return this.#heard;
  }

  /** What was said since, in order; throws what the stream threw once everything before was taken. */
  take(): readonly StreamNews[] {
    const news = this.#unread;
    if (news.length === 0 && this.#ended !== undefined) throw this.#ended.error;
    this.#unread = [];
    return news;
  }

  /** Resolves when there is something to take, or the time has come. */
  async wait(untilMs: number): Promise<void> {
    if (this.#unread.length > 0 || this.#ended !== undefined || this.#signal.aborted) return;
    this.#wake = new AbortController();
    await this.#outside.sleep(Math.max(0, untilMs - this.#outside.now()), this.#wake.signal);
  }

  async #read(stream: AsyncIterable<StreamNews>): Promise<void> {
    try {
      for await (const news of stream) this.#hear(news);
      this.#ended = {
        error: new ProviderFault(this.#provider, 'LOST', 'the stream ended by itself'),
      };
    } catch (error) {
      this.#ended = { error };
    }
    this.#wake.abort();
  }

  #hear(news: StreamNews): void {
    this.#lastHeardMs = this.#outside.now();
    this.#heard = true;
    this.#unread.push(news);
    if (this.#unread.length > UNREAD_MAX) {
      const because = `${UNREAD_MAX} messages were not read in time`;
      this.#unread = [{ kind: 'GAP', because }];
    }
    this.#wake.abort();
  }
}
