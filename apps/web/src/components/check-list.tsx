import type { CheckView } from '../../../api/views.ts';
import { gaugeShare, isMinimum } from '../format/gauge.ts';
import { formatMeasure, humanise } from '../format/measure.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Icon } from './icon.tsx';

const share = (check: CheckView): number => gaugeShare(check) ?? -1;

/** Failed first, then the fullest gauges, then the checks that only compare states. */
export const byTightness = (checks: readonly CheckView[]): readonly CheckView[] =>
  [...checks].sort((a, b) => Number(a.passed) - Number(b.passed) || share(b) - share(a));

function Check({ check }: { readonly check: CheckView }) {
  const used = gaugeShare(check);
  const { passed, value, limit, headroom, unit, code } = check;
  const title = humanise(check.check);
  return (
    <li className={passed ? 'check' : 'check check-failed'}>
      <span className="check-name">
        <Icon name={passed ? 'check' : 'cross'} />
        <span className="visually-hidden">{passed ? 'passed: ' : 'failed: '}</span>
        {title}
        {code !== null && <code className="check-code">{code}</code>}
      </span>
      {used === null ? (
        <span className="check-words num">{value}</span>
      ) : (
        <>
          <GaugeBar share={used} label={title} />
          <span className="check-numbers num">
            <span>
              {formatMeasure(value, unit)}{' '}
              <span className="muted">
                {isMinimum(check) ? '≥' : '≤'} {formatMeasure(limit, unit)}
              </span>
            </span>
            <span className="muted">{formatMeasure(headroom, unit)} left</span>
          </span>
        </>
      )}
    </li>
  );
}

export const CheckList = ({ checks }: { readonly checks: readonly CheckView[] }) => (
  <ul className="checks">
    {checks.map((check) => (
      <Check key={check.check} check={check} />
    ))}
  </ul>
);
