import { formatTook, missedWords, reportWords, stepsOf, stepWords } from '../format/halt.ts';
import { Failure } from './failure.tsx';
import { Icon } from './icon.tsx';
import type { Halting } from './use-halt.ts';

/** How far the halt came, each step with its time. */
export function HaltSteps({ halting }: { readonly halting: Halting }) {
  const { phase, flatten, steps, report } = halting;
  if (phase === 'IDLE') return null;
  const missed = report === null ? null : missedWords(flatten, report);
  return (
    <div className="halt-told" aria-live="polite">
      <ol className="halt-steps" data-testid="halt-steps">
        {stepsOf(flatten).map((name) => {
          const reached = steps.find(({ step }) => step === name);
          return (
            <li
              key={name}
              className={reached === undefined ? 'halt-step' : 'halt-step halt-reached'}
            >
              <Icon name={reached === undefined ? 'clock' : 'check'} />
              {stepWords(name)}
              <span className="num muted">
                {reached === undefined
                  ? phase === 'RUNNING'
                    ? '…'
                    : 'not reached'
                  : `after ${formatTook(reached.ms)}`}
              </span>
            </li>
          );
        })}
      </ol>
      {report !== null && <p data-testid="halt-report">{reportWords(report)}</p>}
      <Failure failure={missed} />
    </div>
  );
}
