/** What follows from what strategies said of a bar, without anybody being asked. */
import { TIMEFRAME_MS } from '../../domain/candle.ts';
import { draft } from '../../domain/draft.ts';
import type { Actor } from '../../domain/event.ts';
import type { StrategyId } from '../../domain/ids.ts';
import type { PositionGuard } from '../../execution/position-guard.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ReadonlyBook } from '../../ledger/projections/readonly-book.ts';
import type { Feed } from '../../market/feeds/feed.ts';
import type { ReadBar } from './desk-fold.ts';

const SYSTEM: Actor = { kind: 'SYSTEM', name: 'plimsoll' };

/** What a strategy opened, it may close without asking: whoever approved the entry approved that. */
export async function closeByRule(
  guard: PositionGuard,
  { instrument, timeframe }: Feed,
  { cycle, openTimeMs, reading }: ReadBar,
): Promise<void> {
  const closedAtMs = openTimeMs + TIMEFRAME_MS[timeframe];
  const bar = { instrumentId: instrument.id, closedAtMs };
  for (const opinion of reading.opinions)
    if (opinion.kind === 'EXIT') await guard.closeByRule(opinion, bar, cycle);
}

/** A strategy that throws is left out by the desk; here people are told, and it stays off until one says otherwise. */
export async function disableBroken(
  ledger: Ledger,
  book: ReadonlyBook,
  faults: ReadonlyMap<StrategyId, string>,
  { cycle }: ReadBar,
): Promise<void> {
  for (const [strategyId, because] of faults)
    if (book.standings.get(strategyId)?.enabled === true)
      await ledger.append(draft('strategy.disabled', SYSTEM, cycle, null, { strategyId, because }));
}
