import type { TradeProposal } from './proposal.ts';
import { absolute, add, basisPoints, larger, type Price, price, subtract } from './units.ts';

/** Half a percent, or a quarter of the way to the stop where that is more. */
const BAND_BPS = 50;
const BAND_SHARE_OF_STOP_BPS = 2_500;

export interface PriceBand {
  readonly low: Price;
  readonly high: Price;
}

/** An approval is good only while the mark stays in this band around the price it was asked at. */
export function approvalBand(proposal: TradeProposal): PriceBand {
  const reference = price(proposal.referencePrice);
  const toStop = absolute(subtract(reference, price(proposal.stop)));
  const width = larger(
    basisPoints(reference, BAND_BPS, 'down'),
    basisPoints(toStop, BAND_SHARE_OF_STOP_BPS, 'down'),
  );
  return { low: subtract(reference, width), high: add(reference, width) };
}

export const isInside = (band: PriceBand, mark: Price): boolean =>
  mark >= band.low && mark <= band.high;
