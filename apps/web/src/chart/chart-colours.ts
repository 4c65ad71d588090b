/** The chart draws on a canvas, so it reads the page's colour tokens and is told when they change. */
export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly line: string;
  readonly up: string;
  readonly down: string;
  readonly entry: string;
  readonly stop: string;
  readonly target: string;
  readonly upFaint: string;
  readonly downFaint: string;
}

export function readColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token('ink-2'),
    grid: token('grid'),
    line: token('line'),
    up: token('up'),
    down: token('down'),
    entry: token('info'),
    stop: token('down'),
    target: token('up'),
    upFaint: token('up-faint'),
    downFaint: token('down-faint'),
  };
}
