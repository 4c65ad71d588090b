import { Trades } from '../ledger/trades/trades.ts';
import { INSTRUMENTS } from '../market/instruments/instruments.ts';

/** The lots of everything that can be traded, so that dust does not keep a trade open. */
const BY_ID = new Map(INSTRUMENTS.map((instrument) => [instrument.id, instrument]));

export const freshTrades = (): Trades => new Trades(BY_ID);
