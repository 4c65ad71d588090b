import type { VerdictView } from '../../../api/views.ts';
import { formatMinute } from '../format/instant.ts';
import { sortChecks } from '../format/sort-checks.ts';
import { plural, shortHash } from '../format/text.ts';
import { CheckList } from './check-list.tsx';
import { Icon } from './icon.tsx';

/** The kernel's word, with every comparison it made. */
export function KernelVerdict({ verdict }: { readonly verdict: VerdictView }) {
  const { telling, rest, conditions } = sortChecks(verdict.checks);
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
      <CheckList checks={telling} />
      {conditions.length > 0 && (
        <p className="muted">
          … and {plural(conditions.length, 'condition holds', 'conditions hold')}
        </p>
      )}
      {rest.length + conditions.length > 0 && (
        <details className="more">
          <summary>All {plural(verdict.checks.length, 'check')}</summary>
          <CheckList checks={[...rest, ...conditions]} />
        </details>
      )}
    </div>
  );
}
