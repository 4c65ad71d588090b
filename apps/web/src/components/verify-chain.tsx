import { useState } from 'react';
import type { VerifyView } from '../../../api/audit-views.ts';
import { verifyChain } from '../state/api.ts';
import { Icon } from './icon.tsx';
import { useAsking } from './use-asking.ts';

const verdictOf = (result: VerifyView): string =>
  result.ok
    ? `intact to #${result.events.toLocaleString('en-US')}`
    : `broken at #${(result.brokenAtSeq ?? 0).toLocaleString('en-US')}`;

/** Recomputes the whole chain on the server and says how far it holds. */
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
        {busy ? 'Verifying…' : 'Verify chain'}
      </button>
    </>
  );
}
