import { describeError } from './describe-error.ts';

/** PostgreSQL's class of errors for what should never happen, a page that does not check among them. */
const INTERNAL = /^XX/;

/** Why the database cannot read what it stored, or undefined when something else went wrong. */
export function storageDamage(error: unknown): string | undefined {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string' || !INTERNAL.test(code)) return undefined;
  return `The database cannot read what it stored: ${describeError(error)}. Its files are damaged; put a backup back.`;
}
