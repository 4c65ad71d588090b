import { spawn } from 'node:child_process';

/** Runs a command with its output shown; resolves with its exit code. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The path of a tool that npm installed, so that no shell and no PATH is needed. */
export const tool = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;
