import { text } from '../../../domain/units.ts';
import type { Accounts } from '../../../ledger/accounts/accounts.ts';
import type { TrialLine } from '../../../ledger/accounts/balances.ts';
import type { AccountsView } from '../../api/account-views.ts';

export const accountsView = (accounts: Accounts): AccountsView => ({
  seq: accounts.seq,
  currency: accounts.currency ?? null,
  lines: accounts.trialBalance().map(trialLineView),
  holds: [...accounts.holds()].map(([orderId, amount]) => ({ orderId, amount: text(amount) })),
});

export const trialLineView = ({ currency, account, balance }: TrialLine) => ({
  currency,
  account,
  balance: text(balance),
});
