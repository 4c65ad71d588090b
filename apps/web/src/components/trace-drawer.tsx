import { useEffect, useRef } from 'react';
import { outcomeChip } from '../format/words.ts';
import { usePage } from '../state/page.ts';
import { closeDecision, useOpenCycle } from '../state/route.ts';
import { ChipLabel } from './chip.tsx';
import { Direction } from './direction.tsx';
import { Icon } from './icon.tsx';
import { Skeleton } from './skeleton.tsx';
import { TraceBody } from './trace-body.tsx';
import { type TraceLoad, useTrace } from './use-trace.ts';

function Heading({ load }: { readonly load: TraceLoad }) {
  if (load.status !== 'READY') return <>Decision</>;
  const { direction, instrumentId, outcome, phase } = load.trace.decision;
  return (
    <>
      {direction !== null && <Direction direction={direction} />} {instrumentId}{' '}
      <ChipLabel chip={outcomeChip(outcome, phase)} />
    </>
  );
}

function Drawer({ cycleId }: { readonly cycleId: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const load = useTrace(cycleId);
  const pricePlaces = usePage((state) => state.server?.market.pricePlaces ?? 2);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="drawer"
      data-testid="trace"
      aria-labelledby="trace-title"
      onClose={closeDecision}
      onClick={(event) => {
        // The dialog itself is hit only beside its content, which is the backdrop.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
    >
      <div className="drawer-inner">
        <header className="drawer-head">
          <h2 id="trace-title">
            <Heading load={load} />
          </h2>
          <code className="muted">{cycleId}</code>
          <button
            type="button"
            className="icon-button"
            aria-label="Close the trace"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="cross" />
          </button>
        </header>
        <div className="drawer-body">
          {load.status === 'LOADING' && <Skeleton lines={12} />}
          {load.status === 'FAILED' && (
            <p className="note note-bad">
              {load.message} The trace of {cycleId} cannot be shown; the journal below the page has
              what was recorded.
            </p>
          )}
          {load.status === 'READY' && <TraceBody trace={load.trace} pricePlaces={pricePlaces} />}
        </div>
      </div>
    </dialog>
  );
}

/** The trace named in the address bar, over the page; Escape, the cross or a click beside it closes it. */
export function TraceDrawer() {
  const cycleId = useOpenCycle();
  return cycleId === null ? null : <Drawer key={cycleId} cycleId={cycleId} />;
}
