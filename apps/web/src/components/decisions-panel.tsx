import type { ReactNode } from 'react';
import type { DecisionView } from '../../../api/views.ts';
import { formatAmount, formatExact } from '../format/amount.ts';
import { formatDense, formatFull } from '../format/instant.ts';
import { outcomeChip } from '../format/words.ts';
import { loadDecisions, loadOlderDecisions } from '../state/load.ts';
import { usePage } from '../state/page.ts';
import { decisionHash } from '../state/route.ts';
import { ChipLabel } from './chip.tsx';
import { Direction } from './direction.tsx';
import { Panel } from './panel.tsx';
import { Result } from './result.tsx';
import { Skeleton } from './skeleton.tsx';
import { useAsking } from './use-asking.ts';

interface ValueProps {
  readonly name: string;
  /** Words read from the left, numbers stand to the right. */
  readonly words?: boolean;
  readonly children: ReactNode;
}

/** A cell that may have nothing to say; where rows are stacked it then takes no room. */
const Value = ({ name, words = false, children }: ValueProps) => (
  <td
    className={`${words ? '' : 'right num'}${children === null ? ' blank' : ''}`}
    data-label={name}
  >
    {children ?? '—'}
  </td>
);

interface RowProps {
  readonly decision: DecisionView;
  readonly pricePlaces: number;
}

function Row({ decision, pricePlaces }: RowProps) {
  const { cycleId, atMs, direction, strategyId, instrumentId, quantity } = decision;
  return (
    <tr data-testid="decision-row" className="linked">
      <td className="num" data-label="Time, UTC">
        <a className="row-link" href={decisionHash(cycleId)} title={formatFull(atMs)}>
          {formatDense(atMs)}
        </a>
      </td>
      <td data-label="Decision">
        {direction === null ? instrumentId : <Direction direction={direction} />}{' '}
        <span className="muted">{strategyId}</span>
      </td>
      <Value name="Size">{quantity === null ? null : formatExact(quantity)}</Value>
      <td data-label="Outcome" title={decision.because}>
        <ChipLabel chip={outcomeChip(decision.outcome, decision.phase)} />
        {decision.denialCode !== null && <code className="denial">{decision.denialCode}</code>}
      </td>
      <Value name="By" words>
        {decision.decidedBy}
      </Value>
      <Value name="Fill">
        {decision.fillPrice === null ? null : formatAmount(decision.fillPrice, pricePlaces)}
      </Value>
      <Value name="Result">
        {decision.result === null ? null : <Result amount={decision.result} places={2} />}
      </Value>
    </tr>
  );
}

const Head = () => (
  <thead>
    <tr>
      <th scope="col">Time, UTC</th>
      <th scope="col">Decision</th>
      <th scope="col" className="right">
        Size
      </th>
      <th scope="col">Outcome</th>
      <th scope="col">By</th>
      <th scope="col" className="right">
        Fill
      </th>
      <th scope="col" className="right">
        Result
      </th>
    </tr>
  </thead>
);

/** The latest decisions; each row opens its trace. */
export function DecisionsPanel() {
  const decisions = usePage((state) => state.decisions);
  const pricePlaces = usePage((state) => state.server?.market.pricePlaces ?? 2);
  const { busy, failure, ask } = useAsking();
  const toggle = (
    <label className="toggle">
      <input
        type="checkbox"
        checked={decisions?.quiet ?? false}
        disabled={busy || decisions === null}
        onChange={(event) => {
          const quiet = event.target.checked;
          ask(() => loadDecisions(quiet));
        }}
      />
      show cycles without a set-up
    </label>
  );
  return (
    <Panel title="Decisions" aside={toggle} className="decisions" testId="decisions">
      {decisions === null && <Skeleton lines={6} />}
      {decisions?.rows.length === 0 && (
        <p className="empty">
          No decision yet. Each closed bar opens a cycle; those that find something are listed here.
        </p>
      )}
      {decisions !== null && decisions.rows.length > 0 && (
        <div className="scroll scroll-decisions" tabIndex={0} role="region" aria-label="Decisions">
          <table className="table stacking">
            <caption className="visually-hidden">Decisions, newest first</caption>
            <Head />
            <tbody>
              {decisions.rows.map((decision) => (
                <Row key={decision.cycleId} decision={decision} pricePlaces={pricePlaces} />
              ))}
            </tbody>
          </table>
          {!decisions.atEnd && (
            <button
              type="button"
              className="button button-quiet"
              disabled={busy}
              onClick={() => ask(loadOlderDecisions)}
            >
              {busy ? 'Loading…' : 'Load older'}
            </button>
          )}
        </div>
      )}
      {failure !== null && <p className="note note-bad">{failure}</p>}
    </Panel>
  );
}
