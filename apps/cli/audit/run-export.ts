import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import pc from 'picocolors';
import type { ExportResult } from '../../api/audit-views.ts';
import { exportStored, NotProvable } from '../../audit-desk.ts';
import type { ExportFlags } from '../commands/audit.ts';
import { BadInput } from '../errors.ts';
import { printFacts, printJson, printLine, Progress } from '../output.ts';
import { atPlace } from './place.ts';

export async function runExport(flags: ExportFlags): Promise<void> {
  const out = resolve(flags.out);
  if (existsSync(out))
    throw new BadInput(`--out ${flags.out} is there already; name a new directory`);
  const range = { fromSeq: flags.from, toSeq: flags.to };
  const exported = await atPlace<ExportResult>(flags, {
    async served(server) {
      const made = await server.exportBundle({
        ...(range.fromSeq === undefined ? {} : { fromSeq: range.fromSeq }),
        ...(range.toSeq === undefined ? {} : { toSeq: range.toSeq }),
      });
      await move(made.path, out);
      return { ...made, path: out };
    },
    async stored(database, location) {
      const progress = new Progress('exporting', flags.to ?? 0);
      try {
        const made = await exportStored(database, location, range, out, (events) =>
          progress.update(events),
        );
        return { path: out, events: made.events, toSeq: made.toSeq };
      } catch (error) {
        throw error instanceof NotProvable ? new BadInput(error.message) : error;
      } finally {
        progress.clear();
      }
    },
  });
  if (flags.json) return printJson(exported);
  printLine(
    `${pc.green('exported')}  ${exported.events.toLocaleString('en')} events up to ${exported.toSeq.toLocaleString('en')}, signed`,
  );
  printFacts([
    ['bundle', flags.out],
    ['check it', `node ${flags.out}/verify.mjs ${flags.out}`],
  ]);
}

/** The server wrote it beside its data, which may be on another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, errorOnExist: true, force: false });
    await rm(from, { recursive: true });
  }
}
