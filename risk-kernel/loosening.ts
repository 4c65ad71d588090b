/**
 * What a person who wants trading to go on has to meet. The state is loosened one step at a time, HALTED
 * to REDUCING to ACTIVE, and each step is judged again on the account as it is now. Who may ask, and how
 * they prove it, is not the kernel's business; that these rules hold whoever asks is.
 */
import type { TradingState } from '../domain/event.ts';
import { dailyLossBpsOf, drawdownBpsOf, type Vitals } from './breakers.ts';
import { Findings } from './findings.ts';
import type { Limits } from './limits.ts';

/** The trading state and what surrounds it at the moment somebody asks. */
export interface Standstill {
  readonly tradingState: TradingState;
  readonly emergency: boolean;
  readonly reconciled: boolean;
  /** Orders of which nobody knows whether the venue has them. */
  readonly ordersUnresolved: number;
  /** Open positions and live orders. */
  readonly thingsOpen: number;
  readonly vitals: Vitals;
}

/** The state one step looser; undefined when there is none. */
export function oneStepLooser(state: TradingState): TradingState | undefined {
  return state === 'HALTED' ? 'REDUCING' : state === 'REDUCING' ? 'ACTIVE' : undefined;
}

/** Everything that must hold for a step to `to`; it may be taken when every finding passed. */
export function judgeLoosening(to: TradingState, now: Standstill, limits: Limits): Findings {
  const findings = new Findings();
  const { vitals } = now;
  const step = oneStepLooser(now.tradingState);
  findings.holds('STATE_NOT_LOOSER', step === to, to, step ?? 'none');
  findings.holds('AUDIT_CHAIN_BROKEN', vitals.auditIntact, words(vitals.auditIntact), 'true');
  findings.holds('RECONCILIATION_PENDING', now.reconciled, words(now.reconciled), 'true');
  findings.atMost('ORDER_UNRESOLVED', now.ordersUnresolved, 0, 'orders');
  findings.below('ORDER_STORM', vitals.messagesLastMinute, limits.messagesPerMinuteMax, 'messages');
  findings.below(
    'DRAWDOWN_EXCEEDS_MAXIMUM',
    drawdownBpsOf(vitals),
    fallAllowed(now, limits),
    'bps',
  );
  if (to === 'ACTIVE') judgeEntries(vitals, limits, findings);
  return findings;
}

/** What must hold before anything new is opened again. */
function judgeEntries(vitals: Vitals, limits: Limits, findings: Findings): void {
  const releasedBelow = limits.drawdownEntriesBpsMax - limits.drawdownReleaseBpsMin;
  findings.below('DRAWDOWN_BLOCKS_ENTRIES', drawdownBpsOf(vitals), releasedBelow, 'bps');
  const lossBps = dailyLossBpsOf(vitals);
  findings.below('DAILY_LOSS_EXCEEDS_MAXIMUM', lossBps, limits.dailyLossBpsMax, 'bps');
  findings.below(
    'REJECT_STORM',
    vitals.rejectsLastMinute,
    limits.rejectsPerMinuteMax,
    'rejections',
  );
  findings.below('FEED_SILENT', vitals.feedSilentMs, limits.feedSilenceMsMax, 'ms');
}

/** An emergency ends below the first rung of the ladder; an ordinary halt, below the last. */
const fallAllowed = ({ emergency }: Standstill, limits: Limits): number =>
  emergency ? limits.drawdownFullSizeBpsMax : limits.drawdownBpsMax - limits.drawdownReleaseBpsMin;

/** A new equity peak forgets a fall, so it is set only while nothing is open that could fall further. */
export function judgeRebase({ thingsOpen, vitals }: Standstill): Findings {
  const findings = new Findings();
  findings.atMost('PEAK_NOT_FLAT', thingsOpen, 0, 'positions and orders');
  findings.holds('AUDIT_CHAIN_BROKEN', vitals.auditIntact, words(vitals.auditIntact), 'true');
  return findings;
}

const words = (condition: boolean): string => String(condition);
