/** What `plimsoll kernel review` reads: a command and a snapshot as JSON, amounts as decimal text. */
import { Result, Schema, SchemaIssue, SchemaTransformation } from 'effect';
import { formatDecimal, parseDecimal } from '../../../domain/decimal.ts';
import type { ClientOrderId, InstrumentId, OcoGroupId, StrategyId } from '../../../domain/ids.ts';
import type { Amount, Money, Price, Quantity } from '../../../domain/units.ts';
import type { Command } from '../../../risk-kernel/command.ts';
import type { RiskSnapshot } from '../../../risk-kernel/snapshot.ts';
import { BadInput } from '../errors.ts';

export interface ReviewInput {
  readonly command: Command;
  readonly snapshot: RiskSnapshot;
}

/** The texts that `parseDecimal` takes. */
const DECIMAL = /^-?\d{1,26}(\.\d{1,12}0*)?$/;
const EXPECTED_DECIMAL = 'decimal text such as "12.5", with at most 12 places';

const DecimalText = Schema.String.annotate({ message: `Expected ${EXPECTED_DECIMAL}` }).check(
  Schema.isPattern(DECIMAL, { expected: EXPECTED_DECIMAL }),
);

/** Exact in the program, text outside; a JSON number would have lost digits before anybody looked. */
const amount = <Unit extends Amount>() =>
  DecimalText.pipe(
    Schema.decodeTo(
      Schema.BigInt.pipe(
        Schema.refine((value: bigint): value is Unit => typeof value === 'bigint'),
      ),
      SchemaTransformation.transform({ decode: parseDecimal, encode: formatDecimal }),
    ),
  );
const PriceText = amount<Price>();
const QuantityText = amount<Quantity>();
const MoneyText = amount<Money>();

/** Any text: whether it is a name is the kernel's to judge. */
const name = <Id extends string>() =>
  Schema.String.pipe(Schema.refine((value: string): value is Id => typeof value === 'string'));
const InstrumentName = name<InstrumentId>();
const StrategyName = name<StrategyId>();
const OrderName = name<ClientOrderId>();
const GroupName = name<OcoGroupId>();

const SideWord = Schema.Literals(['BUY', 'SELL']);
const AssetClassWord = Schema.Literals(['CRYPTO', 'FX', 'METAL', 'EQUITY']);

