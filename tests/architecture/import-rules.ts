/** Rules about what a file imports. */
import { isBuiltin } from 'node:module';

import {
  entryFor,
  FLOORS,
  folderOf,
  isAllowed,
  isTestCode,
  MAY_IMPORT,
  MAY_KNOW_VENUE,
  NODE_MODULES,
  PACKAGES,
  VENUE_FILES,
} from './house.ts';
import type { Import, Source } from './source.ts';

/** What is wrong with an import, as a sentence, or undefined. */
type ImportRule = (source: Source, one: Import) => string | undefined;

const knownTarget: ImportRule = ({ path }, { specifier }) => {
  if (folderOf(path) === undefined) return undefined;
  if (specifier === null) return 'imports a module whose name is computed';
  if (specifier.startsWith('/') || specifier.startsWith('file:')) {
    return `imports "${specifier}" by an absolute path`;
  }
  return undefined;
};

const floors: ImportRule = ({ path }, { path: target, typesOnly }) => {
  const from = folderOf(path);
  const to = target === undefined ? undefined : folderOf(target);
  if (isTestCode(path) || from === undefined || from === 'apps' || target === undefined) {
    return undefined;
  }
  if (to === from) return undefined;
  if (to === undefined) return `imports ${target}, which lies on no floor`;
  const reach = MAY_IMPORT[from][to];
  if (reach === 'ALL' || (reach === 'TYPES' && typesOnly)) return undefined;
  if (Array.isArray(reach) && reach.includes(target)) return undefined;
  const direction = FLOORS[to] >= FLOORS[from] ? 'goes up to' : 'may not reach';
  return reach === 'TYPES'
    ? `imports ${target}: ${from} may import only types of ${to}`
    : `imports ${target}: ${from} (floor ${FLOORS[from]}) ${direction} ${to} (floor ${FLOORS[to]})`;
};

const testsAreNoGround: ImportRule = ({ path }, { path: target }) =>
  folderOf(path) !== undefined && target !== undefined && isTestCode(target) && !isTestCode(path)
    ? `builds on test code: ${target}`
    : undefined;

const venuePort: ImportRule = ({ path }, { path: target }) =>
  target !== undefined && isAllowed(target, VENUE_FILES) && !isAllowed(path, MAY_KNOW_VENUE)
    ? `knows a venue: ${target}`
    : undefined;

const packages: ImportRule = ({ path }, { specifier, path: target }) => {
  if (specifier === null || target !== undefined || isTestCode(path)) return undefined;
  if (folderOf(path) === undefined) return undefined;
  if (isBuiltin(specifier)) {
    const allowed = entryFor(NODE_MODULES, path);
    return allowed === undefined || allowed.includes(specifier)
      ? undefined
      : `may not use Node's ${specifier}`;
  }
  const allowed = entryFor(PACKAGES, path) ?? [];
  const fits = (name: string): boolean =>
    name.endsWith('/*')
      ? specifier.startsWith(name.slice(0, -1))
      : specifier === name || specifier.startsWith(`${name}/`);
  return allowed.some(fits) ? undefined : `may not use the package ${specifier}`;
};

export const IMPORT_RULES: readonly ImportRule[] = [
  knownTarget,
  floors,
  testsAreNoGround,
  venuePort,
  packages,
];
