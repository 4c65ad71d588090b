import type { Instrument } from '../../domain/instrument.ts';
import { type EconomicEvent, type Impact, IMPACTS } from './economic-event.ts';

export interface BlackoutRule {
  /** No entries from so long before an event … */
  readonly beforeMs: number;
  /** … until so long after it. */
  readonly afterMs: number;
  /** The least impact that counts. */
  readonly impact: Impact;
}

/** A stretch of time, [fromMs, toMs), around one event or several whose stretches touch. */
export interface Blackout {
  readonly fromMs: number;
  readonly toMs: number;
  /** Earliest first. */
  readonly events: readonly EconomicEvent[];
}

/** Coins that stand for a currency; its news is theirs. */
const PEGGED: Readonly<Record<string, string>> = {
  USDT: 'USD',
  USDC: 'USD',
  DAI: 'USD',
  FDUSD: 'USD',
  TUSD: 'USD',
  EURC: 'EUR',
};

/** The currencies whose news moves an instrument: both of a pair, and what shares and coins are paid in. */
export function currenciesOf({ assetClass, base, quote }: Instrument): readonly string[] {
  const paidIn = PEGGED[quote] ?? quote;
  return assetClass === 'FX' || assetClass === 'METAL' ? [base, paidIn] : [paidIn];
}

/** When an instrument is not entered because of news; windows that touch are one. */
export function blackouts(
  events: readonly EconomicEvent[],
  instrument: Instrument,
  rule: BlackoutRule,
): BlackoutCalendar {
  for (const name of ['beforeMs', 'afterMs'] as const) {
    if (!Number.isSafeInteger(rule[name]) || rule[name] < 0)
      throw new Error(`${name} ${rule[name]} must be whole milliseconds, zero or more`);
  }
  const currencies = currenciesOf(instrument);
  const weight = IMPACTS.indexOf(rule.impact);
  const relevant = events
    .filter(
      ({ currency, impact }) => currencies.includes(currency) && IMPACTS.indexOf(impact) >= weight,
    )
    .sort((a, b) => a.atMs - b.atMs);
  return new BlackoutCalendar(merged(relevant, rule), rule);
}

function merged(events: readonly EconomicEvent[], rule: BlackoutRule): readonly Blackout[] {
  const windows: Blackout[] = [];
  for (const event of events) {
    const fromMs = event.atMs - rule.beforeMs;
    const toMs = event.atMs + rule.afterMs;
    const last = windows.at(-1);
    if (last === undefined || last.toMs < fromMs) windows.push({ fromMs, toMs, events: [event] });
    else windows[windows.length - 1] = { ...last, toMs, events: [...last.events, event] };
  }
  return windows;
}

/** Windows in order of time, none touching another. */
export class BlackoutCalendar {
  readonly windows: readonly Blackout[];
  readonly #rule: BlackoutRule;

  constructor(windows: readonly Blackout[], rule: BlackoutRule) {
    this.windows = windows;
    this.#rule = rule;
  }

  /** The nearest of the events that forbid an entry at an instant. */
  eventAt(ms: number): EconomicEvent | undefined {
    const { beforeMs, afterMs } = this.#rule;
    const [nearest] = (this.windowAt(ms)?.events ?? [])
      .filter(({ atMs }) => ms >= atMs - beforeMs && ms < atMs + afterMs)
      .sort((a, b) => Math.abs(a.atMs - ms) - Math.abs(b.atMs - ms));
    return nearest;
  }

  windowAt(ms: number): Blackout | undefined {
    // The first window that has not ended is the only one that may have begun.
    let low = 0;
    let high = this.windows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.windows[middle]!.toMs <= ms) low = middle + 1;
      else high = middle;
    }
    const window = this.windows[low];
    return window !== undefined && window.fromMs <= ms ? window : undefined;
  }
}
