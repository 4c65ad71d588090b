import { memo, useState } from 'react';
import type { EntryView } from '../../../api/views.ts';
import { formatDense, formatFull } from '../format/instant.ts';
import { shortHash } from '../format/text.ts';

interface Props {
  readonly entry: EntryView;
}

const Body = ({ entry }: Props) => (
  <div className="entry-body">
    <p className="muted">
      hash <code title={entry.hash}>{shortHash(entry.hash)}</code> after{' '}
      <code title={entry.prevHash}>{shortHash(entry.prevHash)}</code>
      {entry.causationSeq !== null && (
        <>
          , caused by <span className="num">#{entry.causationSeq}</span>
        </>
      )}
    </p>
    <pre>{JSON.stringify(entry.body, null, 2)}</pre>
  </div>
);

/** One entry: its place, when, what kind, who, in a sentence; the recorded body folded below. */
export const JournalRow = memo(function JournalRow({ entry }: Props) {
  // The body is written out only when somebody looks: there are hundreds of rows.
  const [open, setOpen] = useState(false);
  return (
    <li className="entry">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="num entry-seq">#{entry.seq}</span>
          <time
            className="num entry-time"
            dateTime={new Date(entry.atMs).toISOString()}
            title={formatFull(entry.atMs)}
          >
            {formatDense(entry.atMs)}
          </time>
          <code className="entry-type">{entry.type}</code>
          <span className={`entry-actor actor-${entry.actorKind.toLowerCase()}`}>
            {entry.actor}
          </span>
          <span className="entry-sentence">{entry.sentence}</span>
        </summary>
        {open && <Body entry={entry} />}
      </details>
    </li>
  );
});
