import type { CheckView } from '../../../api/views.ts';
import { isDecimalText } from '../format/amount.ts';
import { checkName } from '../format/check-names.ts';
import { gaugeShare, isMinimum } from '../format/gauge.ts';
import { formatMeasure } from '../format/measure.ts';
import { usePage } from '../state/page.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Icon } from './icon.tsx';

const share = (check: CheckView): number => gaugeShare(check) ?? -1;

/** Failed first, then the fullest gauges, then the checks that only compare states. */
export const byTightness = (checks: readonly CheckView[]): readonly CheckView[] =>
  [...checks].sort((a, b) => Number(a.passed) - Number(b.passed) || share(b) - share(a));

/** A condition that holds is told by what it wanted; one that does not, by what was found instead. */
function conditionWords({ passed, value, limit }: CheckView): string {
  if (!passed) return `${value}, not ${limit}`;
  return isDecimalText(limit) ? formatMeasure(value, '', '') : limit;
}

function Measures({ check, currency }: { readonly check: CheckView; readonly currency: string }) {
  const { value, limit, headroom, unit, passed } = check;
  const measure = (text: string) => formatMeasure(text, unit, currency);
  return (
    <span className="check-numbers num">
      <span>
        {measure(value)}{' '}
        <span className="muted">
          {isMinimum(check) ? '≥' : '≤'} {measure(limit)}
        </span>
      </span>
      {passed && <span className="muted">{measure(headroom)} left</span>}
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
      {checks.map((check) => (
        // One check may compare twice, such as an age against its least and its most.
        <Check key={`${check.check} ${check.limit}`} check={check} currency={currency} />
      ))}
    </ul>
  );
}
