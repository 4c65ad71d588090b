/** Who may ask a provider next, as a value: the requests that still count and those who wait, in order. */
export interface Tickets {
  readonly slots: readonly Slot[];
  readonly waiting: readonly Waiting[];
  /** The provider wants to be left alone until then. */
  readonly closedUntilMs: number;
}

/** A request that was made, and until when it counts. */
interface Slot {
  readonly id: string;
  readonly freeAtMs: number;
  readonly inFlight: boolean;
}

interface Waiting {
  readonly id: string;
  /** When it said that it would look again. */
  readonly looksAtMs: number;
}

export interface BudgetTerms {
  /** How many requests may be made in any `windowMs`. */
  readonly requestsMax: number;
  readonly windowMs: number;
  /** No request is on its way for longer than this. */
  readonly requestMsMax: number;
}

interface Turn {
  readonly tickets: Tickets;
  /** Zero when the request may be made now; otherwise when to look again. */
  readonly waitMs: number;
}

export const NO_TICKETS: Tickets = { slots: [], waiting: [], closedUntilMs: 0 };

/** No pause is longer: a day is the longest for which a provider counts. */
const PAUSE_MS_MAX = 86_400_000;
/** Who is later than this is not coming back, and no longer holds up those behind. */
const LATE_MS_MAX = 2_000;
/** How often, in parts of the window, somebody looks who cannot know when his turn comes. */
const LOOKS_PER_WINDOW = 60;

/**
 * Takes a turn, or a place in the queue. A request counts from its end, or while it is on its way for as
 * long as it could be: the provider saw it at some time in between, and so no window of the provider's can
 * hold too many, whatever the network did to any of them.
 */
export function takeTurn(tickets: Tickets, id: string, nowMs: number, terms: BudgetTerms): Turn {
  const { slots, closedUntilMs, waiting } = pruned(tickets, nowMs, terms);
  const others = waiting.filter((other) => other.id !== id);
  const place = waiting.findIndex((other) => other.id === id);
  const ahead = place === -1 ? others.length : place;
  const free = terms.requestsMax - slots.length;
  if (ahead < free && nowMs >= closedUntilMs) {
    const freeAtMs = nowMs + terms.requestMsMax + terms.windowMs;
    const slot: Slot = { id, freeAtMs, inFlight: true };
    return { tickets: { slots: [...slots, slot], waiting: others, closedUntilMs }, waitMs: 0 };
  }
  const soonest = nowMs + terms.windowMs / LOOKS_PER_WINDOW;
  const looksAtMs = Math.ceil(
    Math.max(soonest, closedUntilMs, turnAtMs(slots, ahead - free, terms)),
  );
  const queue = [...waiting.slice(0, ahead), { id, looksAtMs }, ...others.slice(ahead)];
  return { tickets: { slots, waiting: queue, closedUntilMs }, waitMs: looksAtMs - nowMs };
}

/** The request is over: it counts for one window more. */
export function settle(tickets: Tickets, id: string, nowMs: number, terms: BudgetTerms): Tickets {
  const slots = tickets.slots.filter((slot) => slot.id !== id);
  const slot: Slot = { id, freeAtMs: nowMs + terms.windowMs, inFlight: false };
  return { ...tickets, slots: [...slots, slot] };
}

/** Somebody does not want his turn any more. */
export function leave(tickets: Tickets, id: string): Tickets {
  return { ...tickets, waiting: tickets.waiting.filter((other) => other.id !== id) };
}

export function closeUntil(tickets: Tickets, untilMs: number): Tickets {
  return { ...tickets, closedUntilMs: Math.max(tickets.closedUntilMs, untilMs) };
}

/** Nobody knows what was asked lately, so all of it may have been. */
export function allSpent(nowMs: number, terms: BudgetTerms): Tickets {
  const slots = Array.from({ length: terms.requestsMax }, (_, i) => ({
    id: `unknown-${i}`,
    freeAtMs: nowMs + terms.windowMs,
    inFlight: false,
  }));
  return { ...NO_TICKETS, slots };
}

/** Without what is over. Times that cannot be are from a clock that was set back, and are cut to what can. */
function pruned(tickets: Tickets, nowMs: number, terms: BudgetTerms): Tickets {
  const latestMs = nowMs + terms.requestMsMax + terms.windowMs;
  const pausedMs = nowMs + PAUSE_MS_MAX;
  return {
    slots: tickets.slots
      .filter((slot) => slot.freeAtMs > nowMs)
      .map((slot) => ({ ...slot, freeAtMs: Math.min(slot.freeAtMs, latestMs) })),
    waiting: tickets.waiting.filter(
      ({ looksAtMs }) =>
        looksAtMs + LATE_MS_MAX >= nowMs && looksAtMs <= Math.max(latestMs, pausedMs),
    ),
    closedUntilMs: Math.min(tickets.closedUntilMs, pausedMs),
  };
}

/** When so many more requests will have stopped counting, if those on their way end at once. */
function turnAtMs(slots: readonly Slot[], more: number, { requestMsMax }: BudgetTerms): number {
  const freeAtMs = slots
    .map((slot) => (slot.inFlight ? slot.freeAtMs - requestMsMax : slot.freeAtMs))
    .sort((a, b) => a - b);
  return freeAtMs[Math.min(Math.max(more, 0), freeAtMs.length - 1)] ?? 0;
}
