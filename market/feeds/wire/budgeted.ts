import { ProviderFault } from '../provider.ts';
import type { RequestBudget } from '../budget/request-budget.ts';

/** Makes a request when it may be made; when the provider says "wait", everybody who shares the budget does. */
export function budgeted<T>(
  budget: RequestBudget,
  request: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const obedient = async (): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof ProviderFault && error.retryAfterMs !== undefined) {
        await budget.pause(error.retryAfterMs);
      }
      throw error;
    }
  };
  return budget.spend(obedient, signal);
}
