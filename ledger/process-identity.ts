import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names a process for good: its number alone is given again to somebody else. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process; null where /proc does not tell. */
  readonly startedTicks: string | null;
}

export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  startedTicks: statOf(process.pid)?.startedTicks ?? null,
});

/** This process among all machines', for people to read and never for deciding. */
export function thisProcessName(): string {
  const { pid, startedTicks } = thisProcess();
  return [hostname(), pid, ...(startedTicks === null ? [] : [startedTicks])].join('/');
}

/** True while that very process runs; a zombie has died already. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (!answersSignals(identity.pid)) return false;
  const stat = statOf(identity.pid);
  if (stat === undefined || identity.startedTicks === null) return true;
  return stat.state !== 'Z' && stat.startedTicks === identity.startedTicks;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted means that it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of proc(5) stat; the name in field 2 may hold spaces, so count from its bracket. */
function statOf(
  pid: number,
): { readonly state: string; readonly startedTicks: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, startedTicks: rest[18] ?? '' };
  } catch {
    return undefined;
  }
}
