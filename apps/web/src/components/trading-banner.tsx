import { useState } from 'react';
import type { StateView } from '../../../api/views.ts';
import { formatFull, formatMinute } from '../format/instant.ts';
import { emergencyWords, happenedWords, nextStepWords, STILL_ALLOWED } from '../format/trading.ts';
import { usePage } from '../state/page.ts';
import { Icon } from './icon.tsx';
import { ResumeDialog } from './resume-dialog.tsx';

function Since({ sinceMs }: { readonly sinceMs: number | null }) {
  if (sinceMs === null) return null;
  return (
    <span className="num muted" title={formatFull(sinceMs)}>
      since {formatMinute(sinceMs)} UTC
    </span>
  );
}

/** The page cannot take it away, and should not: whoever put it there had a reason. */
const HaltFile = ({ path }: { readonly path: string }) => (
  <>
    Everything stays stopped while the file <code>{path}</code> is there: remove it first.
  </>
);

function Account({ server }: { readonly server: StateView }) {
  const { tradingState, tradingStateBecause, tradingStateCode, emergency, ladder, haltFile } =
    server;
  return (
    <dl className="trading-account">
      <div>
        <dt>What happened</dt>
        <dd>
          {happenedWords(tradingStateCode, tradingStateBecause)}
          {tradingStateCode !== null && <code>{tradingStateBecause}</code>}
        </dd>
      </div>
      <div>
        <dt>Still allowed</dt>
        <dd>{STILL_ALLOWED}</dd>
      </div>
      <div>
        <dt>What you can do</dt>
        <dd>
          {haltFile.present && <HaltFile path={haltFile.path} />} {nextStepWords(tradingState)}{' '}
          {emergency && emergencyWords(ladder)}
        </dd>
      </div>
    </dl>
  );
}

/** While trading is not ACTIVE: what happened, what still works, and the way back. */
export function TradingBanner() {
  const server = usePage((state) => state.server);
  const [resuming, setResuming] = useState(false);
  if (server === null) return null;
  const { tradingState, emergency, tradingStateSinceMs } = server;
  return (
    <>
      {tradingState !== 'ACTIVE' && (
        <section
          className={`panel trading trading-${tradingState.toLowerCase()}`}
          role="alert"
          data-testid="trading-banner"
        >
          <header className="trading-head">
            <Icon name="warning" />
            <h2>
              Trading is {tradingState}
              {emergency && ', an emergency'}
            </h2>
            <Since sinceMs={tradingStateSinceMs} />
            <button
              type="button"
              className="button"
              data-testid="resume"
              onClick={() => setResuming(true)}
            >
              Resume trading…
            </button>
          </header>
          <Account server={server} />
        </section>
      )}
      {resuming && <ResumeDialog server={server} onClose={() => setResuming(false)} />}
    </>
  );
}
