import { useEffect, useRef } from 'react';
import { formatAmount, formatExact } from '../format/amount.ts';
import { statusChip } from '../format/words.ts';
import { getTrace } from '../state/api.ts';
import type { Settled } from '../state/page-state.ts';
import { page } from '../state/page.ts';
import { withoutSettled, withSettled } from '../state/proposals.ts';
import { decisionHash } from '../state/route.ts';
import { ChipLabel } from './chip.tsx';
import { Direction } from './direction.tsx';
import { Icon } from './icon.tsx';

/** Asks the record what became of a proposal that left while nobody on this page decided it. */
async function lookUp({ approval }: Settled): Promise<void> {
  const { proposal, decision } = await getTrace(approval.cycleId);
  page.update((state) => {
    const known = state.settled.find((ending) => ending.approval.id === approval.id);
    // The answer to a click made here may have come first, and says it better.
    if (known === undefined || known.sentence !== null) return state;
    const status = proposal?.status ?? known.status;
    return withSettled(state, { approval, status, sentence: decision.because });
  });
}

const UNTOLD = 'The trace tells what became of it.';

/** The result of a proposal, in the place of its card, until it is put away. */
export function SettledCard({
  settled,
  pricePlaces,
}: {
  readonly settled: Settled;
  readonly pricePlaces: number;
}) {
  const { approval, status, sentence } = settled;
  const untold = sentence === null;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    // The card that held the focus is gone; whoever uses the keyboard goes on from its result.
    if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    // Without an answer the card keeps its link to the trace, which asks again.
    if (untold) lookUp(settled).catch(() => undefined);
  }, [untold, settled]);
  const { direction, quantity, base, quote, notional, referencePrice, instrumentId } = approval;
  return (
    <article
      ref={card}
      tabIndex={-1}
      className="settled"
      data-testid="decision-result"
      role="status"
    >
      <div className="settled-head">
        <ChipLabel chip={statusChip(status)} />
        <Direction direction={direction} />
        <span className="num">
          {formatExact(quantity)} <span className="unit">{base}</span>
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label={`Put the result of ${instrumentId} away`}
          onClick={() => page.update((state) => withoutSettled(state, approval.id))}
        >
          <Icon name="cross" />
        </button>
      </div>
      <p>{sentence === null || sentence === '' ? UNTOLD : sentence}</p>
      <p className="muted num">
        {formatAmount(notional, 2)} {quote} at {formatAmount(referencePrice, pricePlaces)} ·{' '}
        <a href={decisionHash(approval.cycleId)}>trace</a>
      </p>
    </article>
  );
}
