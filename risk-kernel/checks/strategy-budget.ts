/** Check 8: the strategy's own budget. */
import { add, basisPoints, type Money, NO_MONEY, type Price } from '../../domain/units.ts';
import { type Command, worstRisk } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { Exposure, RiskSnapshot } from '../snapshot.ts';

export function checkStrategyBudget(
  command: Command,
  snapshot: RiskSnapshot,
  mark: Price,
  findings: Findings,
): boolean {
  const { order } = command;
  const standing = snapshot.strategies.find((strategy) => strategy.id === order.strategyId);
  const active = snapshot.strategies.filter((strategy) => strategy.enabled).length;
  if (
    !findings.holds(
      'STRATEGY_UNKNOWN',
      standing !== undefined,
      standing === undefined ? order.strategyId : 'known',
      'known',
    )
  )
    return false;
  if (standing === undefined || order.protectiveStop === undefined) return false;
  const atRisk = add(riskOf(command, snapshot), worstRisk(order, order.protectiveStop, mark));
  const budget = basisPoints(snapshot.equity, LIMITS.strategyRiskBpsMax, 'down');
  return (
    findings.below(
      'STRATEGY_LOSING_STREAK',
      standing.lossStreak,
      LIMITS.strategyLossStreakMax,
      'losses',
    ) &&
    findings.holds('STRATEGY_DISABLED', standing.enabled, standing.enabled ? 'on' : 'off', 'on') &&
    findings.atMost(
      'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
      active,
      LIMITS.strategiesActiveMax,
      'strategies',
    ) &&
    findings.atMost('STRATEGY_RISK_EXCEEDS_MAXIMUM', atRisk, budget, 'money')
  );
}

function riskOf({ order }: Command, snapshot: RiskSnapshot): Money {
  const exposures: readonly Exposure[] = [...snapshot.positions, ...snapshot.holds];
  return exposures
    .filter((exposure) => exposure.strategyId === order.strategyId)
    .reduce((sum, exposure) => add(sum, exposure.risk), NO_MONEY);
}
