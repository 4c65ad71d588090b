import pc from 'picocolors';
import { openDatabase } from '../../../ledger/database.ts';
import { createRole, grantTo, GRANTS, RoleUnfit } from '../../../ledger/roles/grants.ts';
import { describeLocation, prepareStorage, type StoredLocation } from '../../storage.ts';
import { BadInput } from '../errors.ts';
import { printFacts, printJson, printLine } from '../output.ts';
import type { MigrateFlags } from './migrate.ts';

/** Takes the one writer's lock, so that tables never change under a Plimsoll that runs. */
export async function runMigrate(flags: MigrateFlags): Promise<void> {
  const { ownerUrl: url, appRole: role, schema } = flags;
  const location: StoredLocation = { kind: 'server', url, schema };
  const database = await openDatabase(location);
  try {
    await prepareStorage(database, schema);
    if (flags.createRole) await createRole(database, role);
    await grantTo(database, role);
  } catch (error) {
    throw error instanceof RoleUnfit ? new BadInput(error.message) : error;
  } finally {
    await database.close();
  }
  if (flags.json) return printJson({ ok: true, schema, role, grants: GRANTS });
  printLine(`${pc.green('ready')}  ${describeLocation(location)}`);
  printLine(pc.dim(`       the role ${role} may, and nothing else:`));
  printFacts(GRANTS.map(({ table, rights }) => [table, rights]));
}
