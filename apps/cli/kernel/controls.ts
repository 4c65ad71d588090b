/**
 * What regulators and the trade ask of anybody who sends orders, where it is kept in this house, and the
 * tests that prove it. Rules: SEC 15c3-5; EU RTS 6 (2017/589); the guides of the FIA.
 */
import type { ReasonCode } from '../../../domain/reason-code.ts';
import { fires, type Proof, proof, trips } from './proofs.ts';

export interface Control {
  readonly name: string;
  readonly rule: string;
  /** Files and folders, from the top of the house. */
  readonly where: readonly string[];
  readonly codes: readonly ReasonCode[];
  readonly proofs: readonly Proof[];
}

const REVIEW = 'risk-kernel/review.ts';
const CHECKS = 'risk-kernel/checks/';
const TOGETHER = proof(
  'risk-kernel/interleaved.property.test.ts',
  'however many reviews follow each other, together they exceed no limit',
);

/** A control whose every code has its case in the table of the kernel's review. */
const checked = (
  name: string,
  rule: string,
  where: readonly string[],
  codes: readonly ReasonCode[],
  further: readonly Proof[] = [],
): Control => ({ name, rule, where, codes, proofs: [...codes.map(fires), ...further] });

export const CONTROLS: readonly Control[] = [
  {
    name: 'No order reaches a venue unfiltered, and nobody but us controls the filter',
    rule: '15c3-5(d)',
    where: [REVIEW, 'execution/engine.ts', 'tests/architecture/house.ts'],
    codes: ['CLEARANCE_INVALID', 'APPROVAL_MISSING'],
    proofs: [
      proof(
        'tests/architecture/boundaries.test.ts',
        'this repository > keeps to its floors and doors',
      ),
      proof(
        'tests/architecture/boundaries.test.ts',
        'the kernel’s permission has no door but review and redeem',
      ),
      proof(
        'risk-kernel/clearance.test.ts',
        'a cleared order > is the object that was redeemed and no copy of it',
      ),
      proof(
        'simulation/simulated-venue.test.ts',
        'the door > is shut to an order that was never redeemed, and to a copy of one that was',
      ),
      proof(
        'execution/engine.test.ts',
        'without a valid approval the venue never hears of an order > when there is none',
      ),
    ],
  },
  checked(
    'Capital and exposure within thresholds set beforehand, everything on its way included',
    '15c3-5(c)(1)(i)',
    [`${CHECKS}size.ts`, 'risk-kernel/load.ts'],
    [
      'BUYING_POWER_INSUFFICIENT',
      'GROSS_EXPOSURE_EXCEEDS_MAXIMUM',
      'LEVERAGE_EXCEEDS_MAXIMUM',
      'CONCENTRATION_EXCEEDS_MAXIMUM',
    ],
    [
      TOGETHER,
      proof(
        'execution/engine.test.ts',
        'the kernel is asked again at the send > so two approved at once do not both fit where there is room for one',
      ),
    ],
  ),
  checked(
    'No order with a price or a size that must be a mistake, alone or over an hour',
    '15c3-5(c)(1)(ii); RTS 6 Art. 15',
    [`${CHECKS}price.ts`, `${CHECKS}size.ts`],
    [
      'PRICE_OUTSIDE_COLLAR',
      'NOTIONAL_EXCEEDS_MAXIMUM',
      'LOTS_EXCEED_MAXIMUM',
      'TURNOVER_EXCEEDS_MAXIMUM',
      'MARKET_DATA_STALE',
    ],
  ),
  checked(
    'No order twice',
    '15c3-5(c)(1)(ii); RTS 6 Art. 15',
    [`${CHECKS}integrity.ts`, `${CHECKS}entry-rate.ts`],
    ['COMMAND_DUPLICATE', 'REPEATED_EXECUTION'],
    [
      proof(
        'execution/engine.test.ts',
        'an intent > is claimed once by two who execute at the same moment, and never again',
      ),
    ],
  ),
  checked(
    'Only instruments that are permitted',
    '15c3-5(c)(2)(ii); RTS 6 Art. 15',
    [`${CHECKS}integrity.ts`],
    ['INSTRUMENT_NOT_PERMITTED'],
  ),
  {
    name: 'Only persons who are authorised loosen anything, one step at a time',
    rule: '15c3-5(c)(2)(iii)',
    where: ['coordination/operators.ts', 'risk-kernel/loosening.ts', 'execution/loosening.ts'],
    codes: ['STATE_NOT_LOOSER', 'PEAK_NOT_FLAT'],
    proofs: [
      proof('coordination/operators.test.ts', 'a confirmation > is good for one act'),
      proof('coordination/operators.test.ts', 'confirming > gives the person whose password it is'),
      proof(
        'risk-kernel/loosening.test.ts',
        'looser goes from HALTED to REDUCING to ACTIVE and no further',
      ),
      proof('risk-kernel/loosening.test.ts', 'PEAK_NOT_FLAT > fires while anything is open'),
    ],
  },
  {
    name: 'Every execution known at once, and the venue’s record compared with ours',
    rule: '15c3-5(c)(2)(iv); RTS 6 Art. 17',
    where: ['execution/write-ahead.ts', 'execution/reconciler.ts', 'execution/resolver.ts'],
    codes: ['RECONCILIATION_PENDING', 'VENUE_MISMATCH', 'ORDER_UNRESOLVED', 'AUDIT_CHAIN_BROKEN'],
    proofs: [
      fires('RECONCILIATION_PENDING'),
      fires('AUDIT_CHAIN_BROKEN'),
      proof(
        'execution/invariants.test.ts',
        '1: nothing is sent without a durable intent and a permission bound to exactly that order > whatever the venue hears was durable, cleared, and hashed before',
      ),
      proof(
        'execution/invariants.test.ts',
        '2: one live attempt for an intent, and no id is ever used again > after UNKNOWN, a restart and every retry',
      ),
      proof(
        'execution/invariants.test.ts',
        '3: a position is the sum of its fills, and is compared with the venue’s > a difference is never put right by hand: it stops new risk and calls a person',
      ),
      proof(
        'execution/invariants.test.ts',
        '9: ledger and venue are compared before the first order after a start > and while that fails nothing is opened',
      ),
    ],
  },
  checked(
    'Trading stops when it must, and what reduces is never stopped',
    'RTS 6 Art. 12; FIA',
    ['risk-kernel/breakers.ts', `${CHECKS}halts.ts`, 'execution/risk-watch.ts'],
    ['EMERGENCY_ACTIVE', 'TRADING_HALTED', 'TRADING_REDUCING'],
    [
      trips('DRAWDOWN_EXCEEDS_MAXIMUM'),
      trips('DAILY_LOSS_EXCEEDS_MAXIMUM'),
      proof(
        'execution/risk-watch.test.ts',
        'an entry that rests at the venue > is canceled by DRAWDOWN_EXCEEDS_MAXIMUM, and exits are left alone',
      ),
      proof(
        'risk-kernel/exits.property.test.ts',
        'an exit that strictly reduces > is cleared in every state, on any picture of the rest of the account',
      ),
    ],
  ),
  {
    name: 'One switch that cancels everything until nothing is open: a command, a button, a file',
    rule: 'RTS 6 Art. 12; FIA',
    where: ['execution/kill-switch.ts', 'apps/server/halt/', 'apps/cli/drill/'],
    codes: ['KILL_SWITCH'],
    proofs: [
      proof(
        'execution/kill-switch.test.ts',
        'the kill switch > halts first, then cancels, and says who pulled it',
      ),
      proof(
        'execution/kill-switch.test.ts',
        'it confirms by the venue’s own word > that nothing is left: a list that still shows the entry is not waved away',
      ),
      proof(
        'execution/kill-switch.test.ts',
        'an entry that was cleared before it is not sent after it > though its record was durable already',
      ),
      proof(
        'apps/server/halt.integration.test.ts',
        'POST /api/v1/halt > closes every position when that is asked for',
      ),
      proof(
        'apps/server/halt.integration.test.ts',
        'the signal file > works while a cycle hangs and the runtime waits for it',
      ),
      proof(
        'apps/server/halt.integration.test.ts',
        'the signal file > works while the ledger does not: the entry is gone, and nothing can be sent',
      ),
      proof(
        'apps/cli/drill/drill.test.ts',
        'a drill reaches every step in order, and what is approved meanwhile is not sent',
      ),
    ],
  },
  checked(
    'A throttle on messages, and a stop when something loops',
    'RTS 6 Art. 15; FIA',
    [`${CHECKS}entry-rate.ts`, 'risk-kernel/breakers.ts'],
    ['MESSAGE_RATE_EXCEEDS_MAXIMUM', 'OPEN_ORDERS_EXCEED_MAXIMUM'],
    [trips('ORDER_STORM'), trips('REJECT_STORM')],
  ),
  checked(
    'No trade with ourselves',
    'FIA',
    [`${CHECKS}price.ts`],
    ['SELF_MATCH', 'POSITION_CONFLICT'],
  ),
  checked(
    'Limits set before deployment: instruments, prices, values, numbers of orders, positions',
    'RTS 6 Art. 8',
    ['risk-kernel/limits.ts', 'risk-kernel/limits-in-force.ts'],
    [
      'POSITIONS_EXCEED_MAXIMUM',
      'POSITION_SIZE_EXCEEDS_MAXIMUM',
      'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
      'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
      'LIMITS_UNKNOWN',
    ],
    [
      proof('risk-kernel/limits.test.ts', 'nobody can change them'),
      proof(
        'risk-kernel/review.property.test.ts',
        'a tighter limit > never clears what a looser one denies',
      ),
    ],
  ),
  {
    name: 'A review that can be repeated at any time: this list and its proofs',
    rule: '15c3-5(e); RTS 6 Art. 9',
    where: ['apps/cli/kernel/controls.ts'],
    codes: [],
    proofs: [
      proof(
        'apps/cli/kernel/controls.test.ts',
        'every proof of a control or a limit is a living test',
      ),
      proof(
        'risk-kernel/review.test.ts',
        'every code has a case here that fires it and one that is spared, or a test elsewhere',
      ),
    ],
  },
];

