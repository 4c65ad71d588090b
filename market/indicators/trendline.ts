// Source: Robert Edwards and John Magee, Technical Analysis of Stock Trends (1948): a line through two turning points.

/** A point of a chart whose bars are numbered one after another. */
export interface ChartPoint {
  readonly bar: number;
  readonly price: number;
}

/** A straight line; bars count, not hours, so a night or a weekend is one step. */
export interface Trendline {
  readonly from: ChartPoint;
  /** In price for each bar: above zero it rises. */
  readonly slope: number;
}

/** The line through two points of different bars. */
export const lineThrough = (from: ChartPoint, to: ChartPoint): Trendline => ({
  from,
  slope: (to.price - from.price) / (to.bar - from.bar),
});

export const priceOn = ({ from, slope }: Trendline, bar: number): number =>
  from.price + slope * (bar - from.bar);
