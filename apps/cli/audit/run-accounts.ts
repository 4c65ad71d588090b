import pc from 'picocolors';
import { Accounts } from '../../../ledger/accounts/accounts.ts';
import type { Database } from '../../../ledger/database.ts';
import { storedEvents } from '../../../ledger/stored-events.ts';
import { instrumentsById } from '../../instruments.ts';
import type { AccountsView } from '../../api/account-views.ts';
import { accountsView } from '../../server/views/accounts-view.ts';
import type { AccountsFlags } from '../commands/accounts.ts';
import { printJson, printLine, printTable } from '../output.ts';
import { accountWords, balanceWords } from './account-words.ts';
import { atPlace } from './place.ts';

export async function runAccounts(flags: AccountsFlags): Promise<void> {
  const view = await atPlace(flags, { served: (server) => server.accounts(), stored: folded });
  if (flags.json) return printJson(view);
  if (view.currency === null) return printLine(pc.dim('  Nothing is booked yet.'));
  printLine();
  const own = view.currency;
  // Of what is held in units, most accounts are empty for ever.
  const lines = view.lines.filter(({ currency, balance }) => currency === own || balance !== '0');
  printTable(['currency', 'account', '>balance'], lines.map(lineIn(own)));
  printLine();
  printLine(
    pc.dim(
      `  Debit above zero; each currency sums to zero. As of event ${view.seq.toLocaleString('en')}.`,
    ),
  );
  if (view.holds.length === 0) return;
  printLine();
  const { currency } = view;
  printTable(
    ['held for order', `>${currency}`],
    view.holds.map(({ orderId, amount }) => [orderId, balanceWords(amount, true)]),
  );
}

async function folded(database: Database): Promise<AccountsView> {
  const accounts = new Accounts(instrumentsById());
  for await (const { event } of storedEvents(database)) accounts.apply(event);
  return accountsView(accounts);
}

const lineIn =
  (own: string) =>
  ({ currency, account, balance }: AccountsView['lines'][number]): readonly string[] => [
    currency,
    accountWords(account),
    balanceWords(balance, currency === own),
  ];