/** A control without a proof is as unproven as one whose test is gone. */
export const isProven = ({ proofs }: Control, missing: ReadonlySet<Proof>): boolean =>
  proofs.length > 0 && !proofs.some((one) => missing.has(one));

/** A control that this house does not keep yet; it is listed so that nobody believes it does. */
export interface Missing {
  readonly name: string;
  readonly rule: string;
  readonly today: string;
}

export const NOT_BUILT_YET: readonly Missing[] = [
  {
    name: 'Arming real trading is a ceremony',
    rule: '15c3-5(c)(2)(iii)',
    today: 'There is no real trading to arm: the only venues are the simulated and the paper one.',
  },
  {
    name: 'A second record of executions from the venue (drop copy)',
    rule: '15c3-5(c)(2)(iv)',
    today:
      'The ledger is compared with the venue at every start, after every lost connection and every ' +
      'fifteen minutes, but by the one connection that orders go out on.',
  },
  {
    name: 'Cancel on disconnect',
    rule: 'FIA',
    today:
      'After a lost connection nothing new is opened until ledger and venue agree again; what rests ' +
      'at the venue is left to rest.',
  },
  {
    name: 'Alerts within seconds',
    rule: 'RTS 6 Art. 16',
    today: 'Halts and alarms are recorded and shown on the page at once; nobody is called.',
  },
  {
    name: 'A stress test at twice the peak of messages',
    rule: 'RTS 6 Art. 10',
    today: 'The order storm breaker is tested, the throughput is not.',
  },
];
