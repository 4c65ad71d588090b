import type { LimitView } from '../../../api/views.ts';
import { isMinimum } from '../format/gauge.ts';
import { formatMeasure } from '../format/measure.ts';
import { shortHash } from '../format/text.ts';
import { usePage } from '../state/page.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Panel } from './panel.tsx';
import { Skeleton } from './skeleton.tsx';

function Limit({ limit, currency }: { readonly limit: LimitView; readonly currency: string }) {
  const measure = (text: string) => formatMeasure(text, limit.unit, currency);
  return (
    <li className="limit">
      <span className="limit-head">
        {limit.title}
        <span className="num">
          {measure(limit.value)}{' '}
          <span className="muted">
            {isMinimum(limit) ? '≥' : '≤'} {measure(limit.limit)}
          </span>
        </span>
      </span>
      <GaugeBar share={limit.used} label={limit.title} />
      <span className="num muted limit-headroom">{measure(limit.headroom)} left</span>
    </li>
  );
}

/** The kernel's limits, the fullest first. Nobody can raise them; settings may only tighten. */
export function LimitsPanel() {
  const limits = usePage((state) => state.server?.limits ?? null);
  const currency = usePage((state) => state.server?.account.currency ?? '');
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
              <Limit key={limit.id} limit={limit} currency={currency} />
            ))}
        </ul>
      )}
    </Panel>
  );
}
