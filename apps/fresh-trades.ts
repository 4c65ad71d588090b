import { Trades } from '../ledger/trades/trades.ts';
import { instrumentsById } from './instruments.ts';

/** Knows the lots of everything that can be traded, so that dust does not keep a trade open. */
export const freshTrades = (): Trades => new Trades(instrumentsById());
