import type { BarText } from '../../domain/event.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { larger, type Price, price, smaller, text, toTick } from '../../domain/units.ts';
import { BTC_USD, ETH_USD, EUR_USD, XAU_USD } from '../../market/instruments/instruments.ts';
import type { Dice } from './dice.ts';

const STARTS: readonly (readonly [Instrument, string])[] = [
  [BTC_USD, '50000'],
  [ETH_USD, '2500'],
  [EUR_USD, '1.1'],
  [XAU_USD, '2000'],
];

export const INSTRUMENTS = STARTS.map(([instrument]) => instrument);

/** In millionths of the price. Most steps are small; now and then the price is simply elsewhere. */
const STEP = 600;
const JUMP_CHANCE = 0.01;
const JUMP = 20_000;
/** How much of the way home is gone with each step, in hundredths. */
const HOMEWARD = 2n;

interface Quote {
  readonly instrument: Instrument;
  readonly start: Price;
  last: Price;
  high: Price;
  low: Price;
  open: Price;
}

/** Prices that go nowhere in particular, never far from where they began. */
export class RandomMarket {
  readonly #dice: Dice;
  readonly #quotes: readonly Quote[];

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#quotes = STARTS.map(([instrument, at]) => {
      const start = price(at);
      return { instrument, start, last: start, high: start, low: start, open: start };
    });
  }

  get all(): readonly (readonly [Instrument, Price])[] {
    return this.#quotes.map(({ instrument, last }) => [instrument, last]);
  }

  priceOf(instrument: Instrument): Price {
    const quote = this.#quotes.find((one) => one.instrument === instrument);
    if (quote === undefined) throw new Error(`${instrument.id} is not traded in this world`);
    return quote.last;
  }

  /** Every price moves once. */
  move(): void {
    for (const quote of this.#quotes) {
      const width = this.#dice.happens(JUMP_CHANCE) ? JUMP : STEP;
      const drift = ((quote.start - quote.last) * HOMEWARD) / 100n;
      const step = (quote.last * BigInt(this.#dice.whole(-width, width))) / 1_000_000n;
      const wanted = (quote.last + step + drift) as Price;
      quote.last = toTick(wanted, quote.instrument.tick, 'half-even');
      quote.high = larger(quote.high, quote.last);
      quote.low = smaller(quote.low, quote.last);
    }
  }

  /** The bars that end now; the next ones begin where they end. */
  closeBars(openTimeMs: number): readonly (readonly [Instrument, BarText])[] {
    return this.#quotes.map((quote) => {
      const { instrument, open, high, low, last } = quote;
      const bar = { open: text(open), high: text(high), low: text(low), close: text(last) };
      quote.open = last;
      quote.high = last;
      quote.low = last;
      return [instrument, { openTimeMs, ...bar, volume: '1' }];
    });
  }
}
