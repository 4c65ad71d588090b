/**
 * Bugs as somebody might really make them, each a small change of one or two files, and the rules that are
 * broken by it. Where several guards stand behind one another a bug takes away each of them: one alone
 * would be caught by the next, which is what they are there for.
 */
import type { Rule } from '../../simulation/vopr/auditor/rules.ts';
import type { Fault, VoprProfile } from '../../simulation/vopr/faults.ts';

export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Any of them says what is wrong. */
  readonly rules: readonly Rule[];
  /** What has to go wrong for it to show; everything when left out. */
  readonly profile?: VoprProfile;
  /** Exactly these faults, where the profile alone would show it too rarely. */
  readonly faults?: readonly Fault[];
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'an order is sent before its write-ahead record is durable',
    edits: [
      {
        file: 'ledger/chained-ledger.ts',
        find: 'events: [...this.#pending, ...batch.rows] };',
        replace: 'events: [] };',
      },
      {
        file: 'ledger/chained-ledger.ts',
        find: 'this.#pending = [];\n    this.#storedSeq = batch.head.seq;\n    this.#accept(batch);',
        replace: 'this.#pending = [...this.#pending, ...batch.rows];\n    this.#accept(batch);',
      },
    ],
    rules: ['SENT_UNRECORDED', 'SENT_UNCLEARED'],
  },
  {
    name: 'a timeout is treated as a rejection',
    edits: [
      {
        file: 'execution/engine.ts',
        find: "return draft('order.unknown', ENGINE, correlationId, seq, { orderId, because });",
        replace:
          "return draft('order.rejected', ENGINE, correlationId, seq, { orderId, because });",
      },
    ],
    rules: ['BURIED_ALIVE', 'PLACED_THOUGH_OVER'],
  },
  {
    name: 'an execution that is told twice is booked twice',
    edits: [
      {
        file: 'execution/order-news.ts',
        find: 'return this.#parts.book.hasFill(news.body.fillId);',
        replace: 'return false;',
      },
    ],
    rules: ['FILL_BOOKED_TWICE'],
  },
  {
    name: 'orders on their way are not counted as exposure',
    edits: [
      {
        file: 'execution/risk-snapshot.ts',
        find: ".filter((record) => record.order.role === 'ENTRY')",
        replace: '.filter(() => false)',
      },
    ],
    rules: ['EXPOSURE_ABOVE_LIMIT'],
  },
  {
    name: 'the stop is forgotten, and so is its deadline',
    edits: [
      {
        file: 'execution/protection/closing.ts',
        find: 'if (open.length === 0) return undefined;',
        replace: 'if (open.length >= 0) return undefined;',
      },
      {
        file: 'execution/protection/slice-guard.ts',
        find: 'const level = wantedStop(book, holding, slice);',
        replace:
          "if (slice.group.length > 0) return 'RESTS';\n    const level = wantedStop(book, holding, slice);",
      },
    ],
    rules: ['UNPROTECTED_PAST_DEADLINE', 'LEFT_OPEN'],
  },
  {
    name: 'the old stop is cancelled before the new one rests',
    edits: [
      {
        file: 'execution/protection/slice-guard.ts',
        find: 'const deniedPauseMs = urgent ? STOP_DENIED_PAUSE_MS : CALM_DENIED_PAUSE_MS;',
        replace:
          "const deniedPauseMs = urgent ? STOP_DENIED_PAUSE_MS : CALM_DENIED_PAUSE_MS;\n    for (const old of stops) await sender.cancel(old, 'making room');",
      },
    ],
    rules: ['STOP_TAKEN_AWAY'],
  },
  {
    name: 'nobody remembers that an intent was claimed, nor that its order was sent',
    edits: [
      {
        file: 'ledger/memory-store.ts',
        find: "if (row?.status !== 'NEW') return undefined;",
        replace: 'if (row === undefined) return undefined;',
      },
      {
        file: 'execution/intents.ts',
        find: "if (approval === undefined || approval.status !== 'APPROVED') return undefined;",
        replace: 'if (approval === undefined) return undefined;',
      },
      {
        file: 'execution/risk-snapshot.ts',
        find: 'orderKnown: book.order(order.id) !== undefined,',
        replace: 'orderKnown: false,',
      },
    ],
    rules: ['SENT_TWICE', 'SENT_UNAPPROVED', 'THREW'],
  },
  {
    name: 'a deposed leader goes on writing',
    edits: [
      {
        file: 'ledger/leadership.ts',
        find: 'if (found === undefined) return LEADERSHIP_GONE;',
        replace: 'if (found === undefined || found.epoch > 0) return undefined;',
      },
    ],
    rules: ['DEPOSED_LEADER_WROTE', 'CHAIN_BROKEN', 'THREW'],
  },
  {
    name: 'an entry of unknown fate is sent again with a new id',
    edits: [
      {
        file: 'execution/engine.ts',
        find: "return outcome.kind === 'ACCEPTED' ? { kind: 'SENT' } : outcome;",
        replace: `if (outcome.kind === 'UNKNOWN' && order.role === 'ENTRY' && !order.id.endsWith('R')) {
      const { intentId, proposalId } = record ?? { intentId: null, proposalId: null };
      const again = { ...order, id: (order.id + 'R') as ClientOrderId };
      return this.send(again, { correlationId: submitting.correlationId, causationSeq: null, intentId, proposalId });
    }
    return outcome.kind === 'ACCEPTED' ? { kind: 'SENT' } : outcome;`,
      },
      {
        file: 'execution/risk-locks.ts',
        find: "['SUBMIT_UNKNOWN', 'SUSPECT']",
        replace: "['SUSPECT']",
      },
      {
        file: 'risk-kernel/checks/positions.ts',
        find: "findings.holds('POSITION_ALREADY_OPEN', !load.own,",
        replace: "findings.holds('POSITION_ALREADY_OPEN', true,",
      },
    ],
    rules: ['TWO_ORDERS_FOR_ONE_INTENT', 'SENT_INTO_A_LOCK'],
  },
  {
    name: 'a close of unknown fate is sent again with a new id',
    edits: [
      {
        file: 'execution/protection/slice-guard.ts',
        find: "if (liveIn(book, slice.group, 'EXIT').length === 0)",
        replace: 'if (slice.group.length > 0)',
      },
    ],
    rules: ['EXITS_PILE_UP'],
  },
  {
    name: 'what the venue does not find is taken for cancelled',
    edits: [
      {
        file: 'execution/reconciler.ts',
        find: "draft('order.suspected', ENGINE, correlationId, null, { orderId: order.id, because }),",
        replace:
          "draft('order.canceled', ENGINE, correlationId, null, { orderId: order.id, because }),",
      },
    ],
    rules: ['BURIED_ALIVE'],
    profile: 'forgetful',
  },
  {
    name: 'exits are sized by what was ordered, and the kernel does not look',
    edits: [
      {
        file: 'execution/protection/exit-orders.ts',
        find: '    quantity,\n    timeInForce',
        replace: '    quantity: (quantity * 2n) as typeof quantity,\n    timeInForce',
      },
      {
        file: 'risk-kernel/checks/reduce-only.ts',
        find: "findings.atMost(\n      'REDUCE_EXCEEDS_POSITION',",
        replace: "true || findings.atMost(\n      'REDUCE_EXCEEDS_POSITION',",
      },
    ],
    rules: ['EXIT_OVERSIZED'],
  },
  {
    name: 'an execution that is told after the end of its order is dropped',
    edits: [
      {
        file: 'execution/order-news.ts',
        find: 'if (record === undefined || this.#isKnown(record, news)) return [];',
        replace:
          "if (record === undefined || this.#isKnown(record, news)) return [];\n    if (news.type === 'order.filled' && !isLive(record)) return [];",
      },
    ],
    rules: ['LEDGER_IS_NOT_VENUE', 'UNPROTECTED_PAST_DEADLINE'],
    faults: ['people', 'thin-market', 'scrambled-fills'],
  },
  {
    name: 'a cancel goes out before it is durable',
    edits: [
      {
        file: 'execution/engine.ts',
        find: 'await ledger.flush();\n    await this.#askToCancel(record);',
        replace: 'void ledger;\n    await this.#askToCancel(record);',
      },
    ],
    rules: ['CANCEL_UNRECORDED'],
  },
  {
    name: 'nobody looks whether an approval was given',
    edits: [
      {
        file: 'execution/intents.ts',
        find: "if (approval === undefined || approval.status !== 'APPROVED') return undefined;",
        replace: 'if (approval === undefined) return undefined;',
      },
    ],
    rules: ['SENT_UNAPPROVED'],
  },
  {
    name: 'the account is believed before it was compared',
    edits: [
      {
        file: 'execution/engine.ts',
        find: 'return this.#reconciler.done;',
        replace: 'return true;',
      },
    ],
    rules: ['SENT_UNRECONCILED'],
  },
  {
    name: 'the book forgets fees',
    edits: [
      {
        file: 'domain/position.ts',
        find: 'return fill.feeInBase === undefined ? subtract(gross, fill.fee) : gross;',
        replace: 'return gross;',
      },
    ],
    rules: ['MONEY_NOT_CONSERVED'],
  },
  {
    name: 'the kill switch forgets what is being cleared at that moment',
    edits: [
      {
        file: 'execution/kill-switch.ts',
        find: 'engine.raiseFence();',
        replace: '',
      },
    ],
    rules: ['SENT_WHILE_STOPPED'],
  },
  {
    name: 'no lock keeps an entry out of where another one was lost',
    edits: [
      {
        file: 'execution/risk-locks.ts',
        find: "['SUBMIT_UNKNOWN', 'SUSPECT']",
        replace: '[]',
      },
    ],
    rules: ['SENT_INTO_A_LOCK'],
  },
  {
    name: 'entries are not counted',
    edits: [
      {
        file: 'risk-kernel/checks/entry-rate.ts',
        find: 'traffic.lastHour,',
        replace: '0,',
      },
    ],
    rules: ['TOO_MANY_ENTRIES'],
  },
];
