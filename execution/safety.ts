/** What moves toward safety by itself: breakers, halted instruments, alarms. The way back is not offered here. */
import { draft } from '../domain/draft.ts';
import type { Actor, EventBodies, TradingState } from '../domain/event.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReadonlyBook } from '../ledger/projections/readonly-book.ts';
import { type BreakerCode, BREAKERS } from '../risk-kernel/breakers.ts';
import { ENGINE } from './actor.ts';

type Move = Pick<EventBodies['trading.state-changed'], 'from' | 'to' | 'emergency'>;

export class Safety {
  readonly #ledger: Ledger;
  readonly #book: ReadonlyBook;
  readonly #raised = new Set<string>();

  constructor(ledger: Ledger, book: ReadonlyBook) {
    this.#ledger = ledger;
    this.#book = book;
  }

  /**
   * Pulls a breaker: the trading state moves as its table says, and an emergency it raises, or that is
   * raised already, stays raised. Returns whether anything moved.
   */
  async pull(code: BreakerCode, because: string, by: Actor = ENGINE): Promise<boolean> {
    if (this.#moveBy(code) === undefined) return false;
    return this.#ledger.transact(async (tx) => {
      // Looked at again in its turn: of two that are pulled at once, the lesser must not win.
      const move = this.#moveBy(code);
      if (move === undefined) return false;
      const body = { ...move, because, code };
      tx.append(draft('trading.state-changed', by, 'trading-state', null, body));
      return true;
    });
  }

  /** Nothing new is opened in the instrument until a person says so. Returns whether that is news. */
  async haltInstrument(
    instrumentId: InstrumentId,
    code: ReasonCode,
    because: string,
  ): Promise<boolean> {
    return this.#ledger.transact(async (tx) => {
      if (this.#book.halted.has(instrumentId)) return false;
      const body = { instrumentId, code, because };
      tx.append(draft('instrument.halted', ENGINE, instrumentId, null, body));
      return true;
    });
  }

  /** Told once of each subject in the life of a process, not with every look. */
  async alarm(code: ReasonCode, subject: string, because: string): Promise<boolean> {
    const key = `${code} ${subject}`;
    if (this.#raised.has(key)) return false;
    this.#raised.add(key);
    const body = { code, subject, because };
    await this.#ledger.append(draft('alarm.raised', ENGINE, subject, null, body));
    return true;
  }

  /** The trouble is over: the next of its kind is worth telling again. */
  calm(code: ReasonCode, subject: string): void {
    this.#raised.delete(`${code} ${subject}`);
  }

  #moveBy(code: BreakerCode): Move | undefined {
    const { tradingState: from, emergency: before } = this.#book;
    const to = graver(from, BREAKERS[code].to);
    const emergency = BREAKERS[code].emergency || before;
    return to === from && emergency === before ? undefined : { from, to, emergency };
  }
}

const RANK: Readonly<Record<TradingState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

const graver = (a: TradingState, b: TradingState): TradingState => (RANK[a] >= RANK[b] ? a : b);
