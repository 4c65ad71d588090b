/** Runs the built command line as a user would: a process of its own, its output and its exit code. */
import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Neither the tester's database nor their colours reach the command, unless a test says so. */
function environment(extra: Environment): NodeJS.ProcessEnv {
  const { DATABASE_URL: _url, DATABASE_SCHEMA: _schema, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1', ...extra };
}

/** `input` is what a pipe holds for it. */
export function plimsoll(
  args: readonly string[],
  extra: Environment = {},
  input = '',
): Promise<Finished> {
  if (!existsSync(BUILT))
    throw new Error('the command line is not built; run "npm run build" first');
  return new Promise((resolve) => {
    const options = { env: environment(extra), maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    // A command that never reads it may be gone before it was written.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** Begins a command and returns how to kill it: at once, without a chance to tidy up. */
export function beginPlimsoll(
  args: readonly string[],
  extra: Environment = {},
): () => Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: environment(extra),
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return () => {
    child.kill('SIGKILL');
    return gone;
  };
}

export interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it as a user (SIGTERM) or a crash (SIGKILL) would, and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the server and resolves once it has printed its address. */
export function startPlimsoll(
  args: readonly string[],
  extra: Environment = {},
  cwd = process.cwd(),
): Promise<Started> {
  const child = spawn(process.execPath, [BIN, 'start', '--port', '0', ...args], {
    cwd,
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (url === undefined) return;
      resolve({
        url,
        child,
        async end(signal) {
          child.kill(signal);
          await gone;
        },
      });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`start ended with ${code}: ${output}`)));
  });
}

/** A folder that is gone when the work is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
