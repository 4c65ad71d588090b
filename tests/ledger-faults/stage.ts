import type { PostgresOptions } from '../../ledger/database.ts';
import { FaultHouse } from './fault-house.ts';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { Wire } from './wire.ts';

/** A house whose PostgreSQL is reached by a wire; nobody else is on that database. */
export interface Stage {
  readonly own: OwnDatabase;
  readonly wire: Wire;
  readonly house: FaultHouse;
}

/** Where the journal lies in a database of one's own. */
export const SCHEMA = 'desk';

/** All of it is gone when the work is done. */
export async function onStage(
  server: string,
  work: (stage: Stage) => Promise<void>,
  options: Pick<PostgresOptions, 'answerMsMax'> = {},
): Promise<void> {
  const own = ownDatabase(server);
  await own.make();
  const wire = await Wire.to(own.url);
  const house = new FaultHouse({ url: wire.url, schema: SCHEMA, ...options });
  try {
    await work({ own, wire, house });
  } finally {
    await house.endAll();
    await wire.close();
    await own.drop();
  }
}
