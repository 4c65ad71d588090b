import type { VerdictView } from '../../../api/views.ts';
import { formatMinute } from '../format/instant.ts';
import { plural, shortHash } from '../format/text.ts';
import { byTightness, CheckList } from './check-list.tsx';
import { Icon } from './icon.tsx';

/** As many as fit beside the rest of the card; the tightest come first. */
const SHOWN = 4;

/** The kernel's word, with every comparison it made. */
export function KernelVerdict({ verdict }: { readonly verdict: VerdictView }) {
  const checks = byTightness(verdict.checks);
  const rest = checks.slice(SHOWN);
  return (
    <div className={verdict.cleared ? 'verdict verdict-cleared' : 'verdict verdict-denied'}>
      <p className="verdict-head">
        <Icon name={verdict.cleared ? 'shield' : 'warning'} />
        <strong>{verdict.cleared ? 'Kernel: cleared' : 'Kernel: denied'}</strong>
        <span className="muted num">
          {formatMinute(verdict.reviewedAtMs)} UTC, limits{' '}
          <code title={verdict.limitsHash}>{shortHash(verdict.limitsHash)}</code>
        </span>
      </p>
      {!verdict.cleared && <p className="verdict-sentence">{verdict.sentence}</p>}
      <CheckList checks={checks.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details className="more">
          <summary>
            {plural(rest.length, 'more check')}, {plural(checks.length, 'check')} in all
          </summary>
          <CheckList checks={rest} />
        </details>
      )}
    </div>
  );
}
