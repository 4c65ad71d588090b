/** Where the price stands against the band an approval is good for. */
import { parseDecimal } from '../../../../domain/decimal.ts';
import { placeBetween } from '../format/gauge.ts';

/** Decided on exact decimals: the drawing may round, the word "inside" may not. */
export function isInsideBand(price: string, low: string, high: string): boolean {
  const value = parseDecimal(price);
  return value >= parseDecimal(low) && value <= parseDecimal(high);
}

/** Shares of the drawn width; a margin of 30 % of the band on each side shows a price that left it. */
const MARGIN = 0.3;

export interface BandPlace {
  readonly inside: boolean;
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly reference: number;
}

export function bandPlace(price: string, low: string, high: string, reference: string): BandPlace {
  const [lowEnd, highEnd] = [Number(low), Number(high)];
  const margin = (highEnd - lowEnd) * MARGIN;
  const place = (value: number) => placeBetween(value, lowEnd - margin, highEnd + margin);
  return {
    inside: isInsideBand(price, low, high),
    at: place(Number(price)),
    low: place(lowEnd),
    high: place(highEnd),
    reference: place(Number(reference)),
  };
}
