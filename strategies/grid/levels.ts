/**
 * The levels of a grid: as many on each side of a centre, each a fixed share above the one below it, so
 * that they are ordered and positive whatever the settings. Level 0 is the centre, −1 the first below it.
 */

export interface GridSettings {
  readonly levelsPerSide: number;
  readonly gapMinPct: number;
  readonly gapMaxPct: number;
  readonly atrFactor: number;
}

/** One generation of levels, and what became of each. */
export interface Grid {
  /** The bar whose close it was laid at. */
  readonly sinceMs: number;
  readonly centre: number;
  /** Between two neighbours, as a share of the lower one. */
  readonly gap: number;
  /** Lowest level first, the centre in the middle. */
  readonly prices: readonly number[];
  /** How often each level has signalled, in the same order. */
  readonly signals: readonly number[];
  /** The levels that have signalled and that price has not left by a whole level since. */
  readonly spent: readonly boolean[];
}

/** Levels around `centre`, a multiple of the average range apart, within the bounds of the settings. */
export function layGrid(
  { levelsPerSide, gapMinPct, gapMaxPct, atrFactor }: GridSettings,
  centre: number,
  range: number,
  sinceMs: number,
): Grid {
  const wanted = (atrFactor * range) / centre;
  const gap = Math.min(Math.max(wanted, gapMinPct / 100), gapMaxPct / 100);
  const count = 2 * levelsPerSide + 1;
  return {
    sinceMs,
    centre,
    gap,
    prices: Array.from({ length: count }, (_, i) => centre * (1 + gap) ** (i - levelsPerSide)),
    signals: Array.from({ length: count }, () => 0),
    spent: Array.from({ length: count }, () => false),
  };
}

/** A level's price; also of one beyond the outermost. */
export const levelPrice = ({ centre, gap }: Grid, level: number): number =>
  centre * (1 + gap) ** level;

const middleOf = ({ prices }: Grid): number => (prices.length - 1) / 2;

/**
 * The farthest level that a move from one close to the next has crossed away from the centre: below it
 * downwards, above it upwards. Undefined when there is none.
 */
export function crossedLevel(grid: Grid, from: number, to: number): number | undefined {
  const middle = middleOf(grid);
  const { prices } = grid;
  if (to < from) {
    for (let i = 0; i < middle; i++)
      if (prices[i]! >= to) return prices[i]! < from ? i - middle : undefined;
  }
  if (to > from) {
    for (let i = 2 * middle; i > middle; i--)
      if (prices[i]! <= to) return prices[i]! > from ? i - middle : undefined;
  }
  return undefined;
}

export const isSpent = (grid: Grid, level: number): boolean => grid.spent[level + middleOf(grid)]!;

/** Unique to this crossing: the generation, the level and how often it signalled before. */
export const crossingName = (grid: Grid, level: number): string =>
  `${grid.sinceMs}:${level}:${grid.signals[level + middleOf(grid)]!}`;

export function afterSignal(grid: Grid, level: number): Grid {
  const at = level + middleOf(grid);
  return {
    ...grid,
    signals: grid.signals.map((count, i) => (i === at ? count + 1 : count)),
    spent: grid.spent.map((spent, i) => spent || i === at),
  };
}

/** The grid after a close: the same object unless a spent level has been left by a whole level. */
export function afterClose(grid: Grid, close: number): Grid {
  const middle = middleOf(grid);
  const isLeft = (i: number): boolean =>
    close >= levelPrice(grid, i - middle + 1) || close <= levelPrice(grid, i - middle - 1);
  if (!grid.spent.some((spent, i) => spent && isLeft(i))) return grid;
  return { ...grid, spent: grid.spent.map((spent, i) => spent && !isLeft(i)) };
}
