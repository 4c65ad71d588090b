// Source: the retracements of chart technicians, shares of a swing that follow from the golden ratio.

/** How much of a swing is given back: 1/φ², half (which is none of Fibonacci's) and 1/φ. */
export const RETRACEMENTS = [0.382, 0.5, 0.618] as const;

/** The price at which a share of the swing has been given back; a swing may rise or fall. */
export const retracementOf = (swingStart: number, swingEnd: number, share: number): number =>
  swingEnd + share * (swingStart - swingEnd);
