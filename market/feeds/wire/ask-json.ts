import type { Outside } from '../provider.ts';
import { ProviderFault } from '../provider.ts';
import type { FaultMaker } from './fault-maker.ts';
import type { ServerClock } from './server-clock.ts';

export const REQUEST_TIMEOUT_MS = 30_000;
/** Five thousand bars are below one; whoever sends more sends something else. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** `the 1h bars of BTC/USD`, for sentences. */
  readonly what: string;
  readonly signal: AbortSignal;
}

interface Asker {
  readonly outside: Outside;
  readonly fault: FaultMaker;
  readonly clock: ServerClock;
}

export interface JsonAnswer {
  readonly status: number;
  /** What Retry-After says. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
  /** Undefined when the text is not JSON. */
  readonly body: unknown;
}

/**
 * One GET. Whatever the status is, the answer is returned; no answer, half of one or one too many is a
 * fault. A redirection is an answer too, because the key is for nobody else.
 */
export async function askJson(
  { url, headers, what, signal }: Question,
  { outside, fault, clock }: Asker,
): Promise<JsonAnswer> {
  const answered = new AbortController();
  const late = new AbortController();
  void outside.sleep(REQUEST_TIMEOUT_MS, answered.signal).then(() => {
    if (!answered.signal.aborted) late.abort();
  });
  try {
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    clock.heard(response.headers.get('date'));
    const text = await boundedText(response, what, fault);
    return {
      status: response.status,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), outside.now()),
      text,
      body: parsed(text),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) {
      throw fault(
        'LOST',
        `was asked for ${what} and did not answer within ${REQUEST_TIMEOUT_MS} ms`,
      );
    }
    if (error instanceof ProviderFault) throw error;
    throw fault('LOST', `was asked for ${what} and the line broke (${reasonOf(error)})`);
  } finally {
    answered.abort();
  }
}

async function boundedText(response: Response, what: string, fault: FaultMaker): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      throw fault('GARBLED', `was asked for ${what} and sent more than ${BODY_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Seconds, or a date. */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** What `fetch` hides behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message;
}
