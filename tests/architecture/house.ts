/** The house as data: which folder lies on which floor, and what each may reach for. */

/** Floors from the ground up. Imports only go down. */
export const FLOORS = {
  domain: 0,
  'risk-kernel': 1,
  ledger: 2,
  market: 3,
  strategies: 4,
  forecasting: 4,
  execution: 5,
  simulation: 6,
  coordination: 7,
  agents: 8,
  apps: 9,
} as const;
export type Folder = keyof typeof FLOORS;

/** Around the house: what starts, builds, measures and tests it. Nothing in it builds on these. */
export const GROUNDS = ['bin', 'scripts', 'tests'] as const;

/** How much of a folder may be imported: all of it, its types, or the files named. */
export type Reach = 'ALL' | 'TYPES' | readonly string[];

/** What each folder may import from others; apps may import everything. */
export const MAY_IMPORT: Readonly<
  Record<Exclude<Folder, 'apps'>, Readonly<Partial<Record<Folder, Reach>>>>
> = {
  domain: {},
  'risk-kernel': { domain: 'ALL' },
  ledger: { domain: 'ALL' },
  market: { domain: 'ALL', ledger: ['ledger/process-identity.ts'] },
  strategies: { domain: 'ALL', market: 'ALL' },
  forecasting: { domain: 'ALL', market: 'ALL' },
  execution: { domain: 'ALL', 'risk-kernel': 'ALL', ledger: 'ALL', market: 'ALL' },
  simulation: {
    domain: 'ALL',
    'risk-kernel': 'ALL',
    ledger: 'ALL',
    market: 'ALL',
    strategies: 'ALL',
    forecasting: 'ALL',
    execution: 'ALL',
  },
  // Execution's ports only: types, which cannot send anything.
  coordination: { domain: 'ALL', ledger: 'ALL', execution: 'TYPES' },
  agents: {
    domain: 'ALL',
    market: 'ALL',
    strategies: 'ALL',
    forecasting: 'ALL',
    coordination: 'ALL',
  },
};

/** Third-party packages by the folders that may use them; the longest matching folder decides. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'risk-kernel': [],
  ledger: ['kysely', 'pg', '@electric-sql/pglite', 'effect'],
  market: ['effect'],
  // Whoever gives market data, each behind one folder, and what they have in common.
  'market/feeds': ['effect', 'ws'],
  'market/feeds/ccxt': ['effect', 'ws', 'ccxt'],
  strategies: [],
  forecasting: [],
  execution: ['effect'],
  simulation: ['effect'],
  coordination: ['effect'],
  // The one file that sees a password.
  'coordination/operators.ts': ['effect', '@node-rs/argon2'],
  agents: ['@langchain/*', 'effect', 'zod'],
  // Wiring: where the graph meets the database and the engine meets its venue.
  'apps/runtime': ['@langchain/*', 'effect'],
  'apps/simulate': ['@langchain/*', 'effect'],
  'apps/storage.ts': ['@langchain/*', 'effect'],
  'apps/api': ['effect'],
  'apps/server': ['effect', '@effect/platform-node'],
  'apps/cli': ['commander', 'picocolors', 'effect'],
  // Whoever writes a strategy of their own, in TypeScript, outside of this package.
  'apps/authoring': ['jiti'],
  'apps/web': ['react', 'react-dom', 'lightweight-charts', 'effect'],
  'apps/web/vite.config.ts': ['vite', '@vitejs/plugin-react'],
  apps: ['effect'],
};

/** Folders that may not use every module of Node, and those they may. */
export const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'risk-kernel': ['node:crypto'],
  strategies: [],
  forecasting: [],
  'apps/web': [],
};

/** Who may know the venue's port, and who may hold a venue. */
export const VENUE_FILES = [
  'execution/venue.ts',
  'simulation/simulated-venue.ts',
  'simulation/paper-venue.ts',
] as const;
export const MAY_KNOW_VENUE = [
  'execution/',
  'simulation/',
  'apps/runtime/',
  'scripts/bench-engine.ts',
  'tests/architecture/kernel-attacks.test.ts',
  'tests/kill-9/',
] as const;
/** The only hand that trades: the engine, its line to the venue, and what asks again for a cancel. */
const ENGINE = ['execution/engine.ts', 'execution/venue-link.ts', 'execution/resolver.ts'] as const;
/** Beside it, venues that stand before another one, tests of venues, and those that try to go around it. */
export const MAY_CALL_VENUE = [
  ...ENGINE,
  'execution/venue.contract.ts',
  'execution/invariants.test.ts',
  'execution/reconciler.test.ts',
  'execution/resolver.test.ts',
  'execution/venue-link.test.ts',
  'simulation/paper-venue.test.ts',
  'simulation/simulated-venue.test.ts',
  'simulation/vopr/tapped-venue.ts',
  'scripts/bench-engine.ts',
  'tests/architecture/kernel-attacks.test.ts',
] as const;
export const ORDER_METHODS: readonly string[] = ['submit', 'cancel'];

/** Where permission is made, and the tests that try to forge it. */
export const MINT = 'risk-kernel/review.ts';
export const PERMISSION_TYPES: readonly string[] = ['Clearance', 'ClearedOrder'];
export const MAY_TRY_FORGERY = [
  'execution/invariants.test.ts',
  'risk-kernel/clearance.test.ts',
  'simulation/simulated-venue.test.ts',
] as const;

/** Who may ask for permission and who may redeem it; two of them hand the live kernel to its watch. */
export const PERMISSION_DOORS: Readonly<Record<string, readonly string[]>> = {
  review: ['execution/write-ahead.ts', 'apps/runtime/parts.ts', 'simulation/vopr/process.ts'],
  redeem: ['execution/engine.ts'],
};

/** The edge: people, sockets and stopwatches. What must replay the same is not in it. */
export const MAY_READ_CLOCK = [
  'apps/cli/',
  'apps/server/',
  'apps/web/',
  'scripts/',
  'tests/',
] as const;
/** Lock files need a name that no other process has; nothing that is recorded follows from it. */
export const MAY_DRAW_CHANCE = [...MAY_READ_CLOCK, 'ledger/directory-lock.ts'] as const;
export const MAY_READ_ENVIRONMENT = ['apps/', 'scripts/', 'tests/'] as const;

const under = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path === prefix || (prefix.endsWith('/') && path.startsWith(prefix)));

export const isAllowed = under;

export const folderOf = (path: string): Folder | undefined => {
  const top = path.split('/')[0] ?? '';
  return top in FLOORS ? (top as Folder) : undefined;
};

/** Tests stand outside the floors: they may look at anything. Nothing may be built on them. */
export const isTestCode = (path: string): boolean =>
  /\.(test|contract)\.tsx?$/.test(path) || /(^|\/)(tests|testing)\//.test(path);

/** The entry of the longest folder a path lies in. */
export function entryFor<T>(table: Readonly<Record<string, T>>, path: string): T | undefined {
  const folders = Object.keys(table).filter((folder) => under(path, [folder, `${folder}/`]));
  const nearest = folders.sort((a, b) => b.length - a.length)[0];
  return nearest === undefined ? undefined : table[nearest];
}
