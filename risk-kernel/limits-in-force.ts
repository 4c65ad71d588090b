/**
 * The limits this process runs under: the constants, or something tighter. A profile or a settings file
 * can only tighten; what would loosen, or is not a limit at all, is refused with the name of the key.
 */
import {
  assertLimits,
  hashLimits,
  LIMIT_NAMES,
  type LimitName,
  type Limits,
  LIMITS,
  ORDERED,
} from './limits.ts';

declare const inForce: unique symbol;

/** Made only by `tighten`, so that nobody can hand the kernel limits of their own. */
export interface LimitsInForce {
  readonly [inForce]: true;
  readonly limits: Limits;
  /** SHA-256 of `limits`, carried by every decision. */
  readonly hash: string;
  /** The limits on each rung of the drawdown ladder; on rung 0 they are `limits`. */
  readonly onRung: readonly Limits[];
}

/** A setting that is no limit, is not a number, or would loosen one. */
export class LimitRefused extends Error {
  override readonly name = 'LimitRefused';
}

const made = new WeakSet<object>();

export const isInForce = (limits: unknown): limits is LimitsInForce => made.has(limits as object);

/** A `Max` tightens downward, a `Min` upward. */
export const isTighter = (name: LimitName, value: number, than: number): boolean =>
  name.endsWith('Min') ? value >= than : value <= than;

/**
 * The constants with some of them tightened; `tighten({})` is the constants themselves. A limit that
 * another may not exceed takes that other along: a day of 1 % leaves no trade with 2 %.
 *
 * @throws LimitRefused naming the key.
 */
export function tighten(settings: Readonly<Record<string, unknown>>): LimitsInForce {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new LimitRefused('limits are an object of names and numbers, such as {"leverageMax": 2}');
  }
  const limits = { ...LIMITS };
  for (const [key, value] of Object.entries(settings)) {
    if (!isLimitName(key)) {
      throw new LimitRefused(`"${key}" is not a limit; "plimsoll kernel limits" lists them`);
    }
    if (!isPositiveNumber(value)) {
      throw new LimitRefused(`${key} must be a number above 0, found ${JSON.stringify(value)}`);
    }
    if (!isTighter(key, value, LIMITS[key])) {
      const side = key.endsWith('Min') ? 'at least' : 'at most';
      throw new LimitRefused(
        `${key} would be loosened to ${value}; it may be ${side} ${LIMITS[key]}`,
      );
    }
    limits[key] = value;
  }
  return seal(followed(limits));
}

const isPositiveNumber = (value: unknown): value is number =>
  Number.isFinite(value) && (value as number) > 0;

const isLimitName = (key: string): key is LimitName =>
  (LIMIT_NAMES as readonly string[]).includes(key);

/** Every limit that may not exceed a tightened one, lowered to it. */
function followed(limits: Record<LimitName, number>): Limits {
  // A chain of relations settles in at most as many passes as it has links.
  for (const _ of ORDERED) {
    for (const [smaller, larger] of ORDERED)
      limits[smaller] = Math.min(limits[smaller], limits[larger]);
  }
  const beside = Math.max(1, limits.positionsOpenMax - 1);
  limits.correlatedPositionsMax = Math.min(limits.correlatedPositionsMax, beside);
  return limits;
}

function seal(limits: Limits): LimitsInForce {
  try {
    assertLimits(limits);
  } catch (error) {
    throw new LimitRefused(error instanceof Error ? error.message : String(error));
  }
  const frozen = Object.freeze(limits);
  const sealed = Object.freeze({
    limits: frozen,
    hash: hashLimits(frozen),
    onRung: Object.freeze([
      frozen,
      atHalfSize(frozen),
      atQuarterSize(frozen),
      atQuarterSize(frozen),
      atQuarterSize(frozen),
    ]),
  }) as unknown as LimitsInForce;
  made.add(sealed);
  return sealed;
}

const atHalfSize = (limits: Limits): Limits =>
  shrunk(limits, limits.halfSizeBpsMax, limits.entriesPerHourHalfSizeMax);
const atQuarterSize = (limits: Limits): Limits =>
  shrunk(limits, limits.quarterSizeBpsMax, limits.entriesPerHourQuarterSizeMax);

function shrunk(limits: Limits, sizeBps: number, entriesPerHourMax: number): Limits {
  const part = (whole: number): number => Math.floor((whole * sizeBps) / 10_000);
  return Object.freeze({
    ...limits,
    riskPerTradeBpsMax: part(limits.riskPerTradeBpsMax),
    positionSizeBpsMax: part(limits.positionSizeBpsMax),
    entriesPerHourMax,
  });
}

/** The constants themselves: what everything runs under unless it was told to be more careful. */
export const STANDARD: LimitsInForce = tighten({});

export const LIMITS_HASH: string = STANDARD.hash;

/** Which limits are tighter than the constants, for the record and the screen. */
export const tightenedBy = ({ limits }: LimitsInForce): Readonly<Record<string, number>> =>
  Object.fromEntries(
    LIMIT_NAMES.filter((name) => limits[name] !== LIMITS[name]).map((name) => [name, limits[name]]),
  );

/** Sets of tighter limits with a name; the first is the constants. */
export const PROFILES = Object.freeze({
  standard: Object.freeze({}),
  careful: Object.freeze({
    riskPerTradeBpsMax: 100,
    positionSizeBpsMax: 500,
    positionsOpenMax: 5,
    entriesPerDayMax: 10,
    entriesPerHourMax: 3,
    dailyLossBpsMax: 300,
  }),
  minimal: Object.freeze({
    riskPerTradeBpsMax: 25,
    positionSizeBpsMax: 200,
    positionsOpenMax: 2,
    entriesPerDayMax: 3,
    entriesPerHourMax: 1,
    dailyLossBpsMax: 100,
    grossExposureBpsMax: 1_000,
  }),
} satisfies Record<string, Readonly<Partial<Limits>>>);

export type ProfileName = keyof typeof PROFILES;
