import type { DomainEvent } from '../../domain/event.ts';
import type { Saved } from './state-text.ts';

/** A projection of the journal that can be put away and taken up again. */
export interface Fold {
  apply(event: DomainEvent): void;
  /** Everything that `apply` and the readers go by. Equal folds save equal text. */
  save(): Saved;
  /** Only on a fresh one: goes on from what another had saved. Throws when it cannot have been of this kind; what then is left is no state. */
  load(saved: Saved): void;
}
