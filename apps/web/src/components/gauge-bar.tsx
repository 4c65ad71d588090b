import { gaugeTone } from '../format/gauge.ts';
import { formatShare } from '../format/text.ts';

interface Props {
  /** 0 to 1 of the limit in use; above 1 when it is broken. */
  readonly share: number;
  readonly label: string;
}

/** The limit stands at five sixths of the track, so that going past it has room to be seen. */
const LIMIT_AT = 1 / 1.2;

/** A bullet bar: what is in use, against a mark at the limit. */
export const GaugeBar = ({ share, label }: Props) => (
  <span
    className={`gauge gauge-${gaugeTone(share)}`}
    role="img"
    aria-label={`${label}: ${formatShare(share)} of the limit in use`}
  >
    <span className="gauge-fill" style={{ width: `${Math.min(1, share * LIMIT_AT) * 100}%` }} />
    <span className="gauge-limit" style={{ left: `${LIMIT_AT * 100}%` }} />
  </span>
);
