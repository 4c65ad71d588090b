import { threadId } from 'node:worker_threads';

let count = 0;

/** A name that nobody else on this machine gives at the same time. */
export function uniqueName(): string {
  count++;
  return `${process.pid}-${threadId}-${count}`;
}