const OrderInput = Schema.Struct({
  id: OrderName,
  instrumentId: InstrumentName,
  strategyId: StrategyName,
  role: Schema.Literals(['ENTRY', 'STOP', 'TARGET', 'EXIT']),
  side: SideWord,
  type: Schema.Literals(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']),
  quantity: QuantityText,
  limitPrice: Schema.optionalKey(PriceText),
  stopPrice: Schema.optionalKey(PriceText),
  timeInForce: Schema.Literals(['GTC', 'IOC', 'FOK', 'DAY']),
  reduceOnly: Schema.Boolean,
  ocoGroupId: Schema.optionalKey(GroupName),
  protectiveStop: Schema.optionalKey(PriceText),
  target: Schema.optionalKey(PriceText),
  trailBps: Schema.optionalKey(Schema.Finite),
});

const InstrumentInput = Schema.Struct({
  id: InstrumentName,
  base: Schema.String,
  quote: Schema.String,
  assetClass: AssetClassWord,
  tick: PriceText,
  lot: QuantityText,
  minNotional: MoneyText,
  unitsPerStandardLot: QuantityText,
});

const ExposureInput = Schema.Struct({
  instrumentId: InstrumentName,
  strategyId: StrategyName,
  assetClass: AssetClassWord,
  direction: Schema.Literals(['LONG', 'SHORT']),
  notional: MoneyText,
  risk: MoneyText,
  correlation: Schema.NullOr(Schema.Finite),
});

const SnapshotInput = Schema.Struct({
  seq: Schema.Finite,
  asOfMs: Schema.Finite,
  tradingState: Schema.Literals(['ACTIVE', 'REDUCING', 'HALTED']),
  emergency: Schema.Boolean,
  auditIntact: Schema.Boolean,
  reconciled: Schema.Boolean,
  permitted: Schema.Array(InstrumentName),
  currency: Schema.String,
  equity: MoneyText,
  peakEquity: MoneyText,
  dayOpenEquity: MoneyText,
  rung: Schema.Literals([0, 1, 2, 3, 4]),
  positions: Schema.Array(Schema.Struct({ ...ExposureInput.fields, quantity: QuantityText })),
  holds: Schema.Array(ExposureInput),
  exits: Schema.Array(
    Schema.Struct({
      orderId: OrderName,
      instrumentId: InstrumentName,
      strategyId: StrategyName,
      side: SideWord,
      quantity: QuantityText,
      limitPrice: Schema.NullOr(PriceText),
      ocoGroupId: Schema.NullOr(GroupName),
    }),
  ),
  recentEntries: Schema.Array(
    Schema.Struct({
      instrumentId: InstrumentName,
      side: SideWord,
      quantity: QuantityText,
      notional: MoneyText,
      atMs: Schema.Finite,
    }),
  ),
  messagesLastMinute: Schema.Finite,
  strategies: Schema.Array(
    Schema.Struct({
      id: StrategyName,
      enabled: Schema.Boolean,
      lossStreak: Schema.Finite,
      dayResult: MoneyText,
    }),
  ),
  mark: Schema.NullOr(Schema.Struct({ price: PriceText, atMs: Schema.Finite })),
  orderKnown: Schema.Boolean,
});

const Input = Schema.Struct({
  command: Schema.Struct({ order: OrderInput, instrument: InstrumentInput, nowMs: Schema.Finite }),
  snapshot: SnapshotInput,
});

const decode = Schema.decodeUnknownResult(Input, { errors: 'all', onExcessProperty: 'error' });
const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1();

/** @throws BadInput naming the field, what was found there and what would be right. */
export function readReviewInput(json: string, source: string): ReviewInput {
  if (json.trim() === '') throw new BadInput(`${source} is empty; "--example" prints an input`);
  const value = parseJson(json, source);
  const decoded = decode(value);
  if (Result.isSuccess(decoded)) return decoded.success;
  const { issues } = issuesOf(decoded.failure.issue);
  const [first] = issues;
  const path = (first?.path ?? []) as readonly (string | number)[];
  const others = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  throw new BadInput(`${source}: ${faultAt(path, value, first?.message ?? '')}${others}`);
}

/** The same input as JSON, for people to begin from. */
export const writeReviewInput = (input: ReviewInput): string =>
  JSON.stringify(Schema.encodeSync(Input)(input), null, 2);

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new BadInput(`${source} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function faultAt(path: readonly (string | number)[], input: unknown, message: string): string {
  const field = path.length === 0 ? 'the input' : pathText(path);
  if (message === 'Missing key') return `${field} is missing; "--example" shows every field`;
  if (message === 'Expected no excess property')
    return `${field} is not a field; "--example" shows every field`;
  return `${field} must be ${rightFor(message)}, found ${shown(valueAt(path, input))}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};
const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** `Expected object | null` for people: `an object or null`. */
const rightFor = (message: string): string =>
  either.format(
    message
      .replace(/^Expected /, '')
      .split(' | ')
      .map((word) => WORDS[word] ?? word),
  );

/** As people write it: `snapshot.positions[0].notional`. */
const pathText = (path: readonly (string | number)[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join('');

const valueAt = (path: readonly (string | number)[], input: unknown): unknown =>
  path.reduce<unknown>(
    (value, part) => (value as Readonly<Record<string | number, unknown>>)[part],
    input,
  );

const SHOWN_CHARS_MAX = 60;

function shown(value: unknown): string {
  // A number past the largest is read as infinity, which JSON would show as null.
  const json = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return json.length > SHOWN_CHARS_MAX ? `${json.slice(0, SHOWN_CHARS_MAX)}…` : json;
}
