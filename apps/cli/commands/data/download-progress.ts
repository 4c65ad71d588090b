import pc from 'picocolors';
import { LiveLine } from '../../output.ts';
import { count, utc } from './words.ts';

/** What has been fetched, on a line of standard error that only terminals see. */
export class DownloadProgress {
  readonly #label: string;
  readonly #total: number;
  readonly #startedMs = performance.now();
  readonly #line = new LiveLine();

  /** `total` bars are wanted, if the market never closed. */
  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  /** Bars fetched, the share of the wanted time that they cover, and the time of the last of them. */
  update(bars: number, share: number, atMs: number): void {
    this.#line.draw((nowMs) => this.#text(bars, share, atMs, nowMs));
  }

  /** Something worth knowing, on a line of its own, terminal or not. */
  say(sentence: string): void {
    this.clear();
    process.stderr.write(`${pc.yellow('waiting')}  ${sentence}\n`);
  }

  clear(): void {
    this.#line.clear();
  }

  #text(bars: number, share: number, atMs: number, nowMs: number): string {
    const seconds = (nowMs - this.#startedMs) / 1_000;
    const rate = Math.round(bars / seconds);
    const left = share > 0 ? Math.ceil(seconds / share - seconds) : 0;
    const counts = `${count(bars)} of about ${count(this.#total)} bars`;
    return `${this.#label}  ${utc(atMs)}  ${counts}, ${count(rate)} a second, ${count(left)} s left`;
  }
}
