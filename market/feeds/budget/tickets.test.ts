import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PROPERTY_RUNS } from '../../../tests/support/property-runs.ts';
import {
  allSpent,
  type BudgetTerms,
  closeUntil,
  leave,
  NO_TICKETS,
  settle,
  takeTurn,
  type Tickets,
} from './tickets.ts';

const TERMS: BudgetTerms = { requestsMax: 3, windowMs: 60_000, requestMsMax: 30_000 };
const START = Date.UTC(2026, 0, 5);

/** Takes turns for everybody at one instant. */
function taken(tickets: Tickets, ids: readonly string[], nowMs: number): [Tickets, number[]] {
  const waits: number[] = [];
  let after = tickets;
  for (const id of ids) {
    const turn = takeTurn(after, id, nowMs, TERMS);
    waits.push(turn.waitMs);
    after = turn.tickets;
  }
  return [after, waits];
}

describe('a request budget', () => {
  test('gives what there is and names the time for the rest', () => {
    const [tickets, waits] = taken(NO_TICKETS, ['a', 'b', 'c', 'd'], START);
    expect(waits).toEqual([0, 0, 0, 60_000]);
    const settled = settle(tickets, 'a', START + 200, TERMS);
    expect(takeTurn(settled, 'd', START + 60_000, TERMS).waitMs).toBe(1_000);
    expect(takeTurn(settled, 'd', START + 60_200, TERMS).waitMs).toBe(0);
  });

  test('counts a request on its way for as long as it could be', () => {
    const [tickets] = taken(NO_TICKETS, ['a', 'b', 'c'], START);
    expect(takeTurn(tickets, 'd', START + 89_999, TERMS).waitMs).toBeGreaterThan(0);
    expect(takeTurn(tickets, 'd', START + 90_000, TERMS).waitMs).toBe(0);
  });

  test('gives turns in the order in which they were asked for', () => {
    let [tickets] = taken(NO_TICKETS, ['a', 'b', 'c', 'd', 'e'], START);
    for (const id of ['a', 'b', 'c']) tickets = settle(tickets, id, START, TERMS);
    expect(taken(tickets, ['f', 'e', 'd'], START + 59_000)[1].every((wait) => wait > 0)).toBe(true);
    const [, waits] = taken(
      settle(tickets, 'a', START - 30_000, TERMS),
      ['e', 'd'],
      START + 30_001,
    );
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits[1]).toBe(0);
  });

  test('waits for nobody who left, or who does not come back', () => {
    let [tickets] = taken(NO_TICKETS, ['a', 'b', 'c', 'd', 'e'], START);
    for (const id of ['a', 'b', 'c']) tickets = settle(tickets, id, START, TERMS);
    expect(leave(tickets, 'd').waiting.map(({ id }) => id)).toEqual(['e']);
    const one = settle(settle(tickets, 'b', START + 9_000, TERMS), 'c', START + 9_000, TERMS);
    expect(takeTurn(one, 'e', START + 61_000, TERMS).waitMs).toBeGreaterThan(0);
    expect(takeTurn(one, 'e', START + 62_001, TERMS).waitMs).toBe(0);
  });

  test('is closed as long as the provider asks, and not a day longer', () => {
    const closed = closeUntil(NO_TICKETS, START + 5_000);
    expect(takeTurn(closed, 'a', START, TERMS).waitMs).toBe(5_000);
    expect(closeUntil(closed, START).closedUntilMs).toBe(START + 5_000);
    const tomorrow = closeUntil(NO_TICKETS, START + 1e12);
    expect(takeTurn(tomorrow, 'a', START, TERMS).waitMs).toBe(86_400_000);
  });

  test('outlives a clock that is set back', () => {
    const [tickets] = taken(NO_TICKETS, ['a', 'b', 'c'], START + 1e9);
    const waitMs = takeTurn(tickets, 'd', START, TERMS).waitMs;
    expect(waitMs).toBeLessThanOrEqual(90_000);
  });

  test('of which nobody knows is spent', () => {
    const tickets = allSpent(START, TERMS);
    expect(takeTurn(tickets, 'a', START, TERMS).waitMs).toBe(60_000);
    expect(takeTurn(tickets, 'a', START + 60_000, TERMS).waitMs).toBe(0);
  });

  test('never lets a provider see more in any window, whoever is slow, late or dead', () => {
    const life = fc.record({
      startsMs: fc.integer({ min: 0, max: 200_000 }),
      travelsMs: fc.integer({ min: 0, max: 30_000 }),
      seenPart: fc.integer({ min: 0, max: 100 }),
      oversleepsMs: fc.integer({ min: 0, max: 5_000 }),
      dies: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 25 }), (lives) => {
        const seen = seenBy(lives);
        expect(seen).toHaveLength(lives.length);
        for (let i = TERMS.requestsMax; i < seen.length; i++) {
          const apartMs = seen[i]! - seen[i - TERMS.requestsMax]!;
          expect(apartMs).toBeGreaterThanOrEqual(TERMS.windowMs);
        }
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

interface Life {
  readonly startsMs: number;
  readonly travelsMs: number;
  readonly seenPart: number;
  readonly oversleepsMs: number;
  readonly dies: boolean;
}

/** When the provider saw each request, in order. */
function seenBy(lives: readonly Life[]): readonly number[] {
  const seen: number[] = [];
  const agenda = lives.map((life, i) => ({
    atMs: START + life.startsMs,
    id: String(i),
    life,
    ends: false,
  }));
  let tickets = NO_TICKETS;
  while (agenda.length > 0) {
    agenda.sort((a, b) => a.atMs - b.atMs);
    const { atMs, id, life, ends } = agenda.shift()!;
    if (ends) {
      tickets = settle(tickets, id, atMs, TERMS);
      continue;
    }
    const turn = takeTurn(tickets, id, atMs, TERMS);
    tickets = turn.tickets;
    if (turn.waitMs > 0) {
      const wakesMs = atMs + turn.waitMs + life.oversleepsMs;
      agenda.push({ atMs: wakesMs, id, life, ends: false });
      continue;
    }
    seen.push(atMs + (life.travelsMs * life.seenPart) / 100);
    if (!life.dies) agenda.push({ atMs: atMs + life.travelsMs, id, life, ends: true });
  }
  return seen.sort((a, b) => a - b);
}
