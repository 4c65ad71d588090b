/** The shape of what `plimsoll kernel review` reads; what it means is the kernel's to judge. */
import { Schema, SchemaTransformation } from 'effect';
import { formatDecimal, parseDecimal } from '../../../domain/decimal.ts';
import type { ClientOrderId, InstrumentId, OcoGroupId, StrategyId } from '../../../domain/ids.ts';
import type { Amount, Money, Price, Quantity } from '../../../domain/units.ts';

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

const LevelInput = Schema.Struct({ price: PriceText, quantity: QuantityText });

const TrailInput = Schema.Struct({
  distance: Schema.Union([
    Schema.Struct({ bps: Schema.Finite }),
    Schema.Struct({ atrTenths: Schema.Finite, atrBars: Schema.Finite }),
  ]),
  armed: Schema.Union([
    Schema.Literal('AT_ENTRY'),
    Schema.Struct({ gainBps: Schema.Finite }),
    Schema.Struct({ targetsFilled: Schema.Finite }),
  ]),
});

const ManagementInput = Schema.Struct({
  partialTargets: Schema.optionalKey(Schema.Array(LevelInput)),
  trail: Schema.optionalKey(TrailInput),
  breakEven: Schema.optionalKey(Schema.Boolean),
  closeAfterMs: Schema.optionalKey(Schema.Finite),
  closeAtMs: Schema.optionalKey(Schema.Finite),
  closeOnSignal: Schema.optionalKey(Schema.Boolean),
  adds: Schema.optionalKey(Schema.Array(LevelInput)),
});

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
  management: Schema.optionalKey(ManagementInput),
  addTo: Schema.optionalKey(OrderName),
  postOnly: Schema.optionalKey(Schema.Boolean),
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
  addTo: Schema.NullOr(OrderName),
});

const LadderInput = Schema.Struct({
  entryId: OrderName,
  instrumentId: InstrumentName,
  strategyId: StrategyName,
  side: SideWord,
  protectiveStop: PriceText,
  adds: Schema.Array(Schema.Struct({ orderId: OrderName, ...LevelInput.fields })),
});

const LockInput = Schema.Struct({
  instrumentId: InstrumentName,
  side: Schema.Literals(['BUY', 'SELL', 'BOTH']),
  code: Schema.Literals(['INSTRUMENT_HALTED', 'ORDER_UNRESOLVED', 'ORDER_SUSPECT']),
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
  ladders: Schema.Array(LadderInput),
  locks: Schema.Array(LockInput),
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

export const Input = Schema.Struct({
  command: Schema.Struct({ order: OrderInput, instrument: InstrumentInput, nowMs: Schema.Finite }),
  snapshot: SnapshotInput,
});
