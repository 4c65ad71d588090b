/** The accounts in words for the terminal. */
import { amount } from '../output.ts';

const WORDS: Readonly<Record<string, string>> = {
  AVAILABLE: 'available',
  HELD: 'held for orders',
  IN_POSITION: 'in positions',
  FEES: 'fees',
  REALISED: 'results',
  EXTERNAL: 'from outside',
};

export const accountWords = (account: string): string => WORDS[account] ?? account;

/** Money to the cent, units of anything else to the eighth place. */
export const balanceWords = (balance: string, isMoney: boolean): string =>
  amount(balance, isMoney ? 2 : 8);
