/** A checker that finds nothing may be blind: each rule is shown a source that breaks it. */
import { describe, expect, test } from 'vitest';

import { violations } from './check.ts';

const planted: readonly (readonly [string, string, string, string])[] = [
  [
    'a plain import up a floor',
    'domain/a.ts',
    `\nimport { LIMITS } from '../risk-kernel/limits.ts';`,
    'domain/a.ts:2 imports risk-kernel/limits.ts: domain (floor 0) goes up to risk-kernel (floor 1)',
  ],
  [
    'an import of types up a floor',
    'ledger/a.ts',
    `import type { Feed } from '../market/feed.ts';`,
    'ledger/a.ts:1 imports market/feed.ts: ledger (floor 2) goes up to market (floor 3)',
  ],
  [
    'an import for its side effect',
    'market/deep/a.ts',
    `import '../../execution/engine.ts';`,
    'market/deep/a.ts:1 imports execution/engine.ts: market (floor 3) goes up to execution (floor 5)',
  ],
  [
    'a re-export',
    'strategies/a.ts',
    `export * from '../simulation/costs.ts';`,
    'strategies/a.ts:1 imports simulation/costs.ts: strategies (floor 4) goes up to simulation (floor 6)',
  ],
  [
    'a re-export of one name',
    'strategies/a.ts',
    `export { review } from '../risk-kernel/review.ts';`,
    'strategies/a.ts:1 imports risk-kernel/review.ts: strategies (floor 4) may not reach risk-kernel (floor 1)',
  ],
  [
    'a dynamic import',
    'market/a.ts',
    `\n\nconst load = async () => import('../agents/graph.ts');`,
    'market/a.ts:3 imports agents/graph.ts: market (floor 3) goes up to agents (floor 8)',
  ],
  [
    'a type by import()',
    'domain/a.ts',
    `type Verdict = import('../risk-kernel/review.ts').Verdict;`,
    'domain/a.ts:1 imports risk-kernel/review.ts: domain (floor 0) goes up to risk-kernel (floor 1)',
  ],
  [
    'a require',
    'domain/a.ts',
    `const review = require('../risk-kernel/review.ts');`,
    'domain/a.ts:1 imports risk-kernel/review.ts: domain (floor 0) goes up to risk-kernel (floor 1)',
  ],
  [
    'a neighbour on the same floor',
    'strategies/a.ts',
    `import { momentum } from '../forecasting/momentum.ts';`,
    'strategies/a.ts:1 imports forecasting/momentum.ts: strategies (floor 4) goes up to forecasting (floor 4)',
  ],
  [
    'a computed import',
    'execution/a.ts',
    `const load = async (name: string) => import(name);`,
    'execution/a.ts:1 imports a module whose name is computed',
  ],
  [
    'an absolute path',
    'execution/a.ts',
    `import '/etc/plimsoll.ts';`,
    'execution/a.ts:1 imports "/etc/plimsoll.ts" by an absolute path',
  ],
  [
    'an agent that reaches the engine',
    'agents/a.ts',
    `import type { ExecutionEngine } from '../execution/engine.ts';`,
    'agents/a.ts:1 imports execution/engine.ts: agents (floor 8) may not reach execution (floor 5)',
  ],
  [
    'an agent that reaches the kernel',
    'agents/a.ts',
    `import { review } from '../risk-kernel/review.ts';`,
    'agents/a.ts:1 imports risk-kernel/review.ts: agents (floor 8) may not reach risk-kernel (floor 1)',
  ],
  [
    'an agent that reaches the ledger',
    'agents/a.ts',
    `import type { Ledger } from '../ledger/ledger.ts';`,
    'agents/a.ts:1 imports ledger/ledger.ts: agents (floor 8) may not reach ledger (floor 2)',
  ],
  [
    'an agent that reaches the simulation',
    'agents/a.ts',
    `import { costsOf } from '../simulation/costs.ts';`,
    'agents/a.ts:1 imports simulation/costs.ts: agents (floor 8) may not reach simulation (floor 6)',
  ],
  [
    'coordination that takes more than types of execution',
    'coordination/a.ts',
    `import { type Reviewed, ExecutionEngine } from '../execution/engine.ts';`,
    'coordination/a.ts:1 imports execution/engine.ts: coordination may import only types of execution',
  ],
  [
    'market that takes more of the ledger than its database',
    'market/a.ts',
    `import { memoryLedger } from '../ledger/memory-ledger.ts';`,
    'market/a.ts:1 imports ledger/memory-ledger.ts: market (floor 3) may not reach ledger (floor 2)',
  ],
  [
    'code that builds on tests',
    'execution/a.ts',
    `import { Journal } from './testing/book-of.ts';`,
    'execution/a.ts:1 builds on test code: execution/testing/book-of.ts',
  ],
  [
    'code of a folder that lies on no floor',
    'execution/a.ts',
    `import { bench } from '../scripts/bench.ts';`,
    'execution/a.ts:1 imports scripts/bench.ts, which lies on no floor',
  ],
  [
    'a package in the domain',
    'domain/a.ts',
    `import { Effect } from 'effect';`,
    'domain/a.ts:1 may not use the package effect',
  ],
  [
    'a part of a package in the kernel',
    'risk-kernel/a.ts',
    `import * as Schema from 'effect/Schema';`,
    'risk-kernel/a.ts:1 may not use the package effect/Schema',
  ],
  [
    'a package whose name only begins like an allowed one',
    'ledger/a.ts',
    `import pg from 'pg-promise';`,
    'ledger/a.ts:1 may not use the package pg-promise',
  ],
  [
    'a database outside the ledger',
    'execution/a.ts',
    `import pg from 'pg';`,
    'execution/a.ts:1 may not use the package pg',
  ],
  [
    'a database in the server',
    'apps/server/a.ts',
    `import { PGlite } from '@electric-sql/pglite';`,
    'apps/server/a.ts:1 may not use the package @electric-sql/pglite',
  ],
  [
    'LangGraph in coordination',
    'coordination/a.ts',
    `import { StateGraph } from '@langchain/langgraph';`,
    'coordination/a.ts:1 may not use the package @langchain/langgraph',
  ],
  [
    'LangGraph in the server',
    'apps/server/a.ts',
    `import type { BaseMessage } from '@langchain/core/messages';`,
    'apps/server/a.ts:1 may not use the package @langchain/core/messages',
  ],
  [
    'React outside the web',
    'apps/server/a.tsx',
    `import { useState } from 'react';`,
    'apps/server/a.tsx:1 may not use the package react',
  ],
  [
    'the file system in the domain',
    'domain/a.ts',
    `import { readFileSync } from 'node:fs';`,
    `domain/a.ts:1 may not use Node's node:fs`,
  ],
  [
    'the file system in the kernel, by its old name',
    'risk-kernel/a.ts',
    `import { readFileSync } from 'fs';`,
    `risk-kernel/a.ts:1 may not use Node's fs`,
  ],
  [
    'a server that knows the venue’s port',
    'apps/server/a.ts',
    `import type { Venue } from '../../execution/venue.ts';`,
    'apps/server/a.ts:1 knows a venue: execution/venue.ts',
  ],
  [
    'a test that makes itself a venue',
    'agents/a.test.ts',
    `import { SimulatedVenue } from '../simulation/simulated-venue.ts';`,
    'agents/a.test.ts:1 knows a venue: simulation/simulated-venue.ts',
  ],
  [
    'a submit outside the engine',
    'execution/a.ts',
    `declare const parts: { venue: { submit(o: object): void } };\nparts.venue.submit({});`,
    `execution/a.ts:2 reaches the venue's submit, which only the execution engine may`,
  ],
  [
    'a submit through a private field',
    'execution/a.ts',
    `class A { #venue: any; send(o: object) {\n return this.#venue?.submit(o); } }`,
    `execution/a.ts:2 reaches the venue's submit, which only the execution engine may`,
  ],
  [
    'a submit by its name in brackets',
    'apps/runtime/a.ts',
    `declare const simulatedVenue: any;\nsimulatedVenue['submit']({});`,
    `apps/runtime/a.ts:2 reaches the venue's submit, which only the execution engine may`,
  ],
  [
    'a cancel in the wiring',
    'apps/runtime/a.ts',
    `declare const venue: any;\nawait venue.cancel('E1');`,
    `apps/runtime/a.ts:2 reaches the venue's cancel, which only the execution engine may`,
  ],
  [
    'a submit handed on',
    'execution/a.ts',
    `declare const venue: any;\nconst send = venue.submit.bind(venue);`,
    `execution/a.ts:2 reaches the venue's submit, which only the execution engine may`,
  ],
  [
    'a submit taken out',
    'execution/a.ts',
    `declare const venue: any;\nconst { submit } = venue;`,
    `execution/a.ts:2 takes the venue's submit out of it`,
  ],
  [
    'a venue by another name',
    'apps/runtime/a.ts',
    `import { SimulatedVenue } from '../../simulation/simulated-venue.ts';\nexport const go = (door: SimulatedVenue, o: any) =>\n  door.submit(o);`,
    `apps/runtime/a.ts:3 reaches the venue's submit, which only the execution engine may`,
  ],
  [
    'a clearance by assertion',
    'execution/a.ts',
    `import type { Clearance } from '../risk-kernel/review.ts';\nconst mine = {} as Clearance;`,
    'execution/a.ts:2 asserts that something is a Clearance',
  ],
  [
    'a cleared order by a second assertion',
    'execution/engine.ts',
    `declare const order: object;\nconst mine = order as unknown as ClearedOrder;`,
    'execution/engine.ts:2 asserts that something is a ClearedOrder',
  ],
  [
    'a second mint',
    'risk-kernel/a.ts',
    `export function mint() {\n  return Object.freeze({});\n}`,
    'risk-kernel/a.ts:1 declares a mint',
  ],
  [
    'a second mint in a constant',
    'risk-kernel/a.ts',
    `export const mint = () => ({});`,
    'risk-kernel/a.ts:1 declares a mint',
  ],
  [
    'the wall clock',
    'execution/a.ts',
    `\nconst now = Date.now();`,
    'execution/a.ts:2 reads the wall clock with Date.now',
  ],
  [
    'the wall clock handed on',
    'market/a.ts',
    `const clock = { now: Date.now };`,
    'market/a.ts:1 reads the wall clock with Date.now',
  ],
  [
    'a date of now',
    'coordination/a.ts',
    `const now = new Date();`,
    'coordination/a.ts:1 reads the wall clock with new Date()',
  ],
  [
    'a date of now as text',
    'coordination/a.ts',
    `const now = Date();`,
    'coordination/a.ts:1 reads the wall clock with Date()',
  ],
  [
    'the wall clock where runs must repeat',
    'apps/runtime/a.ts',
    `const now = globalThis.Date.now();`,
    'apps/runtime/a.ts:1 reads the wall clock with Date.now',
  ],
  [
    'a stopwatch in a test',
    'domain/a.test.ts',
    `const started = performance.now();`,
    'domain/a.test.ts:1 reads the clock with performance.now',
  ],
  [
    'chance',
    'simulation/a.ts',
    `const slip = Math.random();`,
    'simulation/a.ts:1 draws unseeded chance with Math.random',
  ],
  [
    'a random name',
    'agents/a.ts',
    `import { randomUUID } from 'node:crypto';\nconst id = randomUUID();`,
    'agents/a.ts:2 draws unseeded chance with randomUUID',
  ],
  [
    'the environment',
    'ledger/a.ts',
    `const url = process.env['DATABASE_URL'];`,
    'ledger/a.ts:1 reads the environment',
  ],
  [
    'the environment in brackets',
    'risk-kernel/a.test.ts',
    `const env = process['env'];`,
    'risk-kernel/a.test.ts:1 reads the environment',
  ],
];

