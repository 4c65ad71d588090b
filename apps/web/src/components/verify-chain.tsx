import { useState } from 'react';
import type { VerifyView } from '../../../api/audit-views.ts';
import { verifyChain } from '../state/api.ts';
import { Icon } from './icon.tsx';
import { useAsking } from './use-asking.ts';

function verdictOf({ ok, events, lastCheckpoint, findings }: VerifyView): string {
  if (ok) {
    const signed = lastCheckpoint === null ? '' : `, signed to ${place(lastCheckpoint.size)}`;
    return `intact to ${place(events)}${signed}`;
  }
  const [first] = findings;
  return first === undefined || first.seq === null ? 'broken' : `broken at ${place(first.seq)}`;
}

const place = (seq: number): string => `#${seq.toLocaleString('en-US')}`;

/** Has the server prove the whole record and says how far it holds. */
export function VerifyChain() {
  const [result, setResult] = useState<VerifyView | null>(null);
  const { busy, failure, ask } = useAsking();
  return (
    <>
      <span data-testid="verify-result" role="status" className="verify-result">
        {failure !== null && <span className="chip chip-bad">{failure}</span>}
        {failure === null && result !== null && (
          <span
            className={result.ok ? 'chip chip-good' : 'chip chip-bad'}
            title={`${result.sentence} Head ${result.headHash}`}
          >
            <Icon name={result.ok ? 'shield' : 'warning'} /> {verdictOf(result)}
          </span>
        )}
      </span>
      <button
        type="button"
        className="button button-small"
        data-testid="verify"
        disabled={busy}
        onClick={() => ask(async () => setResult(await verifyChain()))}
      >
        {busy ? 'Verifying…' : 'Verify record'}
      </button>
    </>
  );
}
