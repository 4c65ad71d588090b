import { useEffect, useRef, useState } from 'react';
import type { Attempt } from '../state/page-state.ts';

interface Props {
  readonly attempt: Attempt | undefined;
  /** Why approving is off, or null when it is on. */
  readonly blocked: string | null;
  readonly declining: boolean;
  readonly onDeclining: (declining: boolean) => void;
  readonly onApprove: () => void;
  readonly onDecline: (reason: string) => void;
}

const REASON_LENGTH = 500;

function DeclineForm({
  onDecline,
  onBack,
}: {
  readonly onDecline: (reason: string) => void;
  readonly onBack: () => void;
}) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className="decline"
      onSubmit={(event) => {
        event.preventDefault();
        onDecline(reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onBack();
      }}
    >
      <label>
        <span>Why not? Optional, and recorded.</span>
        <input
          ref={field}
          value={reason}
          maxLength={REASON_LENGTH}
          onChange={(event) => setReason(event.target.value)}
          placeholder="too close to the news"
          data-testid="decline-reason"
        />
      </label>
      <div className="buttons">
        <button type="submit" className="button button-danger" data-testid="decline-confirm">
          Decline it
        </button>
        <button type="button" className="button" onClick={onBack}>
          Back
        </button>
      </div>
    </form>
  );
}

/** Approve or decline; while an answer is on its way both are off. */
export function DecisionButtons(props: Props) {
  const { attempt, blocked, declining, onDeclining, onApprove, onDecline } = props;
  const busy = attempt?.phase === 'BUSY';
  if (declining && !busy) {
    return <DeclineForm onDecline={onDecline} onBack={() => onDeclining(false)} />;
  }
  return (
    <div className="buttons">
      <button
        type="button"
        className="button button-primary"
        data-testid="approve"
        disabled={busy || blocked !== null}
        onClick={onApprove}
      >
        {busy && attempt.decision === 'APPROVE' ? 'Approving…' : 'Approve'} <kbd>a</kbd>
      </button>
      <button
        type="button"
        className="button"
        data-testid="decline"
        disabled={busy}
        onClick={() => onDeclining(true)}
      >
        {busy && attempt.decision === 'DECLINE' ? 'Declining…' : 'Decline'} <kbd>d</kbd>
      </button>
    </div>
  );
}
