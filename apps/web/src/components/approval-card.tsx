import type { KeyboardEvent } from 'react';
import type { ApprovalView, StateView } from '../../../api/views.ts';
import { formatShare } from '../format/text.ts';
import { page, usePage } from '../state/page.ts';
import { decisionHash } from '../state/route.ts';
import { Countdown } from './countdown.tsx';
import { DecisionButtons } from './decision-buttons.tsx';
import { Direction } from './direction.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { Icon } from './icon.tsx';
import { isTyping } from './is-typing.ts';
import { KernelVerdict } from './kernel-verdict.tsx';
import { PriceBand } from './price-band.tsx';
import { ProposalNumbers } from './proposal-numbers.tsx';
import { useCountdown } from './use-countdown.ts';
import { type Decision, useDecision } from './use-decision.ts';

function onKey(event: KeyboardEvent, decision: Decision): void {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
    return;
  if (decision.declining || (event.key !== 'a' && event.key !== 'd')) return;
  // Otherwise the letter would be typed into the reason that opens.
  event.preventDefault();
  if (event.key === 'a') decision.approve();
  else if (decision.attempt?.phase !== 'BUSY') decision.setDeclining(true);
}

/** A warning that says what happened and what the buttons will do about it. */
function Warnings({ decision }: { readonly decision: Decision }) {
  const { attempt, blocked } = decision;
  return (
    <div aria-live="polite">
      {blocked !== null && (
        <p className="note note-warn">
          <Icon name="warning" /> {blocked}
        </p>
      )}
      {attempt?.phase === 'FAILED' && (
        <p className="note note-bad" role="alert">
          <Icon name="warning" /> {attempt.message}
        </p>
      )}
    </div>
  );
}

function Reasons({ approval }: { readonly approval: ApprovalView }) {
  const { thesis, invalidation, horizon, reasoner, confidence } = approval;
  return (
    <div className="reasons">
      <p className="thesis">{thesis}</p>
      <p>
        <span className="reason-name">Wrong if</span> {invalidation}
      </p>
      <p className="muted reason-facts">
        <span>
          confidence <span className="num">{formatShare(confidence)}</span>
        </span>
        <span>horizon {horizon}</span>
        <span>reasoned by {reasoner}</span>
      </p>
    </div>
  );
}

/** What would be done to the position later; approving is agreeing to it too. */
const Management = ({ sentences }: { readonly sentences: readonly string[] }) =>
  sentences.length === 0 ? null : (
    <ul className="management" aria-label="How the position is looked after">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );

interface Props {
  readonly approval: ApprovalView;
  readonly server: StateView;
}

/** One proposal, and the two buttons. What is shown is what is signed: its hash goes with the click. */
export function ApprovalCard({ approval, server }: Props) {
  const live = usePage((state) => state.price?.price ?? null);
  const price = live ?? server.market.lastPrice ?? approval.referencePrice;
  const leftMs = useCountdown(approval);
  const decision = useDecision(approval, price, leftMs);
  const { pricePlaces } = server.market;
  const { instrumentId, strategyId, direction } = approval;
  return (
    <article
      className="card"
      tabIndex={0}
      data-testid="approval-card"
      aria-label={`Proposal: ${direction} ${instrumentId} by ${strategyId}`}
      aria-keyshortcuts="a d j k"
      onKeyDown={(event) => onKey(event, decision)}
      onFocus={() => page.update((state) => ({ ...state, focusedApprovalId: approval.id }))}
    >
      <header className="card-head">
        <h3>
          <Direction direction={direction} /> {instrumentId}
        </h3>
        <span className="muted">
          {strategyId} · <a href={decisionHash(approval.cycleId)}>trace</a>
        </span>
        <Countdown leftMs={leftMs} />
      </header>
      <ProposalNumbers
        approval={approval}
        pricePlaces={pricePlaces}
        equity={server.account.equity}
      />
      <PriceBand approval={approval} price={price} pricePlaces={pricePlaces} />
      <Management sentences={approval.management} />
      <Reasons approval={approval} />
      <EvidenceTable evidence={approval.evidence} pricePlaces={pricePlaces} />
      <KernelVerdict verdict={approval.verdict} />
      <footer className="card-foot">
        <Warnings decision={decision} />
        <DecisionButtons
          attempt={decision.attempt}
          blocked={decision.blocked}
          declining={decision.declining}
          onDeclining={decision.setDeclining}
          onApprove={decision.approve}
          onDecline={decision.decline}
        />
      </footer>
    </article>
  );
}
