import { type Candle, type Timeframe, TIMEFRAME_MS } from '../../../domain/candle.ts';
import {
  BadField,
  believable,
  type Fields,
  fieldsOf,
  listOf,
  numeralOf,
  textOf,
  wholeOf,
} from '../wire/fields.ts';
import { INTERVALS } from './names.ts';

const DATE = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/;

/**
 * The bars of an answer to /time_series that was asked for in UTC and oldest first. The answer says which
 * symbol and interval it is about, and one about another is refused: it would be read as this one's.
 */
export function candlesOf(
  body: Fields,
  asked: { readonly symbol: string; readonly timeframe: Timeframe },
): readonly Candle[] {
  const meta = fieldsOf(body.values['meta'], 'meta');
  isWhatWasAsked(meta, 'symbol', asked.symbol);
  isWhatWasAsked(meta, 'interval', INTERVALS[asked.timeframe]);
  return believable(
    listOf(body, 'values').map((value, i) => candleOf(fieldsOf(value, `values[${i}]`))),
    'values',
  );
}

/** The open of the first bar that there is, from an answer to /earliest_timestamp. */
export function earliestMsOf(body: Fields, timeframe: Timeframe): number {
  const spanMs = TIMEFRAME_MS[timeframe];
  return Math.floor((wholeOf(body, 'unix_time') * 1_000) / spanMs) * spanMs;
}

/** As TwelveData writes an instant, in whole seconds of UTC. */
export const writtenTime = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

function candleOf(bar: Fields): Candle {
  return {
    openTimeMs: openTimeMsOf(bar),
    open: numeralOf(bar, 'open'),
    high: numeralOf(bar, 'high'),
    low: numeralOf(bar, 'low'),
    close: numeralOf(bar, 'close'),
    // Currencies, metals and coins have none.
    volume: bar.values['volume'] === undefined ? 0 : numeralOf(bar, 'volume'),
  };
}

/** A daily bar has a date alone: that of its session, which ours carry at 00:00 UTC. */
function openTimeMsOf(bar: Fields): number {
  const written = textOf(bar, 'datetime');
  const [, date, time = '00:00:00'] = DATE.exec(written) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  // The calendar rolls a 30th of February over to March without a word.
  if (Number.isNaN(ms) || writtenTime(ms) !== `${date} ${time}`) {
    throw new BadField(
      `${bar.at}.datetime`,
      written,
      'a date as 2026-01-31 or 2026-01-31 15:30:00',
    );
  }
  return ms;
}

function isWhatWasAsked(meta: Fields, name: string, asked: string): void {
  const found = textOf(meta, name);
  if (found !== asked) throw new BadField(`${meta.at}.${name}`, found, `"${asked}", as asked`);
}
