/** Check 7: prices that make sense, a stop on the losing side, and a reward worth the risk. */
import { notional, type Price, subtract, type Quantity } from '../../domain/units.ts';
import { divideRounded } from '../../domain/decimal.ts';
import { type Command, expectedPrice } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';

export function checkPrice(command: Command, mark: Price, findings: Findings): boolean {
  const { order } = command;
  const entry = expectedPrice(order, mark);
  const stop = order.protectiveStop;
  const long = order.side === 'BUY';
  return (
    checkTicks(command, findings) &&
    findings.atMost(
      'PRICE_OUTSIDE_COLLAR',
      distanceBps(entry, mark),
      LIMITS.priceCollarBpsMax,
      'bps',
    ) &&
    findings.holds(
      'STOP_MISSING',
      stop !== undefined && stop > 0n,
      stop === undefined ? 'none' : stop,
      'a stop',
    ) &&
    stop !== undefined &&
    findings.holds(
      'STOP_WRONG_SIDE',
      long ? stop < entry && stop < mark : stop > entry && stop > mark,
      stop,
      entry,
    ) &&
    checkReward(order.quantity, long, entry, stop, order.target, findings)
  );
}

function checkTicks({ order, instrument }: Command, findings: Findings): boolean {
  const prices = [order.limitPrice, order.stopPrice, order.protectiveStop, order.target];
  const offTick = prices.find((price) => price !== undefined && price % instrument.tick !== 0n);
  return findings.holds(
    'PRICE_NOT_ON_TICK',
    offTick === undefined,
    offTick ?? 'on tick',
    instrument.tick,
  );
}

/** An entry without a target has no reward to compare, which is not enough of one. */
function checkReward(
  quantity: Quantity,
  long: boolean,
  entry: Price,
  stop: Price,
  target: Price | undefined,
  findings: Findings,
): boolean {
  const rightSide = target !== undefined && (long ? target > entry : target < entry);
  if (!findings.holds('TARGET_WRONG_SIDE', rightSide, target ?? 'none', entry)) return false;
  if (target === undefined) return false;
  const risk = notional(long ? subtract(entry, stop) : subtract(stop, entry), quantity, 'up');
  const reward = notional(
    long ? subtract(target, entry) : subtract(entry, target),
    quantity,
    'down',
  );
  const rewardRiskMilli =
    risk > 0n ? Number(divideRounded(reward * 1_000n, risk, 'down')) : Number.NaN;
  return findings.atLeast(
    'REWARD_RISK_BELOW_MINIMUM',
    rewardRiskMilli,
    LIMITS.rewardRiskMilliMin,
    '‰',
  );
}

function distanceBps(price: Price, mark: Price): number {
  const distance = price > mark ? subtract(price, mark) : subtract(mark, price);
  return Number(divideRounded(distance * 10_000n, mark, 'up'));
}
