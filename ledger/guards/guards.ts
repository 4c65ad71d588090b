/**
 * Whether what keeps the journal append-only still stands. Whoever owns the tables can take it away and
 * put it back; the hash chain shows what was changed meanwhile, and this shows that it is away.
 *
 * What it cannot see: another session that set `session_replication_role` for itself alone. Only a
 * superuser can do that, and what such a session changed is found by verification.
 */
import type { Database } from '../database.ts';
import { type Change, type Guard, GUARDED_TABLES, type GuardedTable, GUARDS } from './expected.ts';
import {
  readColumns,
  readConstraints,
  readReplicationRoles,
  readTables,
  readTriggers,
  type StoredTable,
  type StoredTrigger,
} from './stored.ts';

/** One sentence for each guard that is not as the migrations left it; none when all stand. */
export async function guardFaults(database: Database): Promise<readonly string[]> {
  const { pool } = database;
  // One after another: the embedded database has a single session.
  const tables = await readTables(pool);
  const triggers = await readTriggers(pool);
  const constraints = await readConstraints(pool);
  const columns = await readColumns(pool);
  const roles = await readReplicationRoles(pool);
  const found = GUARDED_TABLES.filter(({ name }) => tables.has(name));
  const gone = GUARDED_TABLES.filter(({ name }) => !tables.has(name));
  return [
    ...gone.map(({ name }) => `The table ${name} is missing.`),
    ...found.flatMap(({ name }) => tableFaults(name, tables.get(name))),
    ...GUARDS.filter(({ table }) => tables.has(table)).flatMap((guard) =>
      triggerFaults(guard, triggers),
    ),
    ...triggers
      .filter(isForeign)
      .map(({ table, name }) => `The trigger ${name} on ${table} is not ours.`),
    ...found.flatMap((table) => constraintFaults(table, constraints.get(table.name) ?? [])),
    ...found.flatMap((table) => columnFaults(table, columns.get(table.name) ?? [])),
    ...roles,
  ];
}

function tableFaults(name: string, table: StoredTable | undefined): readonly string[] {
  if (table === undefined) return [];
  const faults: string[] = [];
  if (!table.plain) faults.push(`The table ${name} is not an ordinary table any more.`);
  if (!table.logged)
    faults.push(`The table ${name} is unlogged: a crash of the server empties it.`);
  if (table.hidesRows) faults.push(`Row security hides rows of the table ${name}.`);
  if (table.inherited) faults.push(`The table ${name} takes part in inheritance.`);
  for (const rule of table.rules) faults.push(`The rule ${rule} rewrites statements on ${name}.`);
  return faults;
}

function triggerFaults(guard: Guard, triggers: readonly StoredTrigger[]): readonly string[] {
  const { table, name } = guard;
  const what = `The trigger ${name} on ${table}`;
  const stored = triggers.find((one) => one.table === table && one.name === name);
  if (stored === undefined) return [`${what} is missing.`];
  const faults: string[] = [];
  if (stored.enabled === 'D') faults.push(`${what} is disabled.`);
  if (stored.enabled === 'R') faults.push(`${what} fires only for replicated changes.`);
  if (stored.kind !== kindOf(guard) || stored.narrowed) {
    const level = guard.level === 'ROW' ? 'each row' : 'each statement';
    faults.push(`${what} does not fire before ${guard.before.join(' and ')} of ${level} any more.`);
  }
  if (!stored.plainFunction || squeezed(stored.body) !== squeezed(guard.body)) {
    faults.push(`${what} calls a function that is not the one we installed.`);
  }
  return faults;
}

const isForeign = ({ table, name }: StoredTrigger): boolean =>
  !GUARDS.some((guard) => guard.table === table && guard.name === name);

function constraintFaults(table: GuardedTable, stored: readonly string[]): readonly string[] {
  return table.constraints
    .filter((constraint) => !stored.includes(constraint))
    .map((constraint) => `The constraint ${constraint} of ${table.name} is missing.`);
}

function columnFaults(table: GuardedTable, stored: readonly string[]): readonly string[] {
  return table.required
    .filter((column) => !stored.includes(column))
    .map((column) => `The column ${column} of ${table.name} may be empty, or is gone.`);
}

/** Bits of pg_trigger.tgtype. */
const FOR_EACH_ROW = 1;
const BEFORE = 2;
const CHANGE_BITS: Readonly<Record<Change, number>> = {
  INSERT: 4,
  DELETE: 8,
  UPDATE: 16,
  TRUNCATE: 32,
};

const kindOf = ({ level, before }: Guard): number =>
  before.reduce(
    (kind, change) => kind | CHANGE_BITS[change],
    BEFORE | (level === 'ROW' ? FOR_EACH_ROW : 0),
  );

const squeezed = (body: string): string => body.replaceAll(/\s+/g, ' ').trim();
