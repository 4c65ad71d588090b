import { describe, expect, test } from 'vitest';
import type { DomainEvent, EventDraft } from '../../domain/event.ts';
import { clientOrderId, intentId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { orderToText } from '../../domain/order-record.ts';
import { draft } from '../../domain/draft.ts';
import { sampleOrder, START_MS } from '../../domain/testing/samples.ts';
import type { Saved } from '../snapshots/state-text.ts';
import { Lineage, LineageBroken } from './lineage.ts';
import { approval, clearance } from './testing/evidence.ts';

const BY = { kind: 'SYSTEM', name: 'test' } as const;
const O1 = clientOrderId('O1');

const send = (order: Order, orderHash = 'h1', intent: string | null = `I${order.id}`): EventDraft =>
  draft('order.submitting', BY, 'cycle', null, {
    order: orderToText(order),
    intentId: intent === null ? null : intentId(intent),
    proposalId: null,
    hold: { notional: '1', risk: '1' },
    orderHash,
  });

const ENTRY = sampleOrder({ id: O1 });
const ADD = sampleOrder({ id: clientOrderId('O2'), addTo: O1 });
const STOP = sampleOrder({ id: O1, role: 'STOP', reduceOnly: true });

/** What breaks when a journal is told, or undefined; put down and taken up before each event. */
function broken(...told: readonly EventDraft[]): string | undefined {
  let saved: Saved = new Lineage().save();
  for (const [index, one] of told.entries()) {
    const lineage = new Lineage();
    lineage.load(JSON.parse(JSON.stringify(saved)) as Saved);
    try {
      lineage.apply({ ...one, seq: index + 1, atMs: START_MS } as DomainEvent);
    } catch (error) {
      expect(error).toBeInstanceOf(LineageBroken);
      return (error as Error).message;
    }
    saved = lineage.save();
  }
  return undefined;
}

const without = (type: string, ...told: readonly EventDraft[]): readonly EventDraft[] =>
  told.filter((one) => one.type !== type);

describe('lineage', () => {
  const lawful = [...approval(O1, 1), clearance(O1, 'h1'), send(ENTRY)];

  test('holds for an entry that was approved, recorded and cleared', () => {
    expect(broken(...lawful)).toBeUndefined();
  });

  test('names an order that the kernel never cleared, of any role', () => {
    const sentence = 'sends order O1, but the kernel never cleared it for sending.';
    expect(broken(...without('kernel.reviewed', ...lawful))).toBe(`Event 6 ${sentence}`);
    expect(broken(send(STOP, 'h1', null))).toBe(`Event 1 ${sentence}`);
    expect(broken(clearance(O1, 'h1', false), send(STOP, 'h1', null))).toBe(`Event 2 ${sentence}`);
    const other = clearance(clientOrderId('O9'), 'h1');
    expect(broken(other, send(STOP, 'h1', null))).toBe(`Event 2 ${sentence}`);
  });

  test('takes a preview or a click for no clearance', () => {
    for (const stage of ['PROPOSAL', 'CLICK'] as const) {
      const { body, ...said } = clearance(O1, 'h1') as Extract<
        EventDraft,
        { type: 'kernel.reviewed' }
      >;
      const previewed = { ...said, body: { ...body, stage } };
      expect(broken(previewed, send(STOP, 'h1', null))).toContain('never cleared it');
    }
  });

  test('names an order that is not the one that was cleared', () => {
    expect(broken(clearance(O1, 'h1'), send(STOP, 'h2', null))).toBe(
      'Event 2 sends order O1, but the kernel cleared another order.',
    );
  });

  test('takes a clearance for one order, once, and only as the kernel said last', () => {
    const stop = send(STOP, 'h1', null);
    expect(broken(clearance(O1, 'h1'), stop, stop)).toContain(
      'Event 3 sends order O1, but the kernel never',
    );
    expect(broken(clearance(O1, 'h1'), clearance(O1, 'h1', false), stop)).toContain('Event 3');
    expect(broken(clearance(O1, 'h1', false), clearance(O1, 'h1'), stop)).toBeUndefined();
  });

  test('names an entry without an intent, and one whose intent was used', () => {
    const sentence = 'but no intent stands behind it, or only one that was used before.';
    expect(broken(...without('intent.recorded', ...lawful))).toContain(sentence);
    expect(broken(...lawful.slice(0, -1), send(ENTRY, 'h1', null))).toContain(sentence);
    expect(broken(...lawful.slice(0, -1), send(ENTRY, 'h1', 'I9'))).toContain(sentence);
    expect(broken(...lawful, clearance(O1, 'h1'), send(ENTRY))).toContain(sentence);
  });

  test('names an entry that nobody approved, or that somebody declined', () => {
    const sentence = 'Event 6 sends order O1, but nobody approved it.';
    expect(broken(...without('approval.decided', ...lawful))).toBe(sentence);
    const declined = lawful.map((one) =>
      one.type === 'approval.decided' ? { ...one, body: { ...one.body, status: 'DECLINED' } } : one,
    ) as readonly EventDraft[];
    expect(broken(...declined)).toContain('nobody approved it');
  });

  test('lets a step of a ladder go out after its entry, and only after it', () => {
    const add = [clearance(ADD.id, 'h2'), send(ADD, 'h2', null)];
    expect(broken(...lawful, ...add)).toBeUndefined();
    expect(broken(...add)).toBe('Event 2 sends order O2, but the entry it adds to never was.');
  });
});
