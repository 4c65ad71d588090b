import { useState } from 'react';
import type { StrategyView } from '../../../api/views.ts';
import { usePage } from '../state/page.ts';
import { EnableDialog } from './enable-dialog.tsx';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { Result } from './result.tsx';
import { Skeleton } from './skeleton.tsx';

interface RowProps {
  readonly strategy: StrategyView;
  readonly currency: string;
  readonly onEnable: () => void;
}

const Standing = ({ strategy, onEnable }: Omit<RowProps, 'currency'>) =>
  strategy.enabled ? (
    <span className="strategy-on">
      <Icon name="check" /> on
    </span>
  ) : (
    <>
      <span className="strategy-off">
        <Icon name="cross" /> off
      </span>
      <span className="strategy-because">{strategy.because}</span>
      <button
        type="button"
        className="button button-small"
        data-testid="enable"
        aria-label={`Enable ${strategy.id} again`}
        onClick={onEnable}
      >
        Enable again…
      </button>
    </>
  );

function Row({ strategy, currency, onEnable }: RowProps) {
  const { id, lossStreak, lossStreakMax, dayResult } = strategy;
  return (
    <tr data-testid="strategy-row">
      <td data-label="Strategy">{id}</td>
      <td className="right num" data-label="Losses in a row">
        {lossStreak} of {lossStreakMax}
      </td>
      <td className="right" data-label="Result today">
        <Result amount={dayResult} places={2} unit={currency} />
      </td>
      <td data-label="Standing">
        <div className="strategy-standing">
          <Standing strategy={strategy} onEnable={onEnable} />
        </div>
      </td>
    </tr>
  );
}

/** Which strategies may propose, and how near each is to being switched off. */
export function StrategiesPanel() {
  const strategies = usePage((state) => state.server?.strategies ?? null);
  const currency = usePage((state) => state.server?.account.currency ?? '');
  const [enablingId, setEnablingId] = useState<string | null>(null);
  const enabling = strategies?.find(({ id }) => id === enablingId);
  return (
    <Panel title="Strategies" className="strategies">
      {strategies === null ? (
        <Skeleton lines={2} />
      ) : (
        <table className="table stacking">
          <caption className="visually-hidden">Strategies and how they stand</caption>
          <thead>
            <tr>
              <th scope="col">Strategy</th>
              <th scope="col" className="right">
                Losses in a row
              </th>
              <th scope="col" className="right">
                Result today
              </th>
              <th scope="col">Standing</th>
            </tr>
          </thead>
          <tbody>
            {strategies.map((strategy) => (
              <Row
                key={strategy.id}
                strategy={strategy}
                currency={currency}
                onEnable={() => setEnablingId(strategy.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {enabling !== undefined && (
        <EnableDialog strategy={enabling} onClose={() => setEnablingId(null)} />
      )}
    </Panel>
  );
}
