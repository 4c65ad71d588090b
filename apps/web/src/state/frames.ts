/** What one frame of the stream changes. Pure: the page after it, from the page before it. */
import type { EntryView, StateView, StreamMessage } from '../../../api/views.ts';
import { withCandle, withEquity, withForming } from './chart-data.ts';
import { withStreamed } from './journal-data.ts';
import type { PageState } from './page-state.ts';
import { withServer } from './proposals.ts';

function withPicture(state: PageState, server: StateView, atMs: number): PageState {
  const { nowMs, lastPrice, lastPriceAtMs } = server.market;
  const point = { timeMs: nowMs, equity: server.account.equity };
  return {
    ...withServer(state, server, atMs),
    price:
      lastPrice === null || lastPriceAtMs === null
        ? null
        : { price: lastPrice, atMs: lastPriceAtMs },
    chart: state.chart === null ? null : withEquity(state.chart, point),
  };
}

/** A gap empties the journal; the connection then reads the newest page again. */
const withEntries = (state: PageState, entries: readonly EntryView[]): PageState => ({
  ...state,
  journal: state.journal === null ? null : withStreamed(state.journal, entries),
});

/** `atMs` is the wall time at which the frame was heard. */
export function withFrame(state: PageState, frame: StreamMessage, atMs: number): PageState {
  switch (frame.type) {
    case 'state':
      return withPicture(state, frame.state, atMs);
    case 'price': {
      const { price, forming } = frame;
      const chart = state.chart === null ? null : withForming(state.chart, forming);
      return { ...state, price: { price, atMs: frame.atMs }, chart };
    }
    case 'candle':
      return state.chart === null
        ? state
        : { ...state, chart: withCandle(state.chart, frame.candle) };
    case 'entries':
      return withEntries(state, frame.entries);
  }
}

/** What has to be read again because of these entries. */
export interface Stale {
  readonly fills: boolean;
  readonly decisions: boolean;
}

const DECISION_EVENTS = /^(cycle\.closed|proposal|approval|intent|order|kernel)/;

export const staleAfter = (entries: readonly EntryView[]): Stale => ({
  fills: entries.some(({ type }) => type === 'order.filled'),
  decisions: entries.some(({ type }) => DECISION_EVENTS.test(type)),
});
