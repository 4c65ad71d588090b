import { type Outside, ProviderFault } from '../provider.ts';

/**
 * Whatever an adapter allows, nobody waits longer than this for one answer. It is long because an account
 * with a few requests a minute first waits for its turn; adapters give up on a silent server much sooner.
 */
const ANSWER_MAX_MS = 180_000;

/** Runs one request; when its time is up it is given up, and was LOST. */
export async function inTime<T>(
  provider: string,
  outside: Outside,
  signal: AbortSignal,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const answered = new AbortController();
  const onAbort = (): void => giveUp.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let late = false;
  void outside.sleep(ANSWER_MAX_MS, answered.signal).then(() => {
    if (answered.signal.aborted) return;
    late = true;
    giveUp.abort();
  });
  try {
    return await request(giveUp.signal);
  } catch (error) {
    if (!late) throw error;
    const sentence = `there was no answer within ${ANSWER_MAX_MS / 1_000} s`;
    throw new ProviderFault(provider, 'LOST', sentence, { cause: error });
  } finally {
    answered.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
