import type { StateView } from '../../../api/views.ts';
import { placeBetween } from '../format/gauge.ts';
import { rungOf, rungTone } from '../format/ladder.ts';
import { formatBps } from '../format/text.ts';

const percent = (share: number): string => `${share * 100}%`;

/** The fall from the equity peak on one bar, with the rungs of the ladder marked on it. */
export function DrawdownLadder({ server }: { readonly server: StateView }) {
  const { ladder, rung, account } = server;
  const { drawdownBps } = account;
  const { words } = rungOf(ladder, rung);
  const rungs = ladder.filter(({ startBps }) => startBps > 0);
  const endBps = Math.max(...rungs.map(({ startBps }) => startBps));
  const place = (bps: number): string => percent(placeBetween(bps, 0, endBps));
  const told = rungs.map((step) => `${step.words} from ${step.startBps / 100} %`).join(', ');
  return (
    <div className={`ladder gauge-${rungTone(rung)}`} data-testid="drawdown-ladder">
      <span className="ladder-now">
        <span className="num">{formatBps(drawdownBps)}</span>
        <span className="ladder-words">{words}</span>
      </span>
      <span
        className="ladder-track"
        role="img"
        aria-label={`Drawdown ${formatBps(drawdownBps)}: ${words}. The ladder: ${told}.`}
      >
        <span className="ladder-bar">
          <span className="gauge-fill" style={{ width: place(drawdownBps) }} />
        </span>
        {rungs.map(({ startBps, ...step }) => (
          <span
            key={startBps}
            className={step.rung <= rung ? 'ladder-rung ladder-rung-reached' : 'ladder-rung'}
            style={{ left: place(startBps) }}
            title={`${step.words} from ${startBps / 100} %`}
          >
            <span className="ladder-name">{startBps / 100} %</span>
          </span>
        ))}
      </span>
    </div>
  );
}
