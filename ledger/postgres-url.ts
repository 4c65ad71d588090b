import { DatabaseUnavailable } from './database-unavailable.ts';

export interface Server {
  /** The address with our session settings; it holds the password. */
  readonly url: string;
  /** `host:port/database`, fit to print. */
  readonly name: string;
  /** Takes the password out of a text. */
  withoutPassword(text: string): string;
}

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Reads a `postgres://` address and adds what every session of ours needs. Never prints the address. */
export function parseServer(
  text: string,
  session: { readonly schema: string | undefined; readonly readOnly: boolean },
): Server {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new DatabaseUnavailable(
      'The database address is not of the form postgres://user:password@host:port/database.',
    );
  }
  const url = new URL(text);
  const settings = url.searchParams.getAll('options');
  if (session.schema !== undefined) settings.push(`-c search_path=${checked(session.schema)}`);
  if (session.readOnly) settings.push('-c default_transaction_read_only=on');
  if (settings.length > 0) url.searchParams.set('options', settings.join(' '));

  const passwords = [url.password, decodeURIComponent(url.password)].filter((word) => word !== '');
  const host = url.hostname || url.searchParams.get('host') || 'localhost';
  return {
    url: url.href,
    name: `${host}:${url.port || '5432'}${url.pathname || '/'}`,
    withoutPassword: (message) =>
      passwords.reduce((clean, word) => clean.replaceAll(word, '***'), message),
  };
}

function checked(schema: string): string {
  if (SCHEMA_NAME.test(schema)) return schema;
  throw new DatabaseUnavailable(
    `The schema "${schema}" must be lower-case letters, digits and underscores, at most 63.`,
  );
}
