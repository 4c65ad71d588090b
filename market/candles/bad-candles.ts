/** A candle file that cannot be trusted. The message is `file:line: reason`; line 0 is the whole file. */
export class BadCandles extends Error {
  override readonly name = 'BadCandles';
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.file = file;
    this.line = line;
  }
}
