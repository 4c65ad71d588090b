/** Small, valid things to write, shared by the ledger's tests and its benchmark. */
import type { DraftOf } from '../../domain/event.ts';
import { approvalId, cycleId, instrumentId, intentId, type ApprovalId } from '../../domain/ids.ts';
import type { ApprovalRow, IntentRow, OperatorRow } from '../ledger.ts';

const BTC = instrumentId('BTC/USDT');

export const START_MS = 1_700_000_000_000;

export const barClosed = (index: number): DraftOf<'market.bar-closed'> => ({
  type: 'market.bar-closed',
  actor: { kind: 'SYSTEM', name: 'market' },
  correlationId: 'BTC/USDT',
  causationSeq: null,
  body: {
    instrumentId: BTC,
    timeframe: '1h',
    bar: {
      openTimeMs: START_MS + index * 3_600_000,
      open: '65000.12',
      high: '65100.5',
      low: '64900.01',
      close: '65050.77',
      volume: '123.4567',
    },
  },
});

/** An event that says no more than its number. */
export const numbered = (number: number): DraftOf<'cycle.opened'> => ({
  type: 'cycle.opened',
  actor: { kind: 'AGENT', name: 'supervisor' },
  correlationId: `cycle-${number}`,
  causationSeq: null,
  body: { cycleId: cycleId(`cycle-${number}`), instrumentId: BTC, barTimeMs: number },
});

export const approval = (name: string): ApprovalRow => ({
  id: approvalId(name),
  threadId: `thread-${name}`,
  instrumentId: BTC,
  status: 'PENDING',
  version: 1,
  proposalHash: 'ab'.repeat(32),
  expiresAtMs: START_MS + 60_000,
  proposal: '{"note":"naïve ✓"}',
});

export const intent = (name: string, forApproval: ApprovalId = approvalId('a1')): IntentRow => ({
  id: intentId(name),
  approvalId: forApproval,
  status: 'NEW',
  order: '{"side":"BUY"}',
});

export const operator = (name: string): OperatorRow => ({
  name,
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
  addedAtMs: START_MS,
});
