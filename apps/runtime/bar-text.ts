import type { Candle } from '../../domain/candle.ts';
import type { BarText } from '../../domain/event.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { priceFromNumber, text } from '../../domain/units.ts';

/** A feed's bar as it is recorded: prices rounded to the instrument's tick. */
export function barText(candle: Candle, instrument: Instrument): BarText {
  const onTick = (value: number): string => text(priceFromNumber(value, instrument.tick));
  return {
    openTimeMs: candle.openTimeMs,
    open: onTick(candle.open),
    high: onTick(candle.high),
    low: onTick(candle.low),
    close: onTick(candle.close),
    volume: String(candle.volume),
  };
}

/** The recorded bar as strategies read it: the same whether it just closed or is replayed at a start. */
export const candleFromText = (bar: BarText): Candle => ({
  openTimeMs: bar.openTimeMs,
  open: Number(bar.open),
  high: Number(bar.high),
  low: Number(bar.low),
  close: Number(bar.close),
  volume: Number(bar.volume),
});
