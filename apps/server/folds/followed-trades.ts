import type { Ledger } from '../../../ledger/ledger.ts';
import type { Trades } from '../../../ledger/trades/trades.ts';
import { freshTrades } from '../../fresh-trades.ts';
import { follow } from './follow.ts';

/**
 * The journal of trades, read from the ledger when somebody first asks for it and kept up from then on:
 * a start does not wait for what nobody may want to see.
 */
export class FollowedTrades {
  readonly #ledger: Ledger;
  readonly #onFault: (error: unknown) => void;
  #read: Promise<Trades> | undefined;
  #stop: () => void = () => {};

  constructor(ledger: Ledger, onFault: (error: unknown) => void) {
    this.#ledger = ledger;
    this.#onFault = onFault;
  }

  /** Rejects when the ledger cannot be read; who asks again tries again. */
  now(): Promise<Trades> {
    this.#read ??= this.#begin();
    return this.#read;
  }

  close(): void {
    this.#stop();
  }

  async #begin(): Promise<Trades> {
    const trades = freshTrades();
    try {
      this.#stop = await follow(this.#ledger, trades, this.#onFault);
      return trades;
    } catch (error) {
      this.#read = undefined;
      throw error;
    }
  }
}
