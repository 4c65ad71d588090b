import { ProviderFault, type ProviderFaultKind } from '../provider.ts';
import { BadField } from './fields.ts';

/** Makes one provider's faults. Nothing that they say holds the provider's key. */
export type FaultMaker = (
  kind: ProviderFaultKind,
  sentence: string,
  retryAfterMs?: number,
) => ProviderFault;

const QUOTED_CHARACTERS_MAX = 200;

/**
 * A provider may repeat the key in its answer, and a library in its message, so it is taken out of every
 * sentence, as it is and as an address writes it. What a library threw is quoted rather than kept as a
 * cause, because nobody could look through all that hangs on it.
 */
export function faultMaker(provider: string, apiKey: string): FaultMaker {
  if (apiKey.trim() === '') {
    throw new Error(`the API key of ${provider} is empty; it should be the one of your account`);
  }
  const spellings = [apiKey, encodeURIComponent(apiKey)];
  return (kind, sentence, retryAfterMs) =>
    new ProviderFault(
      provider,
      kind,
      spellings.reduce((text, key) => text.replaceAll(key, '[the API key]'), sentence),
      retryAfterMs === undefined ? {} : { retryAfterMs },
    );
}

/** Decodes what a provider said; a field that is not what it should be makes it GARBLED. */
export function decoded<T>(fault: FaultMaker, what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof BadField) {
      throw fault('GARBLED', `${what} cannot be read, because ${error.message}`);
    }
    throw error;
  }
}

/** The beginning of what somebody else wrote, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= QUOTED_CHARACTERS_MAX
    ? `"${line}"`
    : `"${line.slice(0, QUOTED_CHARACTERS_MAX)}…"`;
}
