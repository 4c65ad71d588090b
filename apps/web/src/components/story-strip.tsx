import { formatDense, formatFull } from '../format/instant.ts';
import type { StepState, StoryStep } from '../state/story.ts';

const GLYPHS: Readonly<Record<StepState, string>> = {
  DONE: '✓',
  STOPPED: '⊘',
  WAITING: '◷',
  NOT_REACHED: '·',
};
const WORDS: Readonly<Record<StepState, string>> = {
  DONE: 'done',
  STOPPED: 'stopped here',
  WAITING: 'waiting',
  NOT_REACHED: 'not reached',
};

/** Seven steps from evidence to fill; one that is missing is shown as missing. */
export const StoryStrip = ({ steps }: { readonly steps: readonly StoryStep[] }) => (
  <ol className="story" aria-label="Story of the decision">
    {steps.map(({ title, state, sentence, atMs, who }) => (
      <li key={title} className={`story-step story-${state.toLowerCase().replace('_', '-')}`}>
        <span className="story-head">
          <span className="story-glyph" aria-hidden="true">
            {GLYPHS[state]}
          </span>
          <strong>{title}</strong>
          <span className="visually-hidden">, {WORDS[state]}</span>
        </span>
        <span className="story-sentence">{sentence}</span>
        {atMs !== null && (
          <span className="story-when num muted" title={formatFull(atMs)}>
            {formatDense(atMs)} {who}
          </span>
        )}
      </li>
    ))}
  </ol>
);
