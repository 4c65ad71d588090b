/** A PostgreSQL server of our own, out of this machine's binaries, for what must not be tried on a shared one. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, closeSync, constants, openSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onServer } from '../../tests/support/postgres.ts';

const TOOLS = ['initdb', 'postgres', 'pg_basebackup'] as const;
type Tool = (typeof TOOLS)[number];

/** PostgreSQL refuses to run as root. */
const SERVER_USER = 'postgres';
const INSTALLED = '/usr/lib/postgresql';
const TOOL_MS_MAX = 30_000;
const TRIES = 600;
const TRY_EVERY_MS = 50;

/** One server at a time, on a socket in a folder that only its user may enter. */
export interface Cluster {
  readonly folder: string;
  /** Of whichever server runs. */
  readonly url: string;
  /** Makes a data directory. `settings` are lines of postgresql.conf. */
  make(dataDir: string, settings: string): Promise<void>;
  /** Runs one of PostgreSQL's tools as the server's user, in the folder. */
  run(tool: Tool, ...args: readonly string[]): Promise<void>;
  /** Resolves when the server may be written to: a recovery is over by then. */
  start(dataDir: string): Promise<void>;
  /** In an orderly way, unless told to drop everything. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
}

/** Why there can be no cluster on this machine, or undefined when there can. */
export const CLUSTER_NEEDS = await whatIsMissing();

/** Whatever comes of the work, no server and no file of it is left. */
export async function inCluster<T>(work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const bin = await binaries();
  const user = serverUser();
  if (bin === undefined || user === undefined) throw new Error(`a cluster ${CLUSTER_NEEDS}`);
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-cluster-'));
  if ('uid' in user) chownSync(folder, user.uid, user.gid);
  const cluster = clusterIn(folder, bin, user);
  try {
    return await work(cluster);
  } finally {
    await cluster.stop('SIGQUIT');
    // What archives may write a last file after the server that it served.
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** Tries until it is so; throws with `what` when it takes too long. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await isSo()) return;
    await sleep(TRY_EVERY_MS);
  }
  throw new Error(`waited too long until ${what}`);
}

type User = { readonly uid: number; readonly gid: number } | Record<never, never>;

function clusterIn(folder: string, bin: string, user: User): Cluster {
  const url = `postgres:///postgres?${new URLSearchParams({ host: folder, port: '5432', user: SERVER_USER }).toString()}`;
  const log = join(folder, 'log');
  let server: ChildProcess | undefined;
  let gone: Promise<unknown> = Promise.resolve();
  const as = { ...user, cwd: folder };
  const run = async (tool: Tool, ...args: readonly string[]): Promise<void> => {
    await promisify(execFile)(join(bin, tool), args, { ...as, timeout: TOOL_MS_MAX });
  };
  return {
    folder,
    url,
    run,
    async make(dataDir, settings) {
      await run('initdb', '--pgdata', dataDir, '--username', SERVER_USER, '--auth', 'trust');
      await appendFile(join(folder, dataDir, 'postgresql.conf'), `${onSocket(folder)}${settings}`);
    },
    async start(dataDir) {
      const output = openSync(log, 'a');
      const child = spawn(join(bin, 'postgres'), ['-D', join(folder, dataDir)], {
        ...as,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      server = child;
      gone = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
      await until(`the server on ${dataDir} may be written to`, async () => {
        if (isRunning(child)) return isWritable(url);
        throw new Error(`the server on ${dataDir} ended: ${await readFile(log, 'utf8')}`);
      });
    },
    async stop(signal = 'SIGINT') {
      server?.kill(signal);
      await gone;
      server = undefined;
    },
  };
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

const onSocket = (folder: string): string => `
listen_addresses = ''
unix_socket_directories = '${folder}'
port = 5432
max_connections = 20
shared_buffers = 16MB
`;

/** A server that starts, or still recovers, refuses connections or writes. */
const isWritable = (url: string): Promise<boolean> =>
  onServer(url, async (client) => {
    const { rows } = await client.query<{ over: boolean }>(
      'SELECT NOT pg_is_in_recovery() AS over',
    );
    return rows[0]?.over === true;
  }).catch(() => false);

async function whatIsMissing(): Promise<string | undefined> {
  const bin = await binaries();
  if (bin === undefined) return `needs ${TOOLS.join(', ')} of one PostgreSQL`;
  const user = serverUser();
  if (user === undefined) return `needs a user "${SERVER_USER}", because root may run no server`;
  try {
    execFileSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/', stdio: 'ignore' });
    return undefined;
  } catch {
    return `needs the right to run PostgreSQL as "${SERVER_USER}"`;
  }
}

/** The folder of the machine's own server. What `pg_config` names may be the client's alone. */
async function binaries(): Promise<string | undefined> {
  const versions = await readdir(INSTALLED).catch(() => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = newestFirst.map((version) => join(INSTALLED, version, 'bin'));
  return [printed('pg_config', '--bindir') ?? '', ...folders].find(holdsTools);
}

function holdsTools(folder: string): boolean {
  return TOOLS.every((tool) => mayRun(join(folder, tool)));
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whoever runs this, unless that is root. Undefined where root has nobody to turn into. */
function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return {};
  const uid = printed('id', '-u', SERVER_USER);
  const gid = printed('id', '-g', SERVER_USER);
  return uid === undefined || gid === undefined
    ? undefined
    : { uid: Number(uid), gid: Number(gid) };
}

function printed(tool: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(tool, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
