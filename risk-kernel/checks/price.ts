/** Check 7: prices that make sense, a stop on the losing side, and a reward worth the risk. */
import { divideRounded } from '../../domain/decimal.ts';
import type { Order } from '../../domain/order.ts';
import { absolute, type Price, subtract } from '../../domain/units.ts';
import { expectedPrice } from '../command.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import { checkAdds, firstLevelOffTick, nearestTarget, rewardRiskMilli } from './management.ts';

const NO_PRICE = 0n as Price;

export function checkPrice(question: Question, findings: Findings): boolean {
  const { order, mark, limits } = question;
  const entry = expectedPrice(order, mark);
  // A missing stop is a stop at nought.
  const stop = order.protectiveStop ?? NO_PRICE;
  const long = order.side === 'BUY';
  return (
    checkTicks(question, findings) &&
    findings.atMost(
      'PRICE_OUTSIDE_COLLAR',
      furthestBps(order, entry, mark),
      limits.priceCollarBpsMax,
      'bps',
    ) &&
    checkSelfMatch(question, findings) &&
    findings.holds('STOP_MISSING', stop > 0n, order.protectiveStop ?? 'none', 'a stop') &&
    findings.holds(
      'STOP_WRONG_SIDE',
      long ? stop < entry && stop < mark : stop > entry && stop > mark,
      stop,
      entry,
    ) &&
    checkAdds(question, entry, findings) &&
    checkReward(question, entry, stop, findings)
  );
}

function checkTicks({ order, instrument }: Question, findings: Findings): boolean {
  const { tick } = instrument;
  const offTick =
    offStep(order.limitPrice, tick) ??
    offStep(order.stopPrice, tick) ??
    offStep(order.protectiveStop, tick) ??
    offStep(order.target, tick) ??
    firstLevelOffTick(order, tick);
  return findings.holds('PRICE_NOT_ON_TICK', offTick === undefined, offTick ?? 'on tick', tick);
}

const offStep = (price: Price | undefined, tick: Price): Price | undefined =>
  price !== undefined && price % tick !== 0n ? price : undefined;

/** A resting limit of ours that the order could reach: the two would trade with each other. */
function checkSelfMatch({ order, snapshot, worst }: Question, findings: Findings): boolean {
  const { price } = worst;
  const reached = snapshot.exits.find(
    ({ instrumentId, side, limitPrice }) =>
      limitPrice !== null &&
      instrumentId === order.instrumentId &&
      side !== order.side &&
      (order.side === 'BUY' ? limitPrice <= price : limitPrice >= price),
  );
  return findings.holds(
    'SELF_MATCH',
    reached === undefined,
    reached === undefined ? 'none in reach' : reached.orderId,
    'none in reach',
  );
}

/** An entry without a target has no reward to compare, which is not enough of one. */
function checkReward(
  { order, limits }: Question,
  entry: Price,
  stop: Price,
  findings: Findings,
): boolean {
  const long = order.side === 'BUY';
  const nearest = nearestTarget(order);
  const target = nearest ?? entry;
  const rightSide = long ? target > entry : target < entry;
  return (
    findings.holds('TARGET_WRONG_SIDE', rightSide, nearest ?? 'none', entry) &&
    findings.atLeast(
      'REWARD_RISK_BELOW_MINIMUM',
      rewardRiskMilli(order, entry, stop),
      limits.rewardRiskMilliMin,
      '‰',
    )
  );
}

/** Every price it names counts: a trigger far away is a mistake also when the market has passed it. */
const furthestBps = ({ stopPrice }: Order, entry: Price, mark: Price): number =>
  Math.max(distanceBps(entry, mark), distanceBps(stopPrice ?? entry, mark));

const distanceBps = (price: Price, mark: Price): number =>
  Number(divideRounded(absolute(subtract(price, mark)) * 10_000n, mark, 'up'));
