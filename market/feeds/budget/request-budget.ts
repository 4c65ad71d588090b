import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { underLock } from './file-lock.ts';
import { readTickets, writeTickets } from './tickets-file.ts';
import { type BudgetTerms, closeUntil, leave, settle, takeTurn, type Tickets } from './tickets.ts';
import { uniqueName } from './unique-name.ts';
import type { Outside } from '../provider.ts';
import { REQUEST_TIMEOUT_MS } from '../wire/ask-json.ts';

/** How often a provider may be asked. */
export interface RequestBudget {
  /** Makes the request when it may be made. Rejects with the reason of `signal` when that comes first. */
  spend<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The provider asks to be left alone for so long. */
  pause(forMs: number): Promise<void>;
}

/** For an account without a limit. */
export const UNLIMITED_REQUESTS: RequestBudget = {
  spend: (request) => request(),
  pause: () => Promise.resolve(),
};

export interface SharedBudgetOptions {
  /** One file for one API key; every process that uses the key names the same. */
  readonly path: string;
  readonly outside: Outside;
  readonly requestsMax: number;
  /** One minute unless tests are in a hurry. */
  readonly windowMs?: number;
}

/**
 * A sliding window that all processes on this machine share through a file. Turns are given in the order
 * in which they were asked for, and nobody holds the file's lock while waiting for one.
 */
export function sharedBudget(options: SharedBudgetOptions): RequestBudget {
  const { path, outside } = options;
  const terms: BudgetTerms = {
    requestsMax: positiveWhole('requestsMax', options.requestsMax),
    windowMs: positiveWhole('windowMs', options.windowMs ?? 60_000),
    requestMsMax: REQUEST_TIMEOUT_MS,
  };
  mkdirSync(dirname(path), { recursive: true });

  const change = <T>(
    work: (tickets: Tickets, nowMs: number) => readonly [Tickets, T],
  ): Promise<T> =>
    underLock(`${path}.lock`, outside, () => {
      const nowMs = outside.now();
      const [tickets, result] = work(readTickets(path, nowMs, terms), nowMs);
      writeTickets(path, tickets);
      return result;
    });

  const waitForTurn = async (id: string, signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await change((tickets, nowMs) => {
        const turn = takeTurn(tickets, id, nowMs, terms);
        return [turn.tickets, turn.waitMs];
      });
      if (waitMs === 0) return;
      await outside.sleep(waitMs, signal);
      if (signal.aborted) await change((tickets) => [leave(tickets, id), undefined]);
    }
  };

  return {
    async spend(request, signal) {
      const id = `${uniqueName()}-${outside.now()}`;
      await waitForTurn(id, signal);
      try {
        return await request();
      } finally {
        await change((tickets, nowMs) => [settle(tickets, id, nowMs, terms), undefined]);
      }
    },
    pause: (forMs) => change((tickets, nowMs) => [closeUntil(tickets, nowMs + forMs), undefined]),
  };
}

function positiveWhole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} ${value} must be a whole number above zero`);
}
