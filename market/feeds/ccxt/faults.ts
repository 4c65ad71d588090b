import { ProviderFault, type ProviderFaultKind } from '../provider.ts';
import { excerpt, type Library } from './exchange.ts';

/** The library's classes of errors, the narrower before the wider. */
const KINDS = [
  ['RateLimitExceeded', 'RATE_LIMITED'],
  ['DDoSProtection', 'RATE_LIMITED'],
  ['AuthenticationError', 'REFUSED'],
  ['BadSymbol', 'NOT_OFFERED'],
  ['NotSupported', 'NOT_OFFERED'],
  ['NetworkError', 'LOST'],
] as const satisfies readonly (readonly [keyof Library, ProviderFaultKind])[];

/** Whatever the library threw, as a fault of the provider. */
export function faultOf(library: Library, provider: string, error: unknown): ProviderFault {
  if (error instanceof ProviderFault) return error;
  const kind = KINDS.find(([name]) => error instanceof library[name])?.[1] ?? 'GARBLED';
  const message = error instanceof Error ? error.message : String(error);
  // The library begins its messages with the exchange, as we do.
  const sentence = excerpt(
    message.startsWith(`${provider} `) ? message.slice(provider.length + 1) : message,
  );
  return new ProviderFault(provider, kind, sentence, { cause: error });
}
