import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script of this folder in a process of its own, spoken to in lines. */
export interface RunningScript {
  readonly pid: number;
  say(line: string): void;
  /** The next line it prints; rejects when it ends without one. */
  heard(): Promise<string>;
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void;
  /** Its exit code, or undefined when a signal ended it. */
  readonly ended: Promise<number | undefined>;
}

export function runScript(script: string, ...args: readonly string[]): RunningScript {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Writing to a process that has just stopped is what these tests are about.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    say: (line) => void child.stdin.write(`${line}\n`),
    async heard() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended and said nothing more`);
      return value;
    },
    signal: (name) => void child.kill(name),
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? undefined))),
  };
}
