import type { ReactNode } from 'react';
import type { StateView } from '../../../api/views.ts';
import { formatAmount } from '../format/amount.ts';
import { usePage } from '../state/page.ts';
import { DrawdownLadder } from './drawdown-ladder.tsx';
import { Result } from './result.tsx';

const MONEY_PLACES = 2;

const Figure = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="figure">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function Figures({ server }: { readonly server: StateView }) {
  const { account } = server;
  const { currency } = account;
  const money = (amount: string) => (
    <span className="num">
      {formatAmount(amount, MONEY_PLACES)} <span className="unit">{currency}</span>
    </span>
  );
  const result = (amount: string) => (
    <Result amount={amount} places={MONEY_PLACES} unit={currency} />
  );
  return (
    <dl className="figures">
      <div className="figure figure-main">
        <dt>Equity</dt>
        <dd>{money(account.equity)}</dd>
      </div>
      <Figure name="Today">{result(account.dayResult)}</Figure>
      <Figure name="Open result">{result(account.unrealised)}</Figure>
      <Figure name="Realised">{result(account.realised)}</Figure>
      <Figure name="Cash">{money(account.cash)}</Figure>
      <Figure name="Fees paid">{money(account.fees)}</Figure>
      <div className="figure figure-drawdown">
        <dt>Drawdown from the peak</dt>
        <dd>
          <DrawdownLadder server={server} />
        </dd>
      </div>
    </dl>
  );
}

/** The account in one line: what it is worth, what today did, where it stands on the drawdown ladder. */
export function AccountStrip() {
  const server = usePage((state) => state.server);
  return (
    <section className="panel account" aria-label="Account">
      {server === null ? <div className="account-skeleton" /> : <Figures server={server} />}
    </section>
  );
}
