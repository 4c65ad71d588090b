import type { LimitView } from '../../../api/views.ts';
import { isMinimum } from '../format/gauge.ts';
import { formatMeasure } from '../format/measure.ts';
import { plural, shortHash } from '../format/text.ts';
import { usePage } from '../state/page.ts';
import { GaugeBar } from './gauge-bar.tsx';
import { Panel } from './panel.tsx';
import { Skeleton } from './skeleton.tsx';

/** As many as are worth a look while nothing is tight. */
const SHOWN = 8;

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

interface ListProps {
  readonly limits: readonly LimitView[];
  readonly currency: string;
}

const LimitList = ({ limits, currency }: ListProps) => (
  <ul className="limit-list">
    {limits.map((limit) => (
      <Limit key={limit.id} limit={limit} currency={currency} />
    ))}
  </ul>
);

/** What a profile or the settings made tighter than the constants, if anything. */
function Tightened() {
  const tightened = usePage((state) => state.server?.tightened);
  if (tightened === undefined || tightened.length === 0) return null;
  return (
    <details className="more tightened">
      <summary>{plural(tightened.length, 'limit')} tighter than the standard</summary>
      <dl>
        {tightened.map(({ name, value, standard }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd className="num">
              {value} <span className="muted">instead of {standard}</span>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The kernel's limits, the fullest first. Nobody can raise them; settings may only tighten. */
export function LimitsPanel() {
  const limits = usePage((state) => state.server?.limits ?? null);
  const currency = usePage((state) => state.server?.account.currency ?? '');
  const hash = usePage((state) => state.server?.limitsHash ?? '');
  const fullest = [...(limits ?? [])].sort((a, b) => b.used - a.used);
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
        <>
          <Tightened />
          <LimitList limits={fullest.slice(0, SHOWN)} currency={currency} />
          <details className="more">
            <summary>All {plural(fullest.length, 'limit')}</summary>
            <LimitList limits={fullest.slice(SHOWN)} currency={currency} />
          </details>
        </>
      )}
    </Panel>
  );
}
