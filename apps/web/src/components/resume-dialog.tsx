import { useState } from 'react';
import type { StateView } from '../../../api/views.ts';
import { formatAmount } from '../format/amount.ts';
import { oneStepLooser, resumeTrading } from '../state/loosen.ts';
import { Ceremony } from './ceremony.tsx';
import { Dialog } from './dialog.tsx';

const AFTERWARDS = {
  REDUCING: 'Exits only: nothing new is opened until one more step is taken.',
  ACTIVE: 'The agents may propose entries again, and the kernel judges each order.',
} as const;

const STATES = ['HALTED', 'REDUCING', 'ACTIVE'] as const;

/** The three states in a row, with where trading is and where the step leads. */
function Steps({ from, to }: { readonly from: StateView['tradingState']; readonly to: string }) {
  return (
    <ol className="steps" aria-label={`This step: ${from} to ${to}`}>
      {STATES.map((state) => (
        <li key={state} className={state === to ? 'step step-next' : 'step'}>
          <strong>{state}</strong>
          <span className="muted">
            {state === from ? 'now' : state === to ? 'after this step' : ' '}
          </span>
        </li>
      ))}
    </ol>
  );
}

interface Props {
  readonly server: StateView;
  readonly onClose: () => void;
}

/** The way back to ACTIVE, one signed step at a time. */
export function ResumeDialog({ server, onClose }: Props) {
  const [rebasePeak, setRebasePeak] = useState(false);
  const { tradingState, emergency, account } = server;
  const to = oneStepLooser(tradingState);
  const peak = emergency && (
    <label className="toggle choice">
      <input
        type="checkbox"
        checked={rebasePeak}
        onChange={(event) => setRebasePeak(event.target.checked)}
      />
      <span>
        Set a new equity peak of {formatAmount(account.equity, 2)} {account.currency}. The drawdown
        ladder starts anew from there; possible only while nothing is open.
      </span>
    </label>
  );
  return (
    <Dialog title="Resume trading" testId="resume-dialog" onClose={onClose}>
      <Ceremony
        step={to === null ? null : { id: to, action: `Go to ${to}` }}
        done={AFTERWARDS.ACTIVE}
        act={(signature) => resumeTrading(to ?? 'ACTIVE', signature, emergency && rebasePeak)}
        intro={
          to !== null && (
            <>
              <Steps from={tradingState} to={to} />
              <p>
                {AFTERWARDS[to]} The kernel checks the account once more before it takes the step.
              </p>
            </>
          )
        }
        choices={peak}
      />
    </Dialog>
  );
}
