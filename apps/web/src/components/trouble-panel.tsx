import { useState } from 'react';
import type { AlarmView, HaltedInstrumentView } from '../../../api/views.ts';
import { formatDense, formatFull } from '../format/instant.ts';
import { usePage } from '../state/page.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { ResumeInstrumentDialog } from './resume-instrument-dialog.tsx';

const NO_ALARMS: readonly AlarmView[] = [];
const NONE_HALTED: readonly HaltedInstrumentView[] = [];

interface HaltedProps {
  readonly halted: HaltedInstrumentView;
  readonly onResume: () => void;
}

const Halted = ({ halted, onResume }: HaltedProps) => (
  <li className="trouble" data-testid="halted-instrument">
    <Icon name="stop" />
    <div>
      <strong>{halted.instrumentId} is halted.</strong> Nothing new is opened in it.
      <p className="muted">
        {halted.sentence} {halted.because}
      </p>
    </div>
    <button
      type="button"
      className="button button-small"
      aria-label={`Release ${halted.instrumentId}`}
      onClick={onResume}
    >
      Release…
    </button>
  </li>
);

interface AlarmProps {
  readonly alarm: AlarmView;
  readonly onAway: () => void;
}

const Alarm = ({ alarm, onAway }: AlarmProps) => (
  <li className="trouble" data-testid="alarm">
    <Icon name="warning" />
    <div>
      <strong>{alarm.sentence}</strong>{' '}
      <span className="num muted" title={formatFull(alarm.atMs)}>
        {formatDense(alarm.atMs)}
      </span>
      <p className="muted">
        <code>{alarm.subject}</code> {alarm.because}
      </p>
    </div>
    <button
      type="button"
      className="icon-button"
      aria-label={`Put the alarm about ${alarm.subject} away`}
      onClick={onAway}
    >
      <Icon name="cross" />
    </button>
  </li>
);

/** What a person should look at: halted instruments until they are released, alarms until they are put away. */
export function TroublePanel() {
  const halted = usePage((state) => state.server?.haltedInstruments ?? NONE_HALTED);
  const alarms = usePage((state) => state.server?.alarms ?? NO_ALARMS);
  const [putAway, setPutAway] = useState(0);
  const [away, setAway] = useState<readonly number[]>([]);
  const [resuming, setResuming] = useState<HaltedInstrumentView | null>(null);
  const shown = alarms.filter(({ seq }) => seq > putAway && !away.includes(seq));
  const newest = alarms[0]?.seq ?? 0;
  return (
    <>
      {(halted.length > 0 || shown.length > 0) && (
        <Panel
          title="Look at this"
          className="troubles"
          testId="troubles"
          aside={
            shown.length > 1 && (
              <button
                type="button"
                className="button button-small"
                onClick={() => setPutAway(newest)}
              >
                Put all alarms away
              </button>
            )
          }
        >
          <ul className="trouble-list" role="alert">
            {halted.map((one) => (
              <Halted key={one.instrumentId} halted={one} onResume={() => setResuming(one)} />
            ))}
            {shown.map((alarm) => (
              <Alarm
                key={alarm.seq}
                alarm={alarm}
                onAway={() => setAway((seqs) => [...seqs, alarm.seq])}
              />
            ))}
          </ul>
        </Panel>
      )}
      {resuming !== null && (
        <ResumeInstrumentDialog halted={resuming} onClose={() => setResuming(null)} />
      )}
    </>
  );
}
