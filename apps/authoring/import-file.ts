import { pathToFileURL } from 'node:url';
import * as plimsoll from '../../strategies/index.ts';

/**
 * Loads a TypeScript or JavaScript file from anywhere, without checking its types. What it imports as
 * 'plimsoll' is this very process's: a file outside the package finds it with nothing installed.
 */
export async function importFile(path: string): Promise<unknown> {
  // Most commands load no file, so they do not wait for the compiler either.
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(path).href, {
    // Nothing is left behind on the disk.
    fsCache: false,
    interopDefault: false,
    virtualModules: { plimsoll: SURFACE },
  });
  return jiti.import(path);
}

/** Asking for a name that is not there is an error where it happens, and not an undefined for later. */
const SURFACE: object = new Proxy(
  { ...plimsoll },
  {
    get(target, name): unknown {
      if (typeof name === 'symbol' || name in target || ASKED_BY_LOADERS.includes(name))
        return Reflect.get(target, name);
      throw new Error(
        `'plimsoll' exports no "${name}"; it exports ${Object.keys(target).sort().join(', ')}`,
      );
    },
  },
);
const ASKED_BY_LOADERS: readonly string[] = ['__esModule', 'default', 'then', 'toJSON'];
