import type { AssetClass } from '../domain/instrument.ts';

/** What trading costs in the simulation, in basis points of price or notional. */
export interface Costs {
  /** Fee of every fill, in quote currency. */
  readonly feeBps: number;
  /** Between bid and ask; a taker pays half of it. */
  readonly spreadBps: number;
  /** Most that a market or stop order slips beyond the spread; drawn uniformly, always adverse. */
  readonly slippageBpsMax: number;
}

/** Typical retail costs per asset class. They ignore volume tiers, funding and market impact. */
const COSTS: Readonly<Record<AssetClass, Costs>> = {
  CRYPTO: { feeBps: 10, spreadBps: 2, slippageBpsMax: 3 },
  FX: { feeBps: 1, spreadBps: 1, slippageBpsMax: 1 },
  METAL: { feeBps: 1, spreadBps: 2, slippageBpsMax: 2 },
  EQUITY: { feeBps: 1, spreadBps: 2, slippageBpsMax: 3 },
};

export const costsOf = (assetClass: AssetClass): Costs => COSTS[assetClass];
