/** What stands on each account: the sum of its transfers, and nothing else. */
import { add, type Money, NO_MONEY, subtract, text } from '../../domain/units.ts';
import { unpackLike } from '../snapshots/shape.ts';
import { pack, type Saved } from '../snapshots/state-text.ts';
import { type Account, ACCOUNTS, type Transfer } from './account.ts';

/** Something was created or destroyed. The fold that did it is wrong, and nothing it says can be trusted. */
export class OutOfBalance extends Error {
  override readonly name = 'OutOfBalance';
}

export interface TrialLine {
  readonly currency: string;
  readonly account: Account;
  readonly balance: Money;
}

type Sheet = Record<Account, Money>;

export class Balances {
  #sheets = new Map<string, Sheet>();

  of(currency: string, account: Account): Money {
    return this.#sheets.get(currency)?.[account] ?? NO_MONEY;
  }

  currencies(): readonly string[] {
    return [...this.#sheets.keys()];
  }

  lines(): readonly TrialLine[] {
    return this.currencies().flatMap((currency) =>
      ACCOUNTS.map((account) => ({ currency, account, balance: this.of(currency, account) })),
    );
  }

  post({ currency, debit, credit, amount }: Transfer): void {
    const sheet = this.#sheets.get(currency) ?? blankSheet();
    sheet[debit] = add(sheet[debit], amount);
    sheet[credit] = subtract(sheet[credit], amount);
    this.#sheets.set(currency, sheet);
  }

  /** Throws when the accounts of a currency do not sum to zero; `when` says after what. */
  check(currency: string, when: string): void {
    const sum = ACCOUNTS.reduce(
      (total, account) => add(total, this.of(currency, account)),
      NO_MONEY,
    );
    if (sum !== NO_MONEY)
      throw new OutOfBalance(`${when} the accounts in ${currency} sum to ${text(sum)}, not to 0`);
  }

  save(): Saved {
    return pack(this.#state());
  }

  /** Throws when what was saved does not balance. */
  load(saved: Saved): void {
    const state = unpackLike(saved, this.#state());
    for (const sheet of state.sheets.values()) unpackLike(pack(sheet), blankSheet());
    this.#sheets = state.sheets;
    for (const currency of this.currencies()) this.check(currency, 'as they were saved');
  }

  #state() {
    return { sheets: this.#sheets };
  }
}

const blankSheet = (): Sheet => ({
  AVAILABLE: NO_MONEY,
  HELD: NO_MONEY,
  IN_POSITION: NO_MONEY,
  FEES: NO_MONEY,
  REALISED: NO_MONEY,
  EXTERNAL: NO_MONEY,
});