describe('is reported with file and line:', () => {
  test.each(planted)('%s', (_, path, text, expected) => {
    expect(violations(path, text)).toContain(expected);
  });
});

describe('is left alone:', () => {
  test.each([
    ['an import down', 'execution/a.ts', `import { preview } from '../risk-kernel/review.ts';`],
    ['an import beside', 'domain/a.ts', `import { price } from './units.ts';`],
    ['a test that looks up', 'domain/a.test.ts', `import '../agents/graph.ts';`],
    ['a test’s own packages', 'domain/a.test.ts', `import fc from 'fast-check';`],
    ['apps that look anywhere', 'apps/server/a.ts', `import '../../ledger/ledger.ts';`],
    ['types of execution', 'coordination/a.ts', `import type { X } from '../execution/engine.ts';`],
    ['types one by one', 'coordination/a.ts', `import { type X } from '../execution/engine.ts';`],
    [
      'how processes tell each other apart',
      'market/a.ts',
      `import { Identity } from '../ledger/process-identity.ts';`,
    ],
    ['a part of a package', 'ledger/a.ts', `import { Migrator } from 'kysely/migration';`],
    ['hashing in the kernel', 'risk-kernel/a.ts', `import { createHash } from 'node:crypto';`],
    [
      'the engine’s own submit',
      'execution/engine.ts',
      `declare const venue: any; venue.submit({});`,
    ],
    ['a cancel of the engine', 'execution/a.ts', `declare const engine: any; engine.cancel('E1');`],
    ['a form that is submitted', 'apps/web/src/a.tsx', `declare const form: any; form.submit();`],
    ['a date of an instant', 'ledger/a.ts', `const day = new Date(0);`],
    ['a clock at the edge', 'apps/server/a.ts', `const now = Date.now();`],
    ['the environment at the edge', 'apps/cli/a.ts', `const url = process.env['DATABASE_URL'];`],
    ['a clock that is asked', 'execution/a.ts', `declare const clock: any; clock.now();`],
  ])('%s', (_, path, text) => {
    expect(violations(path, text)).toEqual([]);
  });
});

test('a file that cannot be parsed is an error, not a pass', () => {
  expect(() => violations('domain/a.ts', 'import {{')).toThrow('domain/a.ts cannot be parsed');
});
