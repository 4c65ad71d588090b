/**
 * What went wrong in a few words. Refused connections arrive as an `AggregateError` with an empty
 * message, one error for each address that was tried.
 */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ');
  if (error instanceof Error && error.message !== '') return error.message;
  return String(error);
}
