/** What must hold once the world was healed and had its time. */
import type { Case } from './case.ts';
import { chainFault } from './chain.ts';
import { words } from './decimal.ts';
import type { RowWords } from './testimony.ts';

export function judgeSettled(at: Case, rows: readonly RowWords[]): void {
  judgeStored(at, rows);
  judgeRest(at);
}

/** All of it but the look at the whole journal. */
export function judgeRest(at: Case): void {
  judgeExecutions(at);
  judgeOrders(at);
  for (const key of at.venue.positions.keys()) {
    const bare = at.venue.bare(key);
    if (bare > 0n) {
      const about = [key, ...at.venue.ordersOf(key)];
      at.object('LEFT_OPEN', `${key} lacks a stop of ${words(bare)}`, about);
    }
  }
}

/** The journal from its first row, once more, as it is stored now. */
function judgeStored(at: Case, rows: readonly RowWords[]): void {
  let last = { seq: 0, hash: '0'.repeat(64) };
  for (const row of rows) {
    const fault = chainFault(last, row);
    if (fault !== undefined) return at.object('CHAIN_BROKEN', fault, []);
    last = row;
  }
  const { seq, hash } = last;
  if (seq !== at.journal.seq || hash !== at.journal.hash)
    at.object(
      'CHAIN_BROKEN',
      `the journal ends with row ${seq}, it was written to row ${at.journal.seq}`,
      [],
    );
}

function judgeExecutions(at: Case): void {
  const { journal, venue } = at;
  for (const [id, { orderId }] of venue.fills)
    if (!journal.fills.has(id))
      at.object('LEDGER_IS_NOT_VENUE', `execution ${id} never reached the journal`, [id, orderId]);
  if (journal.cash !== venue.cash) {
    const because = `the journal leaves ${words(journal.cash)}, the venue has ${words(venue.cash)}`;
    at.object('LEDGER_IS_NOT_VENUE', because, []);
  }
  for (const key of new Set([...journal.positions.keys(), ...venue.positions.keys()])) {
    const here = journal.positions.get(key) ?? 0n;
    const there = venue.positions.get(key) ?? 0n;
    if (here === there) continue;
    const because = `the journal holds ${words(here)} ${key}, the venue ${words(there)}`;
    at.object('LEDGER_IS_NOT_VENUE', because, [key]);
  }
}

function judgeOrders(at: Case): void {
  const { journal, venue } = at;
  for (const { order, where, suspect, cancelWanted } of journal.orders.values()) {
    const { id } = order;
    const rests = venue.orders.get(id)?.rests === true;
    if (where === 'ON_ITS_WAY' || (suspect && where !== 'OVER'))
      at.object('LEFT_OPEN', `nobody knows where ${id} is`, [id]);
    else if (where === 'AT_VENUE' && !rests)
      at.object('LEDGER_IS_NOT_VENUE', `${id} rests in the journal and not at the venue`, [id]);
    else if (where === 'OVER' && rests)
      at.object('LEDGER_IS_NOT_VENUE', `${id} rests at the venue and is over in the journal`, [id]);
    else if (rests && cancelWanted)
      at.object('LEFT_OPEN', `${id} was to be cancelled and still rests`, [id]);
    else if (rests && order.addTo !== undefined && isAlone(at, order))
      at.object('LEFT_OPEN', `${id} would add to a position that is gone`, [id]);
  }
}

const isAlone = (
  { venue }: Case,
  { instrumentId, strategyId }: { readonly instrumentId: string; readonly strategyId: string },
): boolean => (venue.positions.get(`${instrumentId}:${strategyId}`) ?? 0n) === 0n;
