/** The words for closed lists of the domain: what a chip says and how it is toned. */
import type { Phase } from '../../../../domain/event.ts';

export type ChipTone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';

export interface Chip {
  readonly label: string;
  readonly glyph: string;
  readonly tone: ChipTone;
}

const chip = (label: string, glyph: string, tone: ChipTone): Chip => ({ label, glyph, tone });

const OUTCOMES: Readonly<Record<string, Chip>> = {
  SENT: chip('sent', '✓', 'good'),
  DENIED: chip('denied', '⊘', 'bad'),
  REFUSED: chip('refused', '–', 'warn'),
  DECLINED: chip('declined', '✕', 'quiet'),
  EXPIRED: chip('expired', '◷', 'quiet'),
  INVALIDATED: chip('no longer valid', '↯', 'warn'),
  ABSTAINED: chip('abstained', '○', 'quiet'),
  NO_SETUP: chip('no set-up', '·', 'quiet'),
  HALTED: chip('halted', '■', 'bad'),
  FAILED: chip('failed', '!', 'bad'),
};

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  IDLE: 'waiting for the next bar to close',
  INITIALIZING: 'getting ready',
  STRATEGY_ANALYSIS: 'strategies read the bar that just closed',
  RISK_VALIDATION: 'the Risk agent sizes a proposal and the kernel reviews it',
  AWAITING_APPROVAL: 'a proposal waits for a person',
  EXECUTION: 'the order is on its way',
  MONITORING: 'the order is being watched',
  COMPLETED: 'the last cycle is done',
  FAILED: 'the last cycle failed',
  HALTED: 'trading is halted',
};

export const phaseWords = (phase: string): string =>
  PHASE_WORDS[phase as Phase] ?? phase.toLowerCase();

/** A cycle without an outcome is still running and says where it is. */
export function outcomeChip(outcome: string | null, phase: string): Chip {
  if (outcome === null) return chip(phase.toLowerCase().replaceAll('_', ' '), '◌', 'info');
  return OUTCOMES[outcome] ?? chip(outcome.toLowerCase(), '·', 'quiet');
}

const STATUSES: Readonly<Record<string, Chip>> = {
  PENDING: chip('waiting', '◷', 'info'),
  APPROVED: chip('approved', '✓', 'good'),
  CONSUMED: chip('approved and sent', '✓', 'good'),
  DECLINED: chip('declined', '✕', 'quiet'),
  EXPIRED: chip('expired', '◷', 'quiet'),
  INVALIDATED: chip('no longer valid', '↯', 'warn'),
};

export const statusChip = (status: string | null): Chip =>
  STATUSES[status ?? ''] ?? chip('no longer waiting', '○', 'quiet');
