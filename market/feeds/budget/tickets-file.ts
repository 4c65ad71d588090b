import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { BadField, type Fields, fieldsOf, listOf, numberOf, textOf } from '../wire/fields.ts';
import { allSpent, type BudgetTerms, NO_TICKETS, type Tickets } from './tickets.ts';
import { uniqueName } from './unique-name.ts';

/** How every file of ours begins, so that half of one is still known and another's is never overwritten. */
const BEGINNING = '{"requestBudget":1,';

export function writeTickets(path: string, { slots, waiting, closedUntilMs }: Tickets): void {
  const rest = JSON.stringify({ slots, waiting, closedUntilMs });
  const draft = `${path}.${uniqueName()}`;
  try {
    writeFileSync(draft, `${BEGINNING}${rest.slice(1)}`);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A file that was torn by a crash counts as a budget that is spent to the last request. */
export function readTickets(path: string, nowMs: number, terms: BudgetTerms): Tickets {
  const text = read(path);
  if (text === undefined) return NO_TICKETS;
  try {
    return ticketsOf(fieldsOf(JSON.parse(text), 'the file'));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof BadField)) throw error;
    if (isOurs(text)) return allSpent(nowMs, terms);
    throw new Error(
      `${path} is not a request budget of ours and is left as it is; name a file that is free`,
      { cause: error },
    );
  }
}

/** Ours in whole or in part, or what a file system leaves of a file after the power went out. */
function isOurs(text: string): boolean {
  const written = text.replace(/\0+$/, '');
  return written.startsWith(BEGINNING) || BEGINNING.startsWith(written);
}

function ticketsOf(file: Fields): Tickets {
  if (file.values['requestBudget'] !== 1) {
    throw new BadField('requestBudget', file.values['requestBudget'], '1');
  }
  return {
    slots: listOf(file, 'slots').map((value, i) => {
      const slot = fieldsOf(value, `slots[${i}]`);
      const inFlight = slot.values['inFlight'] === true;
      return { id: textOf(slot, 'id'), freeAtMs: numberOf(slot, 'freeAtMs'), inFlight };
    }),
    waiting: listOf(file, 'waiting').map((value, i) => {
      const waiting = fieldsOf(value, `waiting[${i}]`);
      return { id: textOf(waiting, 'id'), looksAtMs: numberOf(waiting, 'looksAtMs') };
    }),
    closedUntilMs: numberOf(file, 'closedUntilMs'),
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
