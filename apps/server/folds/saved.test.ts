/** What the screen shows can be put away and taken up again. */
import { expect, test } from 'vitest';

import { cycleId } from '../../../domain/ids.ts';
import { BTC, sampleEvent } from '../../../domain/testing/samples.ts';
import type { DomainEvent } from '../../../domain/event.ts';
import { foldContract } from '../../../ledger/testing/fold.contract.ts';
import { candles, feedOf } from '../../../tests/support/world.ts';
import { Projection } from './projection.ts';

const feed = { ...feedOf([]), history: candles(50_000, [[50_100], [50_200]]) };

foldContract('the projection', {
  fresh: () => new Projection(feed),
  movesLate: ['.equity.stride'],
  told: (projection, events) => ({
    seq: projection.seq,
    candles: projection.candles.closed,
    equity: projection.equity.points,
    fills: projection.fills,
    alarms: projection.alarms,
    steps: projection.lastStepOf('supervisor') ?? null,
    lastCycle: projection.lastCycle ?? null,
    since: projection.tradingStateSinceMs,
    hasOperator: projection.hasOperator,
    results: events.map(
      ({ correlationId }) => projection.results.of(cycleId(correlationId)) ?? null,
    ),
  }),
});

test('the bar in the making is in no journal and so in no snapshot: it forms again', () => {
  const bar = { openTimeMs: 0, open: '1', high: '1', low: '1', close: '1', volume: '1' };
  const closed = { instrumentId: BTC.id, timeframe: '5m', bar } as const;
  const ticked = new Projection(feed);
  ticked.apply(sampleEvent('market.bar-closed', closed) as DomainEvent);
  const quiet = new Projection(feed);
  quiet.load(ticked.save());
  ticked.candles.tick(51_000, Date.UTC(2026, 0, 7));
  expect(ticked.candles.forming).not.toBeNull();
  expect(ticked.save()).toEqual(quiet.save());
  const again = new Projection(feed);
  again.load(ticked.save());
  expect(again.candles.forming).toBeNull();
  expect(again.candles.closed).toEqual(ticked.candles.closed);
});
