import type { StrategyId } from '../domain/ids.ts';
import type { Evidence, NoSetup } from '../domain/signal.ts';

/** Makes a strategy's ways of saying nothing: once each, because nearly every bar ends in one. */
export const nothingBy =
  (strategyId: StrategyId) =>
  (because: string): NoSetup =>
    Object.freeze({ kind: 'NO_SETUP', strategyId, because });

/** Makes a strategy's evidence: `nbb` and `touch` give the id `nbb.touch`. */
export const evidenceBy =
  (strategyId: StrategyId) =>
  (name: string, label: string, value: number, unit: string, barTimeMs: number): Evidence => ({
    id: `${strategyId}.${name}`,
    label,
    value,
    unit,
    barTimeMs,
  });
