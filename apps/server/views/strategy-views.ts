import { text } from '../../../domain/units.ts';
import type { StrategyView } from '../../api/views.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { limitsNow } from './limit-views.ts';

/** How each strategy of the last start stands; a result today counts open positions at the mark. */
export function strategyViews(runtime: Runtime): readonly StrategyView[] {
  const { book, marks } = runtime.parts;
  const nowMs = runtime.options.clock.now();
  const { strategyLossStreakMax } = limitsNow(runtime);
  return book.active.map((id) => {
    const standing = book.standings.get(id);
    return {
      id,
      enabled: standing?.enabled ?? false,
      lossStreak: standing?.lossStreak ?? 0,
      lossStreakMax: strategyLossStreakMax,
      dayResult: text(book.strategyDayResult(id, nowMs, (held) => marks.get(held)?.price)),
      because: standing?.because ?? null,
    };
  });
}
