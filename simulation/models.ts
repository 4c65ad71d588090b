import type { AssetClass } from '../domain/instrument.ts';
import { type Costs, RETAIL_COSTS } from './costs.ts';
import { type Depth, ORDINARY_DEPTH } from './liquidity.ts';
import { BUSY_QUEUE, NO_QUEUE, type Queue } from './queue.ts';

/** What stands between an order and its fill. */
export interface Models {
  readonly costs: Readonly<Record<AssetClass, Costs>>;
  readonly depth: Readonly<Record<AssetClass, Depth>>;
  readonly queue: Queue;
  /** An order arrives within so many milliseconds; 0 when it is there at once. */
  readonly latencyMsMax: number;
}

/** A bar says neither what happened within a second nor who stood in line, so these are left out. */
export const PLAIN_MODELS: Models = {
  costs: RETAIL_COSTS,
  depth: ORDINARY_DEPTH,
  queue: NO_QUEUE,
  latencyMsMax: 0,
};

/** For prices that come as they are made. */
export const LIVE_MODELS: Models = { ...PLAIN_MODELS, queue: BUSY_QUEUE, latencyMsMax: 250 };
