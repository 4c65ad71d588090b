/** What every fold owes whoever starts from a snapshot; each fold's own test calls this. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { DomainEvent } from '../../domain/event.ts';
import { PROPERTY_RUNS } from '../../tests/support/property-runs.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Fold } from '../snapshots/fold.ts';
import { NotState, pack, type Saved, unpack } from '../snapshots/state-text.ts';
import { randomJournal } from './random-journal.ts';

export interface FoldCase<F extends Fold> {
  readonly fresh: () => F;
  /** What every reading method answers, at an instant and about everything the events name. */
  readonly told: (fold: F, events: readonly DomainEvent[]) => unknown;
  /** Fields that no short journal moves; the fold's own tests do. */
  readonly movesLate?: readonly string[];
}

const STEPS_MAX = 40;

const textOf = (fold: Fold): string => canonicalJson(fold.save());
/** As it comes back from wherever it was kept. */
const kept = (fold: Fold): Saved => JSON.parse(textOf(fold)) as Saved;

export function foldContract<F extends Fold>(
  name: string,
  { fresh, told, movesLate = [] }: FoldCase<F>,
): void {
  const after = (events: readonly DomainEvent[]): F => {
    const fold = fresh();
    for (const event of events) fold.apply(event);
    return fold;
  };
  const loaded = (saved: Saved): F => {
    const fold = fresh();
    fold.load(saved);
    return fold;
  };
  const answers = (fold: F, events: readonly DomainEvent[]): string =>
    canonicalJson(pack(told(fold, events)));

  describe(`${name} keeps the contract of a fold`, () => {
    test('saved anywhere and taken up again, it says and saves the same after every event', () => {
      fc.assert(
        fc.property(randomJournal(STEPS_MAX), fc.nat(), (events, cut) => {
          const until = cut % (events.length + 1);
          const original = after(events.slice(0, until));
          const again = loaded(kept(original));
          expect(textOf(again)).toBe(textOf(original));
          for (let index = until; index <= events.length; index++) {
            const event = events[index - 1];
            if (index > until && event !== undefined) {
              original.apply(event);
              again.apply(event);
            }
            expect(answers(again, events)).toBe(answers(original, events));
            expect(textOf(again)).toBe(textOf(original));
          }
        }),
        { numRuns: Math.ceil(PROPERTY_RUNS / 25) },
      );
    });

    test('what it saved is not changed by what it does afterwards', () => {
      fc.assert(
        fc.property(randomJournal(STEPS_MAX), (events) => {
          const half = Math.floor(events.length / 2);
          const original = after(events.slice(0, half));
          const saved = original.save();
          const before = canonicalJson(saved);
          const again = loaded(saved);
          for (const event of events.slice(half)) original.apply(event);
          for (const event of events.slice(half)) again.apply(event);
          expect(canonicalJson(saved)).toBe(before);
          expect(textOf(again)).toBe(textOf(original));
        }),
        { numRuns: Math.ceil(PROPERTY_RUNS / 25) },
      );
    });

    test('the random journals leave nothing of it as it was at first', () => {
      const first = leaves(unpack(fresh().save()));
      const moved = new Set(movesLate);
      for (const events of fc.sample(randomJournal(STEPS_MAX), { numRuns: 200, seed: 7 })) {
        for (const [path, text] of leaves(unpack(after(events).save())))
          if (first.get(path) !== text) moved.add(path);
      }
      expect([...first.keys()].filter((path) => !moved.has(path))).toEqual([]);
    });

    test('a state with something missing, added or of another kind is refused', () => {
      for (const spoiled of spoilt(fresh().save())) expect(() => loaded(spoiled)).toThrow(NotState);
    });
  });
}

/** The fields of a state, to whatever depth it is made of plain objects, with their text. */
function leaves(state: unknown, path = ''): ReadonlyMap<string, string> {
  const isRecord = Object.prototype.toString.call(state) === '[object Object]';
  if (!isRecord) return new Map([[path, canonicalJson(pack(state))]]);
  return new Map(
    Object.entries(state as object).flatMap(([key, inner]) => [...leaves(inner, `${path}.${key}`)]),
  );
}

/** The saved state with one field of one object left out, one added, or one of another kind. */
function* spoilt(saved: Saved): Generator<Saved> {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) return;
  for (const [key, inner] of Object.entries(saved)) {
    const { [key]: _, ...rest } = saved as Readonly<Record<string, Saved>>;
    // A field that was null at first may be anything; it may not be missing where it was something.
    if (inner !== null) yield rest;
    if (inner !== null) yield { ...rest, [key]: Array.isArray(inner) ? 'a text' : [] };
    for (const worse of spoilt(inner)) yield { ...rest, [key]: worse };
  }
  yield { ...saved, more: 1 };
}
