/** Check 6: how large, against the account, the instrument and everything already at risk. */
import { ONE } from '../../domain/decimal.ts';
import {
  add,
  basisPoints,
  type Money,
  NO_MONEY,
  type Price,
  type Quantity,
  subtract,
} from '../../domain/units.ts';
import { type Command, worstNotional, worstRisk } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { Exposure, RiskSnapshot } from '../snapshot.ts';

const ACCOUNT_BALANCE_MIN = (BigInt(LIMITS.accountBalanceMin) * ONE) as Money;

export function checkSize(
  command: Command,
  snapshot: RiskSnapshot,
  mark: Price,
  findings: Findings,
): boolean {
  const { order, instrument } = command;
  const { equity } = snapshot;
  const exposures: readonly Exposure[] = [...snapshot.positions, ...snapshot.holds];
  const value = worstNotional(order, mark);
  const inInstrument = total(exposures.filter((e) => e.instrumentId === order.instrumentId));
  const gross = add(total(exposures), value);
  const risk =
    order.protectiveStop === undefined ? value : worstRisk(order, order.protectiveStop, mark);
  const offLot = (order.quantity % instrument.lot) as Quantity;
  const lots = (BigInt(LIMITS.orderLotsMax) * instrument.unitsPerStandardLot) as Quantity;
  return (
    findings.atLeast('ACCOUNT_BALANCE_BELOW_MINIMUM', equity, ACCOUNT_BALANCE_MIN, 'money') &&
    findings.holds('QUANTITY_NOT_ON_LOT', offLot === 0n, order.quantity, instrument.lot) &&
    findings.atLeast('NOTIONAL_BELOW_MINIMUM', value, instrument.minNotional, 'money') &&
    findings.atMost('LOTS_EXCEED_MAXIMUM', order.quantity, lots, instrument.base) &&
    findings.atMost(
      'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      risk,
      basisPoints(equity, LIMITS.riskPerTradeBpsMax, 'down'),
      'money',
    ) &&
    findings.atMost(
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      add(inInstrument, value),
      basisPoints(equity, LIMITS.positionSizeBpsMax, 'down'),
      'money',
    ) &&
    findings.atMost(
      'LEVERAGE_EXCEEDS_MAXIMUM',
      gross,
      (equity * BigInt(LIMITS.leverageMax)) as Money,
      'money',
    ) &&
    findings.atMost('BUYING_POWER_INSUFFICIENT', value, subtract(equity, total(exposures)), 'money')
  );
}

const total = (exposures: readonly Exposure[]): Money =>
  exposures.reduce((sum, exposure) => add(sum, exposure.notional), NO_MONEY);
