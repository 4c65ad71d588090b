/**
 * What the shapes of events once were. A journal is kept for ever and never rewritten, so each shape
 * that was ever written stays readable: a type's first shape is version 1, and every step in its list
 * turns the body of one version into that of the next.
 *
 * A step once released never changes. It reads foreign text, so it takes nothing for granted but that
 * the body is an object; what is missing gets the value that was true at the time.
 */
import type { EventType } from '../../domain/event.ts';
import { trailBy } from '../../domain/management.ts';

export type Body = Readonly<Record<string, unknown>>;
export type Upcast = (body: Body) => Body;

const AS_WRITTEN: readonly Upcast[] = [];

export const UPCASTS: Readonly<Record<EventType, readonly Upcast[]>> = {
  // Before profiles there was nothing to tighten with.
  'system.started': [
    (body) => ({ tightened: {}, ...body }),
    // Before strategies had parameters, their ids said everything.
    (body) => ({ rules: {}, entryRules: [], ...body }),
  ],
  // Before breakers had codes.
  'trading.state-changed': [(body) => ({ code: null, ...body })],
  'drawdown.rung-changed': AS_WRITTEN,
  'drawdown.peak-rebased': AS_WRITTEN,
  'loosening.refused': AS_WRITTEN,
  'operator.added': AS_WRITTEN,
  'reconciliation.completed': AS_WRITTEN,
  'journal.restored': AS_WRITTEN,
  'market.bar-closed': AS_WRITTEN,
  'cycle.opened': AS_WRITTEN,
  'cycle.phase-moved': AS_WRITTEN,
  'cycle.closed': AS_WRITTEN,
  'message.sent': AS_WRITTEN,
  'agent.stepped': AS_WRITTEN,
  'proposal.made': [within('proposal', trailAsManagement)],
  'proposal.refused': AS_WRITTEN,
  'kernel.reviewed': AS_WRITTEN,
  'approval.requested': AS_WRITTEN,
  'approval.decided': AS_WRITTEN,
  'intent.recorded': [within('order', trailAsManagement)],
  'order.denied': [within('order', trailAsManagement)],
  'order.submitting': [within('order', trailAsManagement)],
  'order.accepted': AS_WRITTEN,
  'order.rejected': AS_WRITTEN,
  'order.unknown': AS_WRITTEN,
  'order.filled': AS_WRITTEN,
  'order.cancel-requested': AS_WRITTEN,
  'order.cancel-refused': AS_WRITTEN,
  'order.canceled': AS_WRITTEN,
  'order.expired': AS_WRITTEN,
  'order.suspected': AS_WRITTEN,
  'order.resurfaced': AS_WRITTEN,
  'order.overfilled': AS_WRITTEN,
  'order.news-ignored': AS_WRITTEN,
  'order.external-found': AS_WRITTEN,
  'order.external-gone': AS_WRITTEN,
  'instrument.halted': AS_WRITTEN,
  'instrument.resumed': AS_WRITTEN,
  'alarm.raised': AS_WRITTEN,
  'position.close-requested': AS_WRITTEN,
  'kill-switch.completed': AS_WRITTEN,
  'strategy.disabled': AS_WRITTEN,
  'strategy.enabled': AS_WRITTEN,
  'trade.noted': AS_WRITTEN,
  'feedback.answered': AS_WRITTEN,
};

/** The version in which a type is written today. */
export const versionOf = (type: EventType): number => UPCASTS[type].length + 1;

/** Changes one part of the body, where there is such a part. */
function within(part: string, upcast: Upcast): Upcast {
  return (body) => {
    const value = body[part];
    return isBody(value) ? { ...body, [part]: upcast(value) } : body;
  };
}

/** A stop that followed by a share of the price, from when on it would lock in the entry. */
function trailAsManagement({ trailBps, ...rest }: Body): Body {
  return typeof trailBps === 'number' ? { ...rest, management: trailBy(trailBps) } : rest;
}

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
