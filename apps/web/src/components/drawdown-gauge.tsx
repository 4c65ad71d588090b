import { formatBps } from '../format/text.ts';
import { gaugeTone, placeBetween } from '../format/gauge.ts';

interface DrawdownGaugeProps {
  readonly drawdownBps: number;
  /** The fall at which the kernel's emergency begins. */
  readonly limitBps: number;
}

export function DrawdownGauge({ drawdownBps, limitBps }: DrawdownGaugeProps) {
  const limit = `${limitBps / 100} %`;
  return (
    <div className={`drawdown gauge-${gaugeTone(drawdownBps / limitBps)}`}>
      <span className="num drawdown-value">
        {formatBps(drawdownBps)} <span className="unit">of {limit}</span>
      </span>
      <span
        className="drawdown-track"
        role="img"
        aria-label={`Drawdown ${formatBps(drawdownBps)} of the ${limit} emergency limit`}
      >
        <span
          className="gauge-fill"
          style={{ width: `${placeBetween(drawdownBps, 0, limitBps) * 100}%` }}
        />
        <span className="drawdown-limit">
          <span className="drawdown-limit-name">{limitBps / 100}</span>
        </span>
      </span>
    </div>
  );
}
