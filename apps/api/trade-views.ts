/** The journal of trades and the feedback on it, as the server says them. */
import { Schema } from 'effect';

const Text = Schema.String;
const Count = Schema.Finite;
const Instant = Schema.Finite;
const VenueMode = Schema.Literals(['SIMULATION', 'PAPER', 'LIVE']);

export const SlippageView = Schema.Struct({
  /** Above zero it cost something. */
  cost: Text,
  bps: Count,
});

export const ExcursionView = Schema.Struct({
  price: Text,
  /** In multiples of the planned loss; null where nothing was planned. */
  r: Schema.NullOr(Count),
});

export const ExitPartView = Schema.Struct({
  kind: Schema.Literals([
    'STOP',
    'TRAILING_STOP',
    'BREAK_EVEN_STOP',
    'MOVED_STOP',
    'TARGET',
    'CLOSE',
    'KILL_SWITCH',
    'REVERSED',
    'NOT_RECORDED',
  ]),
  /** `target 1 of 2`. */
  words: Text,
  quantity: Text,
});

const TRADE_FIELDS = {
  id: Text,
  venueMode: Schema.NullOr(VenueMode),
  strategyId: Text,
  instrumentId: Text,
  base: Text,
  currency: Text,
  direction: Schema.Literals(['LONG', 'SHORT']),
  timeframe: Schema.NullOr(Text),
  /** Everything that was entered, and what is still held of it. */
  quantity: Text,
  held: Text,
  /** Averages, rounded to the tick. */
  entryPrice: Schema.NullOr(Text),
  exitPrice: Schema.NullOr(Text),
  gross: Text,
  fees: Text,
  /** Of what was closed, every fee included. */
  net: Text,
  /** What the stop would have lost of what was really filled. */
  plannedLoss: Schema.NullOr(Text),
  r: Schema.NullOr(Count),
  entrySlippage: Schema.NullOr(SlippageView),
  exitSlippage: Schema.NullOr(SlippageView),
  exitParts: Schema.Array(ExitPartView),
  adverse: ExcursionView,
  favourable: ExcursionView,
  openedAtMs: Instant,
  /** Null while it goes on. */
  closedAtMs: Schema.NullOr(Instant),
  durationMs: Schema.NullOr(Count),
  bars: Count,
  noteCount: Count,
};

export const TradeView = Schema.Struct(TRADE_FIELDS);
export type TradeView = typeof TradeView.Type;

const EXECUTION_FIELDS = {
  atMs: Instant,
  quantity: Text,
  price: Text,
  /** Where it was meant to happen; null when nobody had said. */
  expected: Schema.NullOr(Text),
  fee: Text,
  orderId: Text,
  fillId: Text,
};

export const TradeDetail = Schema.Struct({
  ...TRADE_FIELDS,
  decisionMode: Schema.NullOr(Schema.Literals(['GUIDE', 'AUTONOMOUS'])),
  plan: Schema.NullOr(
    Schema.Struct({
      cycleId: Text,
      referencePrice: Text,
      quantity: Text,
      stop: Text,
      target: Text,
      lossAtStop: Text,
      rewardToRisk: Text,
      confidence: Count,
      setupId: Text,
      thesis: Text,
      invalidation: Text,
      horizon: Text,
      approvedBy: Schema.NullOr(Text),
      approvedBecause: Schema.NullOr(Text),
    }),
  ),
  evidence: Schema.Array(
    Schema.Struct({ id: Text, label: Text, value: Count, unit: Text, barTimeMs: Instant }),
  ),
  /** What each strategy said of the bar it came from. */
  voices: Schema.Array(Schema.Struct({ strategyId: Text, said: Text, because: Text })),
  entries: Schema.Array(Schema.Struct(EXECUTION_FIELDS)),
  exits: Schema.Array(Schema.Struct({ ...EXECUTION_FIELDS, words: Text })),
  notes: Schema.Array(Schema.Struct({ atMs: Instant, by: Text, text: Text })),
});
export type TradeDetail = typeof TradeDetail.Type;

