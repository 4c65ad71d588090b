/**
 * Who may speak to a server where looking and approving need no password: this machine, from a page
 * that it gave out. A foreign page can make a browser send requests here, and can point its own name at
 * 127.0.0.1; it cannot make the browser lie about Host and Origin.
 */
export interface RequestHead {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Denial {
  readonly status: 403 | 415;
  readonly code: string;
  readonly message: string;
}

const NAMES = ['localhost', '127.0.0.1', '[::1]'];
const DEFAULT_HTTP_PORT = 80;

/** Undefined when the request may pass. */
export function guardLoopback(request: RequestHead, port: number): Denial | undefined {
  const hosts = hostsOf(port);
  const { host = '', origin } = request.headers;
  if (!hosts.includes(host.toLowerCase())) {
    return {
      status: 403,
      code: 'FOREIGN_HOST',
      message: `Host "${host}" is not this server; use one of ${hosts.join(', ')}.`,
    };
  }
  const upgrades = request.headers['upgrade'] !== undefined;
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  if (!writes && !upgrades) return undefined;
  if (origin !== undefined && !hosts.includes(hostOfOrigin(origin.toLowerCase()))) {
    return {
      status: 403,
      code: 'FOREIGN_ORIGIN',
      message: `Origin "${origin}" may not write here; use the page of this server.`,
    };
  }
  return writes ? guardMediaType(request.headers['content-type']) : undefined;
}

const hostOfOrigin = (origin: string): string => /^http:\/\/(.+)$/.exec(origin)?.[1] ?? '';

/** Anything but JSON could be sent by a foreign form without the browser asking first. */
function guardMediaType(contentType: string | undefined): Denial | undefined {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === 'application/json') return undefined;
  return {
    status: 415,
    code: 'NOT_JSON',
    message: `Content-Type "${contentType ?? ''}" is not accepted; send application/json.`,
  };
}

function hostsOf(port: number): readonly string[] {
  const withPort = NAMES.map((name) => `${name}:${port}`);
  return port === DEFAULT_HTTP_PORT ? [...withPort, ...NAMES] : withPort;
}
