/** Builds the simulator with a bug in it and lets it hunt in a process of its own. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { Failure } from '../../simulation/vopr/vopr.ts';
import type { Edit, PlantedBug } from './planted-bugs.ts';

/** A bug may well make something run for ever. */
const HUNT_MS_MAX = 120_000;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const sourceOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export const timesFound = ({ file, find }: Edit): number => sourceOf(file).split(find).length - 1;

/** What the simulator catches within so many seeds; null when it catches nothing. */
export async function hunt(
  bug: PlantedBug,
  seeds: number,
  folder: string,
): Promise<Failure | null> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [planting(bug)],
    build: {
      ssr: 'tests/vopr/hunt.ts',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'hunt.mjs' } },
    },
  });
  const { profile = 'storm', faults } = bug;
  const only = faults === undefined ? [] : [faults.join()];
  const said = await run([join(folder, 'hunt.mjs'), String(seeds), profile, ...only]);
  return JSON.parse(said) as Failure | null;
}

function planting({ edits }: PlantedBug): Plugin {
  return {
    name: 'planted-bug',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0]?.slice(ROOT.length) ?? '';
      const here = edits.filter((edit) => edit.file === file);
      if (here.length === 0) return undefined;
      return here.reduce(
        (text, { find, replace }) => text.replace(find, () => replace),
        sourceOf(file),
      );
    },
  };
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args], { timeout: HUNT_MS_MAX }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr));
    });
  });
}
