/**
 * What moves the trading state by itself, toward safety only: ACTIVE → REDUCING → HALTED. Once moved it
 * stays moved, whatever the measurement does afterwards, until a named person loosens it.
 */
import type { TradingState } from '../domain/event.ts';
import type { ReasonCode } from '../domain/reason-code.ts';
import { ratioBps } from '../domain/units.ts';
import { larger, type Money, NO_MONEY, subtract } from '../domain/units.ts';
import type { Limits } from './limits.ts';

interface Consequence {
  readonly to: Exclude<TradingState, 'ACTIVE'>;
  /** Raises the emergency flag too, which takes more than a step to clear. */
  readonly emergency: boolean;
}

const consequence = (to: Consequence['to'], emergency = false): Consequence =>
  Object.freeze({ to, emergency });

/** Every breaker and where it leads, gravest first. */
export const BREAKERS = Object.freeze({
  DRAWDOWN_EXCEEDS_MAXIMUM: consequence('HALTED', true),
  CANARY_CLEARED: consequence('HALTED', true),
  AUDIT_CHAIN_BROKEN: consequence('HALTED'),
  ORDER_STORM: consequence('HALTED'),
  ORDER_OVERFILLED: consequence('HALTED'),
  KILL_SWITCH: consequence('HALTED'),
  DRAWDOWN_BLOCKS_ENTRIES: consequence('REDUCING'),
  DAILY_LOSS_EXCEEDS_MAXIMUM: consequence('REDUCING'),
  REJECT_STORM: consequence('REDUCING'),
  FEED_SILENT: consequence('REDUCING'),
  VENUE_MISMATCH: consequence('REDUCING'),
  POSITION_UNPROTECTED: consequence('REDUCING'),
} satisfies Partial<Record<ReasonCode, Consequence>>);

export type BreakerCode = keyof typeof BREAKERS;

/** What is measured again and again while the system runs. */
export interface Vitals {
  readonly equity: Money;
  readonly peakEquity: Money;
  readonly dayOpenEquity: Money;
  readonly auditIntact: boolean;
  readonly rejectsLastMinute: number;
  readonly messagesLastMinute: number;
  /** Since the newest price. */
  readonly feedSilentMs: number;
}

export interface Trip {
  readonly code: BreakerCode;
  readonly because: string;
}

export const drawdownBpsOf = ({ equity, peakEquity }: Vitals): number =>
  ratioBps(subtract(peakEquity, equity), peakEquity);

export const dailyLossBpsOf = ({ equity, dayOpenEquity }: Vitals): number =>
  ratioBps(larger(subtract(dayOpenEquity, equity), NO_MONEY), dayOpenEquity);

/** The breakers that these measurements pull, gravest first. A measurement that is no number pulls its own. */
export function trips(vitals: Vitals, limits: Limits): readonly Trip[] {
  const found: Trip[] = [];
  const below = (code: BreakerCode, value: number, limit: number, unit: string): void => {
    if (value < limit) return;
    found.push({ code, because: `${code}: value=${value} limit=${limit} ${unit}` });
  };
  const fallBps = drawdownBpsOf(vitals);
  below('DRAWDOWN_EXCEEDS_MAXIMUM', fallBps, limits.drawdownBpsMax, 'bps');
  if (vitals.auditIntact !== true)
    found.push({ code: 'AUDIT_CHAIN_BROKEN', because: 'the audit chain does not verify' });
  const { messagesLastMinute, rejectsLastMinute, feedSilentMs } = vitals;
  below('ORDER_STORM', messagesLastMinute, limits.messagesStormPerMinuteMax, 'messages');
  below('DRAWDOWN_BLOCKS_ENTRIES', fallBps, limits.drawdownEntriesBpsMax, 'bps');
  below('DAILY_LOSS_EXCEEDS_MAXIMUM', dailyLossBpsOf(vitals), limits.dailyLossBpsMax, 'bps');
  below('REJECT_STORM', rejectsLastMinute, limits.rejectsPerMinuteMax, 'rejections');
  below('FEED_SILENT', feedSilentMs, limits.feedSilenceMsMax, 'ms');
  return found;
}
