import type { InstrumentId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { INSTRUMENTS, plainNamesOf } from './instruments.ts';
import { defineTerms, type InstrumentTerms, usualTerms } from './terms.ts';

/** One thing that was said about terms, in the order in which it was said. */
export interface BookEntry {
  readonly terms: InstrumentTerms;
  /** Why what was said before was wrong; absent on an ordinary addition. */
  readonly correction?: string;
}

/**
 * Every instrument with its terms as they were at any time. A book is never changed: what is added makes
 * another book, so whoever holds one goes on seeing what it said.
 */
export class InstrumentBook {
  /** Beyond the terms that are built in. */
  readonly entries: readonly BookEntry[];
  /** Oldest terms first. */
  readonly #versions: ReadonlyMap<InstrumentId, readonly InstrumentTerms[]>;

  private constructor(
    versions: ReadonlyMap<InstrumentId, readonly InstrumentTerms[]>,
    entries: readonly BookEntry[],
  ) {
    this.#versions = versions;
    this.entries = entries;
  }

  /** The instruments that are built in, on usual terms. */
  static builtIn(): InstrumentBook {
    const versions = INSTRUMENTS.map((instrument): [InstrumentId, InstrumentTerms[]] => [
      instrument.id,
      [usualTerms(instrument)],
    ]);
    return new InstrumentBook(new Map(versions), []);
  }

  /** The terms in force at an instant; undefined before the first of them, and of what nobody knows. */
  termsAt(id: InstrumentId, atMs: number): InstrumentTerms | undefined {
    return this.versions(id).findLast(({ validFromMs }) => validFromMs <= atMs);
  }

  /** Oldest first; empty of what nobody knows. */
  versions(id: InstrumentId): readonly InstrumentTerms[] {
    return this.#versions.get(id) ?? [];
  }

  /** Everything that could be traded at an instant, as it was then. */
  instrumentsAt(atMs: number): readonly Instrument[] {
    return [...this.#versions.keys()].flatMap((id) => this.termsAt(id, atMs)?.instrument ?? []);
  }

  /** A new instrument, or later terms of one; what was already said about the past stays. */
  with(terms: InstrumentTerms): InstrumentBook {
    const { id } = terms.instrument;
    const newest = this.versions(id).at(-1);
    if (newest !== undefined && terms.validFromMs <= newest.validFromMs)
      throw new Error(
        `${id} has terms from ${fromText(newest.validFromMs)} on, and these would be from ${fromText(terms.validFromMs)}; later ones may be added, and earlier ones only as a correction with its reason`,
      );
    if (newest === undefined) this.#checkNames(terms.instrument);
    return this.#saying({ terms });
  }

  /**
   * Terms that were recorded wrongly, or not at all, from an instant that other terms already cover.
   * Runs over that time come out differently from then on, which is why it wants a reason.
   */
  corrected(terms: InstrumentTerms, because: string): InstrumentBook {
    const { id } = terms.instrument;
    const newest = this.versions(id).at(-1);
    if (because.trim() === '') throw new Error(`${id}: a correction needs its reason`);
    if (newest === undefined || terms.validFromMs > newest.validFromMs)
      throw new Error(
        `${id} has no terms from ${fromText(terms.validFromMs)} on that could be corrected; add these instead`,
      );
    return this.#saying({ terms, correction: because });
  }

  #saying(entry: BookEntry): InstrumentBook {
    const terms = defineTerms(entry.terms);
    const { id } = terms.instrument;
    const [first] = this.versions(id);
    const { assetClass } = terms.instrument;
    if (first !== undefined && first.instrument.assetClass !== assetClass)
      throw new Error(
        `${id} is ${first.instrument.assetClass} and cannot become ${assetClass}; give the other one another name`,
      );
    const versions = this.versions(id)
      .filter(({ validFromMs }) => validFromMs !== terms.validFromMs)
      .concat(terms)
      .sort((a, b) => (a.validFromMs < b.validFromMs ? -1 : 1));
    return new InstrumentBook(new Map([...this.#versions, [id, versions]]), [
      ...this.entries,
      entry,
    ]);
  }

  /** People leave out separators, so two instruments may not differ in them alone. */
  #checkNames(instrument: Instrument): void {
    const names = plainNamesOf(instrument);
    for (const [id, [known]] of this.#versions) {
      const shared = known && plainNamesOf(known.instrument).find((name) => names.includes(name));
      if (shared !== undefined)
        throw new Error(`${instrument.id} and ${id} would both be known as "${shared}"`);
    }
  }
}

const fromText = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString() : 'the beginning';
