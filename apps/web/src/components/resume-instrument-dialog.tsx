import type { HaltedInstrumentView } from '../../../api/views.ts';
import { resumeInstrument } from '../state/loosen.ts';
import { usePage } from '../state/page.ts';
import { Ceremony } from './ceremony.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly halted: HaltedInstrumentView;
  readonly onClose: () => void;
}

/** Lets one instrument be traded again. */
export function ResumeInstrumentDialog({ halted, onClose }: Props) {
  const { instrumentId, sentence, because } = halted;
  const still = usePage((state) =>
    (state.server?.haltedInstruments ?? []).some((one) => one.instrumentId === instrumentId),
  );
  return (
    <Dialog title={`Release ${instrumentId}`} testId="resume-instrument-dialog" onClose={onClose}>
      <Ceremony
        step={still ? { id: instrumentId, action: `Release ${instrumentId}` } : null}
        done={`New positions may be opened in ${instrumentId} again.`}
        act={(signature) => resumeInstrument(instrumentId, signature)}
        intro={
          <>
            <p>
              {sentence} <span className="muted">{because}</span>
            </p>
            <p>
              It is refused while an order in it is unresolved or a position in it has no stop at
              the venue.
            </p>
          </>
        }
      />
    </Dialog>
  );
}
