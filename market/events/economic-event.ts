export const IMPACTS = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type Impact = (typeof IMPACTS)[number];

/** What is known of an event before it happens; figures are text as published, such as `3.1%` or `256K`. */
export interface Announced {
  /** UTC milliseconds. */
  readonly atMs: number;
  readonly currency: string;
  /** Two letters, `US`; `EU` for the euro area. */
  readonly country: string;
  readonly name: string;
  readonly impact: Impact;
  readonly forecast?: string | undefined;
  readonly previous?: string | undefined;
}

/** A release of figures or a decision that may move prices. What came out is shown to nobody before it did. */
export class EconomicEvent implements Announced {
  readonly atMs: number;
  readonly currency: string;
  readonly country: string;
  readonly name: string;
  readonly impact: Impact;
  readonly forecast: string | undefined;
  readonly previous: string | undefined;
  readonly #actual: string | undefined;

  constructor(announced: Announced, actual?: string) {
    this.atMs = announced.atMs;
    this.currency = announced.currency;
    this.country = announced.country;
    this.name = announced.name;
    this.impact = announced.impact;
    this.forecast = announced.forecast;
    this.previous = announced.previous;
    this.#actual = actual;
  }

  /** What came out, as known at `nowMs`: undefined until the event, and when no figure is known. */
  actualAt(nowMs: number): string | undefined {
    return nowMs >= this.atMs ? this.#actual : undefined;
  }
}
