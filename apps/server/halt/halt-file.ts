/** The signal file: `HALT` in the data directory stops everything, and keeps it stopped while it is there. */
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { HaltResult } from '../../api/views.ts';

export interface Signal {
  readonly flatten: boolean;
  readonly because: string;
  /** Another one after the file was written anew. */
  readonly stamp: string;
}

/** What the server leaves beside the file once it acted on it. */
export type SignalReport =
  | ({ readonly acted: true; readonly stamp: string; readonly atMs: number } & HaltResult)
  | {
      readonly acted: false;
      readonly stamp: string;
      readonly atMs: number;
      readonly because: string;
    };

const BECAUSE_CHARS_MAX = 500;

export class HaltFile {
  readonly path: string;
  readonly reportPath: string;

  constructor(dataDir: string) {
    this.path = resolve(dataDir, 'HALT');
    this.reportPath = resolve(dataDir, 'HALT.report.json');
  }

  isPresent(): boolean {
    return this.#stamp() !== undefined;
  }

  /** Whatever lies under the name halts: a file that cannot be read, or holds nonsense, is still a cry for help. */
  read(): Signal | undefined {
    const stamp = this.#stamp();
    return stamp === undefined ? undefined : { ...orderIn(this.#text()), stamp };
  }

  /** Takes an old report away first, so that the next one answers this file. */
  write(order: Omit<Signal, 'stamp'>): void {
    rmSync(this.reportPath, { force: true });
    put(this.path, order);
  }

  writeReport(report: SignalReport): void {
    put(this.reportPath, report);
  }

  /** The report on the file as it is now; undefined while the server has not acted on it. */
  readReport(): SignalReport | undefined {
    try {
      const report = JSON.parse(readFileSync(this.reportPath, 'utf8')) as SignalReport;
      return report.stamp === this.#stamp() ? report : undefined;
    } catch {
      return undefined;
    }
  }

  #stamp(): string | undefined {
    try {
      const { mtimeMs, ino, size } = lstatSync(this.path);
      return `${mtimeMs}-${ino}-${size}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Only what is certainly not there lets trading go on.
      return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : `unreadable: ${code}`;
    }
  }

  #text(): string {
    try {
      return readFileSync(this.path, 'utf8').trim();
    } catch (error) {
      return `the file ${this.path} is there and cannot be read: ${String(error)}`;
    }
  }
}

function orderIn(text: string): Omit<Signal, 'stamp'> {
  const { flatten, because } = asked(text);
  const said = because.trim().slice(0, BECAUSE_CHARS_MAX);
  return { flatten, because: said === '' ? 'the file HALT was put into the data directory' : said };
}

function asked(text: string): Omit<Signal, 'stamp'> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const { flatten, because } = value as Readonly<Record<string, unknown>>;
      return { flatten: flatten === true, because: typeof because === 'string' ? because : '' };
    }
  } catch {
    // Not JSON: then the text is the reason.
  }
  return { flatten: false, because: text };
}

/** In one piece: nobody ever reads half of it. */
function put(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}.tmp`;
  writeFileSync(whole, `${JSON.stringify(value)}\n`);
  renameSync(whole, path);
}
