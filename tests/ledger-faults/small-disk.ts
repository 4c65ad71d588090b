/** A disk that is full when a test says so: a few megabytes of memory, mounted. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';

export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Undefined where this user may not mount anything. */
  static mount(megabytes: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), 'plimsoll-disk-'));
    const size = `size=${megabytes}m`;
    if (run('mount', '-t', 'tmpfs', '-o', size, 'plimsoll', path)) return new SmallDisk(path);
    rmdirSync(path);
    return undefined;
  }

  static need(megabytes: number): SmallDisk {
    const disk = SmallDisk.mount(megabytes);
    if (disk === undefined) throw new Error('nothing may be mounted here');
    return disk;
  }

  /** So much room is left on it, and not a byte more. */
  fill(leftBytes = 0): void {
    const { bfree, bsize } = statfsSync(this.path);
    try {
      writeFileSync(this.#ballast, Buffer.alloc(bfree * bsize - leftBytes));
    } catch (error) {
      // Somebody else wrote meanwhile: then it is as full as can be.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  /** Somebody made room. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** With a folder that belongs to somebody else. */
  withFolder(name: string, uid: number, gid: number): this {
    const folder = join(this.path, name);
    mkdirSync(folder);
    chownSync(folder, uid, gid);
    return this;
  }

  unmount(): void {
    run('umount', '--lazy', this.path);
    rmdirSync(this.path);
  }

  get #ballast(): string {
    return join(this.path, 'ballast');
  }
}

/** A suite that needs such disks; where none can be had, it is skipped with the reason in its name. */
export function describeSmallDisk(name: string, suite: () => void): void {
  const disk = SmallDisk.mount(1);
  disk?.unmount();
  if (disk !== undefined) {
    describe(name, suite);
    return;
  }
  describe.skip(`${name} (needs the right to mount a disk)`, () => {
    test('needs the right to mount a disk', () => undefined);
  });
}

const run = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
