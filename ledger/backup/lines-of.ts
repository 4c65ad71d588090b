import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { describeError } from '../describe-error.ts';
import { BackupDamaged, BackupUnusable } from './format.ts';

/** More than any line of ours; a file whose line never ends must not fill the memory. */
const LINE_BYTES_MAX = 256 * 1_024 * 1_024;
const NEWLINE = 0x0a;

/**
 * The lines of a compressed file, without their ends. Throws `BackupUnusable` for a file that cannot be
 * read or was never compressed, and `BackupDamaged` for one that is compressed and broken.
 */
export async function* linesOf(file: string): AsyncGenerator<Buffer, void> {
  const input = createReadStream(file);
  const unzipped = createGunzip();
  input.on('error', (error) => unzipped.destroy(error));
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let begun = false;
  try {
    for await (const chunk of input.pipe(unzipped) as AsyncIterable<Buffer>) {
      begun = true;
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...waiting, chunk.subarray(from, end)]);
        waiting = [];
        waitingBytes = 0;
        from = end + 1;
      }
      waiting.push(chunk.subarray(from));
      waitingBytes += chunk.length - from;
      if (waitingBytes > LINE_BYTES_MAX) {
        throw new BackupUnusable(`${file} is not a backup that Plimsoll made.`);
      }
    }
  } catch (error) {
    throw explained(error, file, begun);
  } finally {
    input.destroy();
  }
  // Every line of ours ends; what does not is handed on to be refused.
  if (waitingBytes > 0) yield Buffer.concat(waiting);
}

function explained(error: unknown, file: string, begun: boolean): unknown {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'Z_DATA_ERROR' && !begun) {
    return new BackupUnusable(`${file} is not a backup that Plimsoll made.`, { cause: error });
  }
  if (code.startsWith('Z_')) {
    const because = `${describeError(error)}; it was cut or changed, so use another backup.`;
    return new BackupDamaged(`${file} cannot be unpacked: ${because}`, { cause: error });
  }
  if (code.startsWith('E')) {
    return new BackupUnusable(`${file} cannot be read: ${describeError(error)}.`, { cause: error });
  }
  return error;
}
