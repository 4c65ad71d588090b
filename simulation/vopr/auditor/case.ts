/** What every rule looks at, and where it says what it found. */
import type { JournalModel } from './journal-model.ts';
import type { Rule } from './rules.ts';
import type { VenueModel } from './venue-model.ts';

export interface Case {
  readonly atMs: number;
  readonly journal: JournalModel;
  readonly venue: VenueModel;
  readonly classes: ReadonlyMap<string, string>;
  /** Intents without a valid approval. */
  readonly unapproved: ReadonlySet<string>;
  object(rule: Rule, sentence: string, about: readonly string[]): void;
}
