import type { LimitView } from '../../../api/views.ts';
import { isMinimum } from '../format/gauge.ts';
import { formatMeasure } from '../format/measure.ts';
import { shortHash } from '../format/text.ts';
import { usePage } from '../state/page.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Panel } from './panel.tsx';
import { Skeleton } from './skeleton.tsx';

const Limit = ({ limit }: { readonly limit: LimitView }) => (
  <li className="limit">
    <span className="limit-head">
      {limit.title}
      <span className="num">
        {formatMeasure(limit.value, limit.unit)}{' '}
        <span className="muted">
          {isMinimum(limit) ? '≥' : '≤'} {formatMeasure(limit.limit, limit.unit)}
        </span>
      </span>
    </span>
    <GaugeBar share={limit.used} label={limit.title} />
    <span className="num muted limit-headroom">
      {formatMeasure(limit.headroom, limit.unit)} left
    </span>
  </li>
);

/** The kernel's limits, the fullest first. Nobody can raise them; settings may only tighten. */
export function LimitsPanel() {
  const limits = usePage((state) => state.server?.limits ?? null);
  const hash = usePage((state) => state.server?.limitsHash ?? '');
  const aside = (
    <code className="muted" title={hash}>
      {shortHash(hash)}
    </code>
  );
  return (
    <Panel title="Kernel limits" aside={aside} className="limits">
      {limits === null ? (
        <Skeleton lines={6} />
      ) : (
        <ul className="limit-list">
          {[...limits]
            .sort((a, b) => b.used - a.used)
            .map((limit) => (
              <Limit key={limit.id} limit={limit} />
            ))}
        </ul>
      )}
    </Panel>
  );
}
