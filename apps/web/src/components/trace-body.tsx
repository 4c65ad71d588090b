import type { TraceView } from '../../../api/views.ts';
import { formatAmount } from '../format/amount.ts';
import { humanise } from '../format/measure.ts';
import { plural } from '../format/text.ts';
import { storyOf } from '../state/story.ts';
import { EvidenceTable } from './evidence-table.tsx';
import { JournalRow } from './journal-row.tsx';
import { KernelVerdict } from './kernel-verdict.tsx';
import { ProposalNumbers } from './proposal-numbers.tsx';
import { Result } from './result.tsx';
import { StoryStrip } from './story-strip.tsx';

interface Props {
  readonly trace: TraceView;
  readonly pricePlaces: number;
}

const Outcome = ({ trace, pricePlaces }: Props) => {
  const { because, fillPrice, result } = trace.decision;
  return (
    <div className="trace-outcome">
      <p>{because}</p>
      {(fillPrice !== null || result !== null) && (
        <p className="num">
          {fillPrice !== null && <>filled at {formatAmount(fillPrice, pricePlaces)} </>}
          {result !== null && (
            <>
              result <Result amount={result} places={2} />
            </>
          )}
        </p>
      )}
    </div>
  );
};

/** One decision from evidence to outcome. */
export const TraceBody = ({ trace, pricePlaces }: Props) => {
  const { proposal, verdicts, entries } = trace;
  return (
    <>
      <Outcome trace={trace} pricePlaces={pricePlaces} />
      <StoryStrip steps={storyOf(trace)} />
      {proposal !== null && (
        <section className="trace-section">
          <h3>Proposal</h3>
          <p className="thesis">{proposal.thesis}</p>
          <p>
            <span className="reason-name">Wrong if</span> {proposal.invalidation}
          </p>
          <ProposalNumbers approval={proposal} pricePlaces={pricePlaces} equity={null} />
          <EvidenceTable evidence={proposal.evidence} pricePlaces={pricePlaces} />
        </section>
      )}
      {verdicts.map(({ stage, atMs, verdict }) => (
        <section key={`${stage} ${atMs}`} className="trace-section">
          <h3>Kernel at the {humanise(stage).toLowerCase()}</h3>
          <KernelVerdict verdict={verdict} />
        </section>
      ))}
      <section className="trace-section">
        <h3>
          Timeline <span className="muted">{plural(entries.length, 'entry', 'entries')}</span>
        </h3>
        <ol className="entries">
          {entries.map((entry) => (
            <JournalRow key={entry.seq} entry={entry} />
          ))}
        </ol>
      </section>
    </>
  );
};
