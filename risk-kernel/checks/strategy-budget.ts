/** Check 8: the strategy's own budget. */
import { add, larger, type Money, negate, NO_MONEY, ratioBps } from '../../domain/units.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import type { StrategyStanding } from '../snapshot.ts';

export function checkStrategyBudget(question: Question, findings: Findings): boolean {
  const { order, snapshot } = question;
  const standing = snapshot.strategies.find((strategy) => strategy.id === order.strategyId);
  if (standing === undefined)
    return findings.holds('STRATEGY_UNKNOWN', false, order.strategyId, 'known');
  return (
    findings.holds('STRATEGY_UNKNOWN', true, 'known', 'known') &&
    checkStanding(standing, question, findings) &&
    checkBudget(standing, question, findings)
  );
}

function checkStanding(
  standing: StrategyStanding,
  { snapshot, limits }: Question,
  findings: Findings,
): boolean {
  let active = 0;
  for (const { enabled } of snapshot.strategies) if (enabled) active += 1;
  return (
    findings.below(
      'STRATEGY_LOSING_STREAK',
      standing.lossStreak,
      limits.strategyLossStreakMax,
      'losses',
    ) &&
    findings.holds('STRATEGY_DISABLED', standing.enabled, standing.enabled ? 'on' : 'off', 'on') &&
    findings.atMost(
      'STRATEGIES_ACTIVE_EXCEED_MAXIMUM',
      active,
      limits.strategiesActiveMax,
      'strategies',
    )
  );
}

function checkBudget(
  { dayResult }: StrategyStanding,
  { snapshot, limits, load, worst }: Question,
  findings: Findings,
): boolean {
  const lost: Money = larger(negate(dayResult), NO_MONEY);
  return (
    findings.below(
      'STRATEGY_DAILY_LOSS_EXCEEDS_MAXIMUM',
      ratioBps(lost, snapshot.dayOpenEquity),
      limits.strategyDailyLossBpsMax,
      'bps',
    ) &&
    findings.atMostShare(
      'STRATEGY_RISK_EXCEEDS_MAXIMUM',
      add(load.strategyRisk, worst.risk),
      limits.strategyRiskBpsMax,
      snapshot.equity,
    )
  );
}
