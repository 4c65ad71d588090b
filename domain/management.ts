import { type DecimalText, type Price, price, type Quantity, quantity, text } from './units.ts';

/** A price to trade at, and how much there. */
export interface Level {
  readonly price: Price;
  readonly quantity: Quantity;
}

export interface Trail {
  /** Behind the best price since the entry: a share of it, or tenths of the average true range of so many bars. */
  readonly distance:
    { readonly bps: number } | { readonly atrTenths: number; readonly atrBars: number };
  /** From when on: once it would lock in the entry price, at a gain, or when so many targets have filled. */
  readonly armed: 'AT_ENTRY' | { readonly gainBps: number } | { readonly targetsFilled: number };
}

/**
 * How a position is looked after once it is open. It is decided with the entry and reviewed, approved
 * and recorded as a part of it, so that nothing is done to the position later that nobody agreed to.
 */
export interface Management {
  /** Parts taken off at nearer prices, nearest first; the target takes what is left. */
  readonly partialTargets?: readonly Level[];
  readonly trail?: Trail;
  /** The first partial target that fills moves the stop to the entry price, each further one to the target before it. */
  readonly breakEven?: boolean;
  /** Closed at the market when it has been open for so long. */
  readonly closeAfterMs?: number;
  /** Closed at the market at this instant: the end of a session, less the time that takes. */
  readonly closeAtMs?: number;
  /** Closed at the market when the strategy that opened it says that its rule is over. */
  readonly closeOnSignal?: boolean;
  /** Resting orders that add at better prices, nearest first. All of them are reserved from the start. */
  readonly adds?: readonly Level[];
}

export interface LevelText {
  readonly price: DecimalText;
  readonly quantity: DecimalText;
}

/** Management as recorded: the same fields, amounts as text. */
export interface ManagementText extends Omit<Management, 'partialTargets' | 'adds'> {
  readonly partialTargets?: readonly LevelText[];
  readonly adds?: readonly LevelText[];
}

const levelText = (level: Level): LevelText => ({
  price: text(level.price),
  quantity: text(level.quantity),
});

const levelFromText = (level: LevelText): Level => ({
  price: price(level.price),
  quantity: quantity(level.quantity),
});

export function managementToText({ partialTargets, adds, ...rest }: Management): ManagementText {
  return {
    ...rest,
    ...(partialTargets === undefined ? {} : { partialTargets: partialTargets.map(levelText) }),
    ...(adds === undefined ? {} : { adds: adds.map(levelText) }),
  };
}

export function managementFromText({ partialTargets, adds, ...rest }: ManagementText): Management {
  return {
    ...rest,
    ...(partialTargets === undefined ? {} : { partialTargets: partialTargets.map(levelFromText) }),
    ...(adds === undefined ? {} : { adds: adds.map(levelFromText) }),
  };
}

/** Follows the best price at a share of it, from where it would lock in the entry price. */
export const trailBy = (bps: number): { readonly trail: Trail } => ({
  trail: { distance: { bps }, armed: 'AT_ENTRY' },
});
