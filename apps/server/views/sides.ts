import type { InstrumentId } from '../../../domain/ids.ts';

/** What a pair is counted and paid in: `BTC/USD` is in BTC, for USD. */
export function sidesOf(id: InstrumentId): { readonly base: string; readonly quote: string } {
  const [base = '', quote = ''] = id.split('/');
  return { base, quote };
}
