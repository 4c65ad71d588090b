/** A signal on the bars it was made of, as a drawing that reads well in light and in dark. */
import type { Candle } from '../../domain/candle.ts';
import type { Signal } from '../../domain/signal.ts';

const WIDTH = 760;
const HEIGHT = 300;
const MARGIN = { left: 12, right: 138, top: 14, bottom: 26 };
const STYLE = `
  .ground { fill: #ffffff } .text { fill: #1f2733 } .quiet { fill: #64707f } .grid { stroke: #e4e8ee }
  .up { stroke: #1f8a5b; fill: #1f8a5b } .down { stroke: #b3452f; fill: #b3452f }
  .entry { stroke: #1d5fbf } .stop { stroke: #b3452f } .target { stroke: #1f8a5b } .fact { stroke: #8a7a3f }
  .after { opacity: .45 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12161c } .text { fill: #e6ebf2 } .quiet { fill: #93a0b1 } .grid { stroke: #262d37 }
    .up { stroke: #4cc38a; fill: #4cc38a } .down { stroke: #ec7a63; fill: #ec7a63 }
    .entry { stroke: #6ea8fe } .stop { stroke: #ec7a63 } .target { stroke: #4cc38a } .fact { stroke: #d1bd6a }
  }
  text { font: 11px ui-sans-serif, system-ui, sans-serif; font-variant-numeric: tabular-nums }`;

export interface Picture {
  readonly title: string;
  readonly bars: readonly Candle[];
  /** Index, among the bars, of the one that made the signal. */
  readonly at: number;
  readonly signal: Signal;
  readonly decimals: number;
}

interface Line {
  readonly price: number;
  readonly label: string;
  readonly kind: 'entry' | 'stop' | 'target' | 'fact';
}

/** An SVG document; what came after the signal is faint, because nobody knew it then. */
export function drawing({ title, bars, at, signal, decimals }: Picture): string {
  const lines = linesOf(signal, bars);
  const prices = [...bars.flatMap(({ low, high }) => [low, high]), ...lines.map((l) => l.price)];
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const room = {
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const step = room.width / bars.length;
  const x = (index: number): number => MARGIN.left + (index + 0.5) * step;
  const y = (price: number): number =>
    MARGIN.top + ((most - price) / (most - least || 1)) * room.height;
  const candles = bars.map((bar, index) => candleMark(bar, x(index), y, step, index > at));
  const labels = spread(lines.map((line) => y(line.price)));
  const levels = lines.map((line, index) =>
    levelMark(line, y(line.price), labels[index]!, x(at), decimals),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    ...candles,
    ...levels,
    `<line class="entry" x1="${n(x(at))}" x2="${n(x(at))}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" stroke-dasharray="2 3"/>`,
    `<text class="quiet" x="${MARGIN.left}" y="${HEIGHT - 9}">${escaped(title)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function linesOf(
  { entry, stop, target, management, evidence }: Signal,
  bars: readonly Candle[],
): readonly Line[] {
  const least = Math.min(...bars.map(({ low }) => low));
  const most = Math.max(...bars.map(({ high }) => high));
  // A range is told in price too, and has no place on the chart.
  const isThere = (value: number): boolean =>
    value > least - (most - least) / 2 && value < most + (most - least) / 2;
  const facts = evidence
    .filter(({ unit, value }) => unit === 'price' && isThere(value))
    .slice(0, 3);
  return [
    { price: entry, label: 'entry', kind: 'entry' },
    { price: stop, label: 'stop', kind: 'stop' },
    ...(management?.partialTargets ?? []).map(({ price }, index): Line => ({
      price,
      label: `target ${index + 1}`,
      kind: 'target',
    })),
    { price: target, label: 'target', kind: 'target' },
    ...(management?.adds ?? []).map(({ price }): Line => ({ price, label: 'add', kind: 'entry' })),
    ...facts.map(({ id, value }): Line => ({ price: value, label: nameOf(id), kind: 'fact' })),
  ];
}

function candleMark(
  { open, high, low, close }: Candle,
  at: number,
  y: (price: number) => number,
  step: number,
  isAfter: boolean,
): string {
  const kind = close >= open ? 'up' : 'down';
  const half = Math.max(0.8, step * 0.32);
  const top = y(Math.max(open, close));
  const height = Math.max(1, y(Math.min(open, close)) - top);
  return (
    `<g class="${kind}${isAfter ? ' after' : ''}"><line x1="${n(at)}" x2="${n(at)}" y1="${n(y(high))}" y2="${n(y(low))}"/>` +
    `<rect x="${n(at - half)}" y="${n(top)}" width="${n(2 * half)}" height="${n(height)}" stroke="none"/></g>`
  );
}

function levelMark(
  { price, label, kind }: Line,
  at: number,
  labelAt: number,
  from: number,
  decimals: number,
): string {
  const start = kind === 'fact' ? MARGIN.left : from;
  const dash = kind === 'fact' ? ' stroke-dasharray="1 4"' : '';
  return (
    `<line class="${kind}" x1="${n(start)}" x2="${WIDTH - MARGIN.right}" y1="${n(at)}" y2="${n(at)}"${dash}/>` +
    `<text class="text" x="${WIDTH - MARGIN.right + 5}" y="${n(labelAt + 3.5)}">${price.toFixed(decimals)} <tspan class="quiet">${escaped(label)}</tspan></text>`
  );
}

/** Moves labels apart so that none covers another. */
function spread(wanted: readonly number[]): readonly number[] {
  const gap = 12;
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  const placed: number[] = [];
  let last = -Infinity;
  for (const { at, index } of order) {
    last = Math.max(at, last + gap);
    placed[index] = last;
  }
  const over = Math.max(0, last - (HEIGHT - MARGIN.bottom));
  return placed.map((at) => at - over);
}

const n = (value: number): string => value.toFixed(1);
/** `nbb.zone-near` is the zone near. */
const nameOf = (id: string): string => id.slice(id.indexOf('.') + 1).replace(/-/g, ' ');
const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
