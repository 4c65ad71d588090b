import type { AssetClass, Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import { add, basisPoints, larger, type Price, subtract, toTick } from '../domain/units.ts';

/** What trading costs in the simulation, in basis points of price or notional. */
export interface Costs {
  /** Fee of every fill, in quote currency. */
  readonly feeBps: number;
  /** Between bid and ask; a taker pays half of it. */
  readonly spreadBps: number;
  /** Most that a market or stop order slips beyond the spread; drawn uniformly, always adverse. */
  readonly slippageBpsMax: number;
}

/** Typical retail costs per asset class. They ignore volume tiers, maker rebates, funding and market impact. */
export const RETAIL_COSTS: Readonly<Record<AssetClass, Costs>> = {
  CRYPTO: { feeBps: 10, spreadBps: 2, slippageBpsMax: 3 },
  FX: { feeBps: 1, spreadBps: 1, slippageBpsMax: 1 },
  METAL: { feeBps: 1, spreadBps: 2, slippageBpsMax: 2 },
  EQUITY: { feeBps: 1, spreadBps: 2, slippageBpsMax: 3 },
};

/** The price a taker gets: half the spread and a share from 0 to 1 of the slippage worse, to the next tick. */
export function takenAt(
  side: Side,
  at: Price,
  { spreadBps, slippageBpsMax }: Costs,
  share: number,
  { tick }: Instrument,
): Price {
  const thousandths = Math.floor(share * (slippageBpsMax * 1_000 + 1));
  return worse(side, at, spreadBps * 500 + thousandths, tick);
}

/** The far side of the spread around a traded price: what an order must reach to trade at once. */
export const quoted = (side: Side, last: Price, costs: Costs, instrument: Instrument): Price =>
  takenAt(side, last, costs, 0, instrument);

function worse(side: Side, at: Price, milliBps: number, tick: Price): Price {
  const slip = basisPoints(at, milliBps, 'up');
  const away = toTick((slip / 1_000n) as Price, tick, 'up');
  return side === 'BUY' ? add(at, away) : larger(subtract(at, away), tick);
}
