import { useState } from 'react';
import { loadOlderJournal } from '../state/load.ts';
import { usePage } from '../state/page.ts';
import { JournalRow } from './journal-row.tsx';
import { Panel } from './panel.tsx';
import { Skeleton } from './skeleton.tsx';
import { useAsking } from './use-asking.ts';
import { VerifyChain } from './verify-chain.tsx';

/** The families of events, by the first word of their type. */
const PREFIXES = [
  'market',
  'cycle',
  'agent',
  'message',
  'proposal',
  'kernel',
  'approval',
  'intent',
  'order',
  'trading',
  'kill-switch',
  'alarm',
  'instrument',
  'position',
  'strategy',
  'reconciliation',
  'system',
] as const;

interface FilterProps {
  readonly prefix: string;
  readonly onPrefix: (prefix: string) => void;
}

const Filter = ({ prefix, onPrefix }: FilterProps) => (
  <label className="filter">
    <span className="visually-hidden">Show entries of type</span>
    <select
      value={prefix}
      onChange={(event) => onPrefix(event.target.value)}
      data-testid="journal-filter"
    >
      <option value="">all events</option>
      {PREFIXES.map((name) => (
        <option key={name} value={`${name}.`}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

/** Everything that happened, newest first, as it was recorded. */
export function JournalPanel() {
  const journal = usePage((state) => state.journal);
  const [prefix, setPrefix] = useState('');
  const { busy, failure, ask } = useAsking();
  const shown = journal?.entries.filter(({ type }) => type.startsWith(prefix)) ?? [];
  const aside = (
    <>
      <Filter prefix={prefix} onPrefix={setPrefix} />
      <VerifyChain />
    </>
  );
  return (
    <Panel title="Journal" aside={aside} className="journal" testId="journal">
      {journal === null ? (
        <div className="scroll scroll-journal">
          <Skeleton lines={10} />
        </div>
      ) : (
        <div className="scroll scroll-journal" tabIndex={0} role="region" aria-label="Journal">
          <ol className="entries">
            {shown.map((entry) => (
              <JournalRow key={entry.seq} entry={entry} />
            ))}
          </ol>
          {shown.length === 0 && (
            <p className="empty">
              None of the {journal.entries.length} newest entries is of this kind.
            </p>
          )}
          {!journal.atEnd && (
            <button
              type="button"
              className="button button-quiet"
              disabled={busy}
              onClick={() => ask(loadOlderJournal)}
            >
              {busy ? 'Loading…' : 'Load older'}
            </button>
          )}
          {failure !== null && <p className="note note-bad">{failure}</p>}
        </div>
      )}
    </Panel>
  );
}
