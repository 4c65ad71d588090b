/** An account that falls from its peak by as many basis points as a test wants, one day at a time. */
import { DAY_MS, utcDay } from '../../domain/clock.ts';
import { ETH } from '../../domain/testing/samples.ts';
import { type Desk, openDesk } from './desk.ts';

/**
 * An account of 10,000 whose fall is what the price of one ETH makes it: every dollar below 2,000 is a
 * basis point of the peak. BTC stays at 50,000.
 */
export async function invested(): Promise<Desk> {
  const desk = await openDesk();
  desk.mark('900', ETH);
  const coin = { instrumentId: ETH.id, quantity: '1', referencePrice: '900', notional: '900' };
  await desk.enter('P0', '2000', { ...coin, stop: '880', target: '960', lossAtStop: '20' });
  await fallTo(desk, 0);
  return desk;
}

/** A bar closes at this fall from the peak, and is looked at. */
export async function fallTo(desk: Desk, bps: number): Promise<void> {
  await desk.bar(`${2_000 - bps}`, undefined, undefined, ETH);
  desk.mark('50000');
}

/** The next day opens with the account as it stands. */
export function overnight(desk: Desk): void {
  desk.clock.advanceTo((utcDay(desk.clock.now()) + 1) * DAY_MS);
  desk.mark('50000');
}

/** Each fall on a day of its own, because no day may lose five percent. */
export async function fallen(...falls: readonly number[]): Promise<Desk> {
  const desk = await invested();
  for (const bps of falls) {
    overnight(desk);
    await fallTo(desk, bps);
  }
  return desk;
}
