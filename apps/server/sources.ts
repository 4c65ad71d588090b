import type { Runtime } from '../runtime/runtime.ts';
import type { Projection } from './folds/projection.ts';
import type { HaltFile } from './halt/halt-file.ts';
import type { Market } from './market.ts';

/** Everything the views are made of: folds in memory, so that looking never waits for the database. */
export interface Sources {
  readonly runtime: Runtime;
  readonly projection: Projection;
  readonly market: Market;
  readonly haltFile: HaltFile;
}
