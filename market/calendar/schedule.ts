/** What happens on one day of a market; times are minutes from midnight of that day on its own clocks. */
export type DayPlan =
  | {
      readonly kind: 'OPEN';
      /** Before midnight, so below zero, where a trading day begins on the evening before. */
      readonly opensAtMinute: number;
      readonly closesAtMinute: number;
      /** Why it closes earlier than on other days; absent on an ordinary day. */
      readonly earlyBecause?: string;
    }
  /** `because` is absent on a weekend. */
  | { readonly kind: 'CLOSED'; readonly because?: string };

/** When a market trades, as a rule over days. The days of two plans never overlap. */
export interface Schedule {
  /** Stands in sentences such as `… is closed until …`. */
  readonly name: string;
  readonly zone: string;
  /** `day` counts from 1 January 1970. */
  planOf(day: number): DayPlan;
}

/** `clock(16, 30)`; the hour may be negative: `clock(-7)` is 17:00 on the evening before. */
export const clock = (hour: number, minute = 0): number => hour * 60 + minute;

export const WEEKEND: DayPlan = Object.freeze({ kind: 'CLOSED' });
