import { useState } from 'react';
import type { HaltRequest } from '../../../api/views.ts';
import { plural } from '../format/text.ts';
import { usePage } from '../state/page.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { HaltSteps } from './halt-steps.tsx';
import { HoldButton } from './hold-button.tsx';
import type { Halting } from './use-halt.ts';

interface Props {
  readonly halting: Halting;
  readonly pull: (request: HaltRequest) => void;
  readonly onClose: () => void;
}

const REASON_LENGTH = 500;

/** A page that gets no answer must still say how to stop everything. */
const withoutServer = (failure: string, path: string | null): string =>
  `${failure} Run "plimsoll halt", or put a file ${path === null ? 'named HALT into the data directory' : path}: ` +
  'a server that still runs acts on it within a second.';

/** The kill switch with its choice, its reason and its steps. */
export function HaltDialog({ halting, pull, onClose }: Props) {
  const [flatten, setFlatten] = useState(false);
  const [because, setBecause] = useState('');
  const [hint, setHint] = useState(false);
  const held = usePage((state) => state.server?.positions.length ?? 0);
  const path = usePage((state) => state.server?.haltFile.path ?? null);
  const act = (): void => {
    setHint(false);
    pull({ flatten, ...(because.trim() === '' ? {} : { because: because.trim() }) });
  };
  const { phase, failure } = halting;
  return (
    <Dialog title="Stop everything" testId="halt-dialog" onClose={onClose}>
      <p>
        Nothing new is sent, and every entry at the venue is canceled. Stops and targets stay: they
        guard what is held. Going on again takes a registered person with a password.
      </p>
      <HaltSteps halting={halting} />
      <Failure failure={failure === null ? null : withoutServer(failure, path)} />
      <label className="toggle choice">
        <input
          type="checkbox"
          checked={flatten}
          data-testid="halt-flatten"
          onChange={(event) => setFlatten(event.target.checked)}
        />
        <span>Also close every position at the market ({plural(held, 'position')} open now).</span>
      </label>
      <div className="field">
        <label htmlFor="halt-because">Why? Optional, and recorded.</label>
        <input
          id="halt-because"
          value={because}
          maxLength={REASON_LENGTH}
          autoComplete="off"
          onChange={(event) => setBecause(event.target.value)}
        />
      </div>
      <HoldButton
        label="Stop everything: hold for one second"
        className="hold-large"
        testId="halt-hold"
        first
        onHeld={act}
        onShort={() => setHint(true)}
        onPress={act}
      >
        {phase === 'RUNNING'
          ? 'Stopping…'
          : phase === 'DONE'
            ? 'Hold to stop again'
            : 'Hold to stop everything'}
      </HoldButton>
      <p className="field-hint halt-hint" aria-live="polite">
        {hint ? 'Keep it pressed for one second.' : 'Hold the button, or Enter, for one second.'}
      </p>
    </Dialog>
  );
}
