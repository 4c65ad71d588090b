import type { Random } from '../../domain/random.ts';

/** Chance in the words a simulator asks for it. */
export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  happens(chance: number): boolean {
    return chance > 0 && this.#random.next() < chance;
  }

  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#random.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.#random.next() * (most - least);
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.#random.next() * list.length)] as T;
  }
}
