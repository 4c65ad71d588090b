import { constants } from 'node:fs';
import { access, type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadInput } from '../errors.ts';

/** Written in pieces of about this many characters, so that a long file needs no more memory than a short one. */
const PIECE = 64 * 1_024;

/**
 * A file that is there whole or not at all: it grows under another name in the same folder, and takes
 * its own once everything is on the disk. What has that name is replaced only when that was asked for.
 */
export class WholeFile {
  readonly path: string;
  readonly #option: string;
  readonly #force: boolean;
  readonly #draft: string;
  readonly #handle: FileHandle;
  #waiting = '';

  private constructor(
    path: string,
    option: string,
    force: boolean,
    draft: string,
    handle: FileHandle,
  ) {
    this.path = path;
    this.#option = option;
    this.#force = force;
    this.#draft = draft;
    this.#handle = handle;
  }

  /** Throws `BadInput`, naming the option, when the file cannot be made or is there already. */
  static async begin(path: string, option: string, force: boolean): Promise<WholeFile> {
    if (!force && (await exists(path))) throw taken(path, option);
    const draft = `${path}.${process.pid}.part`;
    try {
      return new WholeFile(path, option, force, draft, await open(draft, 'wx'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new BadInput(
        `${option} "${path}" cannot be written (${why}); name a file in a folder that is there`,
      );
    }
  }

  async write(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= PIECE) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    if (this.#force) await rename(this.#draft, this.path);
    else await this.#take();
    await syncFolder(dirname(this.path));
  }

  /** Leaves nothing behind; harmless after `finish`. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#draft, { force: true });
  }

  /** Somebody else may have made one of that name meanwhile. */
  async #take(): Promise<void> {
    try {
      await link(this.#draft, this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(this.path, this.#option);
      throw error;
    }
    await rm(this.#draft);
  }

  async #flush(): Promise<void> {
    await this.#handle.writeFile(this.#waiting);
    this.#waiting = '';
  }
}

const taken = (path: string, option: string): BadInput =>
  new BadInput(`${option} "${path}" is there already; name another file, or add --force`);

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );

/** The name is a part of the folder, which has to reach the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
