import type { ProviderFaultKind } from '../provider.ts';

export function kindOf(httpStatus: number): ProviderFaultKind {
  if (httpStatus === 429) return 'RATE_LIMITED';
  if (httpStatus === 401 || httpStatus === 403) return 'REFUSED';
  if (httpStatus === 400 || httpStatus === 404) return 'NOT_OFFERED';
  return httpStatus >= 500 ? 'LOST' : 'GARBLED';
}

/** The same said in a body under HTTP status 200. */
export function kindOfBody(status: unknown, sentence: string): ProviderFaultKind {
  if (/maximum requests per minute/i.test(sentence)) return 'RATE_LIMITED';
  if (status === 'NOT_AUTHORIZED' || /unknown api key/i.test(sentence)) return 'REFUSED';
  return status === 'NOT_FOUND' ? 'NOT_OFFERED' : 'GARBLED';
}
