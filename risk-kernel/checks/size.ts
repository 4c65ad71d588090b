/** Check 6: how large, against the account, the instrument and everything already at risk. */
import { ONE } from '../../domain/decimal.ts';
import { add, type Money, type Quantity, subtract } from '../../domain/units.ts';
import { fullQuantity, type Hold } from '../command.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';
import { firstOffLot, leastPart } from './management.ts';

export function checkSize(question: Question, findings: Findings): boolean {
  const { worst } = question;
  return (
    checkSteps(question, worst.notional, findings) &&
    checkRisk(question, worst, findings) &&
    checkShares(question, worst.notional, findings) &&
    checkAccount(question, worst.notional, findings)
  );
}

/** What the venue and plain sense ask of any order. */
function checkSteps(question: Question, value: Money, findings: Findings): boolean {
  const { order, instrument, limits } = question;
  const offLot = firstOffLot(order, instrument.lot);
  const lots = (BigInt(limits.orderLotsMax) * instrument.unitsPerStandardLot) as Quantity;
  return (
    findings.holds(
      'QUANTITY_NOT_ON_LOT',
      offLot === undefined,
      offLot ?? order.quantity,
      instrument.lot,
    ) &&
    findings.atLeast(
      'NOTIONAL_BELOW_MINIMUM',
      leastPart(question),
      instrument.minNotional,
      'money',
    ) &&
    findings.atMost('LOTS_EXCEED_MAXIMUM', fullQuantity(order), lots, instrument.base) &&
    findings.atMost('NOTIONAL_EXCEEDS_MAXIMUM', value, whole(limits.orderNotionalMax), 'money')
  );
}

function checkRisk(question: Question, worst: Hold, findings: Findings): boolean {
  const { snapshot, limits } = question;
  const { equity } = snapshot;
  return (
    findings.atLeast(
      'ACCOUNT_BALANCE_BELOW_MINIMUM',
      equity,
      whole(limits.accountBalanceMin),
      'money',
    ) &&
    findings.atMostShare(
      'RISK_PER_TRADE_EXCEEDS_MAXIMUM',
      worst.risk,
      limits.riskPerTradeBpsMax,
      equity,
    )
  );
}

/** Shares of equity: of the instrument, of its kind, and of everything together. */
function checkShares(question: Question, value: Money, findings: Findings): boolean {
  const { snapshot, limits, load, traffic } = question;
  const { equity } = snapshot;
  return (
    findings.atMostShare(
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      add(load.inInstrument, value),
      limits.positionSizeBpsMax,
      equity,
    ) &&
    findings.atMostShare(
      'CONCENTRATION_EXCEEDS_MAXIMUM',
      add(load.inAssetClass, value),
      limits.assetClassExposureBpsMax,
      equity,
    ) &&
    findings.atMostShare(
      'TURNOVER_EXCEEDS_MAXIMUM',
      add(traffic.turnover, value),
      limits.turnoverPerHourBpsMax,
      equity,
    )
  );
}

/** Gravest first: past the leverage, past what can be paid for, past what should be committed. */
function checkAccount(question: Question, value: Money, findings: Findings): boolean {
  const { snapshot, limits, load } = question;
  const { equity } = snapshot;
  const gross = add(load.gross, value);
  return (
    findings.atMost(
      'LEVERAGE_EXCEEDS_MAXIMUM',
      gross,
      (equity * BigInt(limits.leverageMax)) as Money,
      'money',
    ) &&
    findings.atMost('BUYING_POWER_INSUFFICIENT', value, subtract(equity, load.gross), 'money') &&
    findings.atMostShare(
      'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
      gross,
      limits.grossExposureBpsMax,
      equity,
    )
  );
}

/** Whole units of the account's currency. */
const whole = (units: number): Money => (BigInt(units) * ONE) as Money;
