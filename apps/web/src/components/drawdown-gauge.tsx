import { formatBps } from '../format/text.ts';
import { gaugeTone, placeBetween } from '../format/gauge.ts';

/** The rungs of the drawdown ladder; the last one is the kernel's emergency limit. */
const RUNGS_BPS = [500, 800, 1_200, 1_500] as const;
const EMERGENCY_BPS = 1_500;

export function DrawdownGauge({ drawdownBps }: { readonly drawdownBps: number }) {
  const share = drawdownBps / EMERGENCY_BPS;
  const place = (bps: number) => `${placeBetween(bps, 0, EMERGENCY_BPS) * 100}%`;
  return (
    <div className={`drawdown gauge-${gaugeTone(share)}`}>
      <span className="num drawdown-value">
        {formatBps(drawdownBps)} <span className="unit">of {EMERGENCY_BPS / 100} %</span>
      </span>
      <span
        className="drawdown-track"
        role="img"
        aria-label={`Drawdown ${formatBps(drawdownBps)} of the ${EMERGENCY_BPS / 100} % emergency limit`}
      >
        <span className="gauge-fill" style={{ width: place(drawdownBps) }} />
        {RUNGS_BPS.map((bps) => (
          <span key={bps} className="drawdown-rung" style={{ left: place(bps) }}>
            <span className="drawdown-rung-name">{bps / 100}</span>
          </span>
        ))}
      </span>
    </div>
  );
}
