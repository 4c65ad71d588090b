/** One process that spends a shared budget with requests that take no time. */
import { hastyOutside } from '../../../../tests/support/hasty-outside.ts';
import { sharedBudget } from '../request-budget.ts';

export interface SpenderOptions {
  readonly path: string;
  readonly requests: number;
}

const { path, requests } = JSON.parse(process.argv[2] ?? '') as SpenderOptions;
const budget = sharedBudget({ path, outside: hastyOutside(), requestsMax: 10_000 });
for (let i = 0; i < requests; i++) {
  await budget.spend(() => Promise.resolve(), new AbortController().signal);
}
