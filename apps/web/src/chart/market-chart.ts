/** The candle chart as one object: it takes data and colours and tells which fill was clicked. */
import {
  type AutoscaleInfo,
  BaselineSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type IPriceLine,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { CandleView, MarkerView } from '../../../api/views.ts';
import type { ChartData } from '../state/chart-data.ts';
import type { ChartLevel } from '../state/chart-levels.ts';
import type { ChartColours } from './chart-colours.ts';
import { equityLine } from './equity-line.ts';
import { fillMarkers } from './fill-markers.ts';

export interface MarketChart {
  /** Draws what changed since the last call. */
  show(data: ChartData): void;
  levels(levels: readonly ChartLevel[]): void;
  colours(colours: ChartColours): void;
  remove(): void;
}

export interface MarketChartOptions {
  readonly colours: ChartColours;
  readonly pricePlaces: number;
  /** The line the equity is drawn against. */
  readonly startingCash: number;
  readonly onFill: (fillId: string) => void;
}

const bar = (candle: CandleView) => ({ ...candle, time: candle.time as UTCTimestamp });

/** Whether `next` is `before` with at most its last bar replaced or one bar added. */
function grewByOne(before: readonly CandleView[], next: readonly CandleView[]): boolean {
  const growth = next.length - before.length;
  return before.length > 0 && before[0] === next[0] && (growth === 0 || growth === 1);
}

/** How wide a bar is drawn at first: wide enough to tell its body from its wick. */
const BAR_PIXELS = 6.5;

/** Levels beyond this many times the candles' own range would flatten the candles. */
const STRETCH = 0.9;

function stretched(info: AutoscaleInfo, levels: readonly ChartLevel[]): AutoscaleInfo {
  const range = info.priceRange;
  if (range === null) return info;
  const { minValue, maxValue } = range;
  const room = (maxValue - minValue) * STRETCH;
  const prices = levels
    .map(({ price }) => price)
    .filter((price) => price > minValue - room && price < maxValue + room);
  return {
    ...info,
    priceRange: {
      minValue: Math.min(minValue, ...prices),
      maxValue: Math.max(maxValue, ...prices),
    },
  };
}

const layout = (colours: ChartColours) => ({
  layout: {
    background: { color: 'transparent' },
    textColor: colours.text,
    fontSize: 11,
    panes: { separatorColor: colours.line, separatorHoverColor: colours.line },
  },
  grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
  rightPriceScale: { borderColor: colours.line },
  timeScale: { borderColor: colours.line },
});

const candleColours = ({ up, down }: ChartColours) => ({
  upColor: up,
  downColor: down,
  wickUpColor: up,
  wickDownColor: down,
  borderVisible: false,
});

const equityColours = ({ up, down, upFaint, downFaint }: ChartColours) => ({
  topLineColor: up,
  topFillColor1: upFaint,
  topFillColor2: upFaint,
  bottomLineColor: down,
  bottomFillColor1: downFaint,
  bottomFillColor2: downFaint,
});

export function createMarketChart(
  container: HTMLElement,
  { colours: initial, pricePlaces, startingCash, onFill }: MarketChartOptions,
): MarketChart {
  let colours = initial;
  let drawn: ChartData | null = null;
  let levels: readonly ChartLevel[] = [];
  let lines: readonly IPriceLine[] = [];

  const chart = createChart(container, { autoSize: true, ...layout(colours) });
  chart.timeScale().applyOptions({ timeVisible: true, secondsVisible: false, rightOffset: 6 });
  const minMove = 10 ** -pricePlaces;
  const candles = chart.addSeries(CandlestickSeries, {
    ...candleColours(colours),
    priceFormat: { type: 'price', precision: pricePlaces, minMove },
    autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => {
      const info = original();
      return info === null ? null : stretched(info, levels);
    },
  });
  const markers = createSeriesMarkers<UTCTimestamp>(candles as never, []);
  const equity = chart.addSeries(
    BaselineSeries,
    {
      ...equityColours(colours),
      baseValue: { type: 'price', price: startingCash },
      lineWidth: 1,
      priceLineVisible: false,
      title: 'equity',
    },
    1,
  );
  chart.panes()[0]?.setStretchFactor(4);
  chart.panes()[1]?.setStretchFactor(1);
  chart.subscribeClick(({ hoveredInfo }) => {
    if (typeof hoveredInfo?.objectId === 'string') onFill(hoveredInfo.objectId);
  });

  const drawMarkers = (fills: readonly MarkerView[], bars: readonly CandleView[]): void =>
    markers.setMarkers(fillMarkers(fills, bars, colours));

  const drawLines = (): void => {
    for (const line of lines) candles.removePriceLine(line);
    lines = levels.map(({ price, title, tone, proposed }) =>
      candles.createPriceLine({
        price,
        title,
        color: colours[tone],
        lineWidth: 1,
        lineStyle: proposed ? LineStyle.Dashed : LineStyle.Solid,
        axisLabelVisible: true,
      }),
    );
  };

  return {
    show(data) {
      const before = drawn;
      drawn = data;
      const bars = data.candles;
      const last = bars.at(-1);
      const isFirst = before === null || before.candles.length === 0;
      if (before !== null && grewByOne(before.candles, bars)) {
        if (last !== undefined && bars !== before.candles) candles.update(bar(last));
      } else {
        candles.setData(bars.map(bar));
      }
      if (data.forming !== null) candles.update(bar(data.forming));
      if (isFirst && bars.length > 0) {
        const from = bars.length - container.clientWidth / BAR_PIXELS;
        chart.timeScale().setVisibleLogicalRange({ from, to: bars.length + 6 });
      }
      if (data.fills !== before?.fills) drawMarkers(data.fills, bars);
      if (data.equity !== before?.equity) equity.setData(equityLine(data.equity, bars));
    },
    levels(next) {
      levels = next;
      drawLines();
    },
    colours(next) {
      colours = next;
      chart.applyOptions(layout(colours));
      candles.applyOptions(candleColours(colours));
      equity.applyOptions(equityColours(colours));
      if (drawn !== null) drawMarkers(drawn.fills, drawn.candles);
      drawLines();
    },
    remove: () => chart.remove(),
  };
}
