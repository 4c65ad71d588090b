/** Tells a writer that hangs from one that works, by the clock of the server they share. */
import type pg from 'pg';

/** How long a writer that hangs keeps its place. */
export interface Lease {
  readonly renewEveryMs: number;
  /** A writer that was silent for longer may be ended and replaced. */
  readonly lastsMs: number;
}

/** Two renewals may be late before anybody else steps in. */
export const LEASE: Lease = { renewEveryMs: 5_000, lastsMs: 15_000 };

const UNDEFINED_TABLE = '42P01';

/** Renews the lease for as long as this process takes its turns. Returns how to stop. */
export function keepRenewing(client: pg.Client, everyMs: number): () => void {
  let renewing = false;
  const timer = setInterval(async () => {
    if (renewing) return;
    renewing = true;
    try {
      await client.query('UPDATE leadership SET renewed_at = clock_timestamp() WHERE id = 1');
    } catch {
      // A lost connection is told by its own events, and a lease that was not renewed only runs out.
    } finally {
      renewing = false;
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Ends the session that holds the lock when it let its lease run out. The session itself must have been
 * silent as long: another contender may have won just now, and has not renewed the lease yet.
 */
export async function endSilentHolder(
  client: pg.Client,
  key: string,
  lastsMs: number,
): Promise<boolean> {
  try {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(session.pid)
       FROM leadership, pg_locks held JOIN pg_stat_activity session ON session.pid = held.pid
       WHERE leadership.renewed_at < clock_timestamp() - $2 * interval '1 millisecond'
         AND session.state_change < clock_timestamp() - $2 * interval '1 millisecond'
         AND held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
         AND ((held.classid::bigint << 32) | held.objid::bigint) = $1
         AND session.datname = current_database()`,
      [key, lastsMs],
    );
    return rowCount !== null && rowCount > 0;
  } catch (error) {
    // Its holder is still making the tables.
    if ((error as pg.DatabaseError).code === UNDEFINED_TABLE) return false;
    throw error;
  }
}
