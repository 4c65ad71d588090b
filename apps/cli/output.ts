import pc from 'picocolors';

/** One JSON object on standard output, and nothing else there. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${JSON.stringify(value)}\n`);

export const printLine = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Names on the left, values aligned on the right of them. */
export function printFacts(facts: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) printLine(`  ${pc.dim(name.padEnd(width))}  ${value}`);
}

/** Rows in columns; a column whose name begins with `>` is aligned to the right. */
export function printTable(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const titles = columns.map((column) => column.replace(/^>/, ''));
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        columns[i]?.startsWith('>') ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  printLine(pc.dim(`  ${line(titles)}`));
  for (const row of rows) printLine(`  ${line(row)}`);
}

/** Decimal text with thousands grouped and its fraction cut to `places`, for people only. */
export function amount(decimal: string, places: number): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return places === 0 ? grouped : `${grouped}.${fraction.padEnd(places, '0').slice(0, places)}`;
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

/** A line of standard error that is drawn again and again, on a terminal alone, so that pipes stay clean. */
export class LiveLine {
  #drawnMs = 0;

  /** Not too often, unless it is the last time. */
  draw(text: (nowMs: number) => string, isLast = false): void {
    const nowMs = performance.now();
    if (!process.stderr.isTTY || (nowMs - this.#drawnMs < REDRAW_MS && !isLast)) return;
    this.#drawnMs = nowMs;
    process.stderr.write(`\r\x1b[K  ${text(nowMs)}`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}

/** How far a long piece of work has come. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #startedMs = performance.now();
  readonly #line = new LiveLine();

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  update(done: number): void {
    this.#line.draw((nowMs) => this.#text(done, nowMs), done >= this.#total);
  }

  clear(): void {
    this.#line.clear();
  }

  #text(done: number, nowMs: number): string {
    const share = this.#total === 0 ? 1 : Math.min(1, done / this.#total);
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'━'.repeat(filled)}${pc.dim('━'.repeat(BAR_WIDTH - filled))}`;
    const elapsed = (nowMs - this.#startedMs) / 1_000;
    const left = share > 0 ? Math.ceil(elapsed / share - elapsed) : 0;
    const counts = `${done.toLocaleString('en')} of ${this.#total.toLocaleString('en')}`;
    return `${this.#label} ${bar} ${counts}, ${left} s left`;
  }
}
