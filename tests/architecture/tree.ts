/** The source files of this repository, by their paths from its root. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage']);

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export function sourceFiles(folder = ROOT): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [{ path: fromRoot(path), text: read(path) }] : [];
  });
}

const read = (path: string): string => readFileSync(path, 'utf8');
const fromRoot = (path: string): string => relative(ROOT, path).split(sep).join('/');
