import { NotState, type Saved, unpack } from './state-text.ts';

/**
 * The saved state, when it has the shape of the `fresh` one it is to replace; else throws `NotState`.
 * A snapshot written by another version of a fold must not come back with a field missing: half a
 * state would decide, and nobody would know.
 *
 * Plain objects are compared field by field, at any depth. Lists, maps and sets are compared by their
 * kind only, and where the fresh state has nothing yet (undefined or null) anything may have come.
 */
export function unpackLike<T>(saved: Saved, fresh: T): T {
  const state = unpack(saved);
  const fault = shapeFault(fresh, state, '$');
  if (fault !== undefined) throw new NotState(fault);
  return state as T;
}

function shapeFault(fresh: unknown, state: unknown, path: string): string | undefined {
  if (fresh === undefined || fresh === null) return undefined;
  const [wanted, found] = [kindOf(fresh), kindOf(state)];
  if (wanted !== found) return `${path} should be ${wanted}, and is ${found}`;
  return wanted === 'Object' ? recordFault(fresh, state as object, path) : undefined;
}

function recordFault(fresh: object, state: object, path: string): string | undefined {
  for (const key of Object.keys(state))
    if (!Object.hasOwn(fresh, key)) return `${path}.${key} is nothing that this version knows`;
  for (const [key, inner] of Object.entries(fresh)) {
    const found = Object.hasOwn(state, key) ? (state as Record<string, unknown>)[key] : undefined;
    const fault = shapeFault(inner, found, `${path}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const kindOf = (value: unknown): string =>
  Object.prototype.toString.call(value).slice('[object '.length, -1);
