import type { Clock } from '../domain/clock.ts';
import type { Money } from '../domain/units.ts';
import type { Feed } from '../market/feeds/feed.ts';
import { LIVE_MODELS } from './models.ts';
import { SimulatedVenue } from './simulated-venue.ts';

export interface PaperVenueOptions {
  readonly feed: Feed;
  readonly cash: Money;
  readonly clock: Clock;
  readonly seed: number;
}

/**
 * The exchange in this process, driven by a market that is real. No feed brings quotes, so the spread is
 * modelled like the queue and the time an order takes to arrive.
 */
export class PaperVenue extends SimulatedVenue {
  override readonly name = 'paper';

  constructor({ feed, cash, clock, seed }: PaperVenueOptions) {
    const { instrument, source } = feed;
    if (feed.synthetic) {
      throw new Error(
        `paper trading needs a real market, and "${source}" is made up; ` +
          'give it a recorded or a live feed, or trade in SIMULATION',
      );
    }
    super({
      instruments: new Map([[instrument.id, instrument]]),
      currency: instrument.quote,
      cash,
      clock,
      seed,
      models: LIVE_MODELS,
    });
  }
}
