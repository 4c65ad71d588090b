import type { CheckView } from '../../../api/views.ts';
import { formatAmount, isDecimalText } from '../format/amount.ts';
import { checkName } from '../format/check-names.ts';
import { gaugeShare, isMinimum } from '../format/gauge.ts';
import { formatMeasure } from '../format/measure.ts';
import { usePage } from '../state/page.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Icon } from './icon.tsx';

/** A condition that holds is told by what it wanted; one that does not, by what was found instead. */
function conditionWords({ passed, value, limit }: CheckView): string {
  if (!passed) return `${value}, not ${limit}`;
  return isDecimalText(limit) ? formatMeasure(value, '', '') : limit;
}

function Measures({ check, currency }: { readonly check: CheckView; readonly currency: string }) {
  const { value, limit, headroom, unit, passed } = check;
  const measure = (text: string) => formatMeasure(text, unit, currency);
  // Amounts are wide; the currency beside the limit is enough.
  const brief = (text: string) => (unit === 'money' ? formatAmount(text, 2) : measure(text));
  return (
    <span className="check-numbers num">
      <span>
        {brief(value)}{' '}
        <span className="muted">
          {isMinimum(check) ? '≥' : '≤'} {measure(limit)}
        </span>
      </span>
      {passed && <span className="muted">{brief(headroom)} left</span>}
    </span>
  );
}

function Check({ check, currency }: { readonly check: CheckView; readonly currency: string }) {
  const used = gaugeShare(check);
  const { passed, code } = check;
  const title = checkName(check.check);
  return (
    <li className={passed ? 'check' : 'check check-failed'}>
      <span className="check-name" title={check.check}>
        <Icon name={passed ? 'check' : 'cross'} />
        <span className="visually-hidden">{passed ? 'passed: ' : 'failed: '}</span>
        {title}
        {code !== null && <code className="check-code">{code}</code>}
      </span>
      {used === null ? (
        <span className="check-words num">{conditionWords(check)}</span>
      ) : (
        <>
          <GaugeBar share={used} label={title} />
          <Measures check={check} currency={currency} />
        </>
      )}
    </li>
  );
}

export function CheckList({ checks }: { readonly checks: readonly CheckView[] }) {
  const currency = usePage((state) => state.server?.account.currency ?? '');
  return (
    <ul className="checks">
      {checks.map((check, index) => (
        // One check compares more than once, and the list of a verdict never changes.
        <Check key={`${check.check} ${index}`} check={check} currency={currency} />
      ))}
    </ul>
  );
}