/** Executions as the journal has them, for whoever keeps accounts. */
export const FillView = Schema.Struct({
  fillId: Text,
  orderId: Text,
  instrumentId: Text,
  strategyId: Text,
  side: Schema.Literals(['BUY', 'SELL']),
  quantity: Text,
  price: Text,
  fee: Text,
  feeInBase: Schema.optionalKey(Text),
  atMs: Instant,
});
export type FillView = typeof FillView.Type;

export const FillsView = Schema.Struct({
  currency: Text,
  fills: Schema.Array(FillView),
  /** The event to go on after; null when this was the end of the journal. */
  next: Schema.NullOr(Count),
});
export type FillsView = typeof FillsView.Type;

export const PerformanceView = Schema.Struct({
  trades: Count,
  wins: Count,
  gained: Text,
  lost: Text,
  losingStreak: Count,
  longestLosingStreak: Count,
  net: Text,
  fees: Text,
  winRate: Schema.NullOr(Count),
  /** Null while nothing was lost. */
  profitFactor: Schema.NullOr(Count),
  expectancy: Schema.NullOr(Text),
  expectancyR: Schema.NullOr(Count),
  averageWin: Schema.NullOr(Text),
  averageLoss: Schema.NullOr(Text),
  largestWin: Schema.NullOr(Text),
  largestLoss: Schema.NullOr(Text),
  averageDurationMs: Schema.NullOr(Count),
});
export type PerformanceView = typeof PerformanceView.Type;

export const FeedbackActionView = Schema.Literals(['REOPTIMISE', 'DISABLE', 'WATCH', 'KEEP']);

export const StrategyFeedbackView = Schema.Struct({
  strategyId: Text,
  /** Why it is switched off; null while it is on. */
  off: Schema.NullOr(Text),
  performance: PerformanceView,
  /** Null while there are not enough trades. */
  recommendation: Schema.NullOr(FeedbackActionView),
  because: Text,
  issues: Schema.Array(
    Schema.Struct({
      code: Text,
      severity: Schema.Literals(['WARNING', 'CRITICAL']),
      sentence: Text,
    }),
  ),
  /** Why it is not compared with the baseline. */
  notCompared: Schema.NullOr(Text),
  lastAnswer: Schema.NullOr(
    Schema.Struct({
      atMs: Instant,
      by: Text,
      recommendation: FeedbackActionView,
      answer: Schema.Literals(['TAKEN', 'SET_ASIDE']),
      because: Text,
    }),
  ),
});
export type StrategyFeedbackView = typeof StrategyFeedbackView.Type;

export const FeedbackView = Schema.Struct({
  /** Only trades of this mode are judged. */
  venueMode: Schema.NullOr(VenueMode),
  currency: Text,
  days: Count,
  untilMs: Instant,
  strategies: Schema.Array(StrategyFeedbackView),
});
export type FeedbackView = typeof FeedbackView.Type;

/** Taken at its word: nothing that is loosened by it. */
const PersonName = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,40}$/));
/** Plain words on one line: nothing that would steer a terminal or turn its reading around. */
const plainText = (most: number) =>
  Schema.String.check(
    Schema.isPattern(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u),
    Schema.isPattern(/\S/),
    Schema.isMaxLength(most),
  );

export const NoteRequest = Schema.Struct({ name: PersonName, note: plainText(1_000) });
export type NoteRequest = typeof NoteRequest.Type;

export const DisableRequest = Schema.Struct({ name: PersonName, reason: plainText(500) });
export type DisableRequest = typeof DisableRequest.Type;

export const AnswerRequest = Schema.Struct({
  name: PersonName,
  reason: plainText(500),
  answer: Schema.Literals(['TAKEN', 'SET_ASIDE']),
  /** What was on the screen. */
  recommendation: FeedbackActionView,
});
export type AnswerRequest = typeof AnswerRequest.Type;

export const DoneResult = Schema.Struct({ sentence: Text });
export type DoneResult = typeof DoneResult.Type;
