/** Every kind of event as one plain sentence; amounts carry their unit. */
import type {
  Actor,
  ApprovalStatus,
  DomainEvent,
  EventBodies,
  EventType,
  FeedbackAction,
  OrderText,
} from '../../../domain/event.ts';
import type { Side } from '../../../domain/order.ts';
import { type ReasonCode, REASONS } from '../../../domain/reason-code.ts';
import type { VerdictRecord } from '../../../domain/verdict.ts';
import { RUNG_WORDS } from '../../../risk-kernel/drawdown-ladder.ts';
import { instant } from './instant.ts';
import { rounded } from './rounded.ts';
import { sidesOf } from './sides.ts';

type Sentences = {
  readonly [T in EventType]: (body: EventBodies[T], actor: Actor) => string;
};

export const describeEvent = <T extends EventType>(
  event: DomainEvent & { readonly type: T },
): string => {
  const describe: (body: EventBodies[T], actor: Actor) => string = SENTENCES[event.type];
  return ended(describe(event.body as EventBodies[T], event.actor));
};

const SENTENCES: Sentences = {
  'system.started': (body) => {
    const what = `${body.decisionMode} mode, orders to ${body.venueMode}, market "${body.market}"`;
    const made = body.synthetic ? ', which is made up' : '';
    return body.resumed
      ? `Plimsoll ${body.version} went on from its journal: ${what}${made}`
      : `Plimsoll ${body.version} started with ${body.cash} ${body.currency}: ${what}${made}`;
  },
  'trading.state-changed': ({ from, to, emergency, because, code }) => {
    const how = emergency ? ' as an emergency' : '';
    return `Trading went from ${from} to ${to}${how}: ${withCode(code, because)}`;
  },
  'drawdown.rung-changed': ({ from, to, drawdownBps }) => {
    const where = `${RUNG_WORDS[to]}, at ${percent(drawdownBps)} below the equity peak`;
    return to > from
      ? `Drawdown reached rung ${to}, ${where}`
      : `Drawdown eased to rung ${to}, ${where}`;
  },
  'drawdown.peak-rebased': ({ from, to, because }, actor) =>
    `${actor.name} set the equity peak anew, from ${rounded(from)} to ${rounded(to)} in the account's currency: ${because}`,
  'loosening.refused': ({ wanted, code, because }, actor) =>
    `${actor.name} asked for ${wanted} and was refused: ${withCode(code, because)}`,
  'operator.added': ({ name }, actor) =>
    name === actor.name
      ? `${name} registered as an operator`
      : `${name} was registered as an operator by ${actor.name}`,
  'reconciliation.completed': ({ venue, differences }) =>
    differences.length === 0
      ? `Ledger and venue "${venue}" agree about every open order`
      : `Ledger and venue "${venue}" differ: ${differences.join('; ')}`,

  'market.bar-closed': ({ instrumentId, timeframe, bar }) => {
    const { base, quote } = sidesOf(instrumentId);
    return (
      `${instrumentId} ${timeframe} closed at ${bar.close} ${quote}, from ${bar.open} ${quote} ` +
      `between ${bar.low} and ${bar.high} ${quote}, with ${bar.volume} ${base} traded`
    );
  },

  'cycle.opened': ({ instrumentId, barTimeMs }) =>
    `A cycle opened for the ${instrumentId} bar of ${instant(barTimeMs)}`,
  'cycle.phase-moved': ({ from, to }) => `The cycle moved from ${from} to ${to}`,
  'cycle.closed': ({ outcome, because }) =>
    `The cycle ended ${outcome}${because === '' ? '' : `: ${because}`}`,
  'message.sent': ({ summary }) => summary,
  'agent.stepped': ({ agent, summary }) => `The ${agent} agent: ${summary}`,

  'proposal.made': ({ proposal }) => {
    const { base, quote } = sidesOf(proposal.instrumentId);
    return (
      `${proposal.strategyId} proposes ${proposal.direction} ${proposal.quantity} ${base} near ` +
      `${proposal.referencePrice} ${quote}, stop ${proposal.stop} ${quote}, target ${proposal.target} ${quote}: ` +
      `worth ${rounded(proposal.notional)} ${quote}, ${rounded(proposal.lossAtStop)} ${quote} lost at the stop`
    );
  },
  'proposal.refused': ({ by, because }) => `The ${by} agent refused the set-up: ${because}`,
  'kernel.reviewed': ({ stage, subject, verdict }) =>
    `The kernel ${verdict.cleared ? 'cleared' : 'denied'} ${subject} ${STAGES[stage]}${denial(verdict)}`,

  'approval.requested': ({ proposalId, expiresAtMs }) =>
    `Proposal ${proposalId} waits for a decision until ${instant(expiresAtMs)}`,
  'approval.decided': ({ proposalId, status, because }, actor) =>
    `Proposal ${proposalId} ${STATUSES[status]} by ${actor.name}: ${because}`,

  'intent.recorded': ({ order }) => `The intent to ${orderWords(order)} was recorded`,
  'order.denied': ({ orderId, sentence }) => `Order ${orderId} was denied: ${sentence}`,
  'order.submitting': ({ order, hold }) => {
    const { quote } = sidesOf(order.instrumentId);
    const reserved = order.reduceOnly
      ? 'it can only reduce the position'
      : `${rounded(hold.notional)} ${quote} reserved, ${rounded(hold.risk)} ${quote} of it at risk`;
    return `${order.role} order ${order.id} is about to be sent, to ${orderWords(order)}: ${reserved}`;
  },
  'order.accepted': ({ orderId }) => `The venue accepted order ${orderId}`,
  'order.rejected': ({ orderId, because }) => `Order ${orderId} was rejected: ${because}`,
  'order.unknown': ({ orderId, because }) =>
    `Nobody knows yet whether the venue has order ${orderId}: ${because}`,
  'order.filled': ({ orderId, instrumentId, side, quantity, price, fee, feeInBase }) => {
    const { base, quote } = sidesOf(instrumentId);
    const inBase = feeInBase === undefined ? '' : ` (paid as ${feeInBase} ${base})`;
    const did = side === 'BUY' ? 'bought' : 'sold';
    return `Order ${orderId} ${did} ${quantity} ${base} at ${price} ${quote}, fee ${rounded(fee)} ${quote}${inBase}`;
  },
  'order.cancel-requested': ({ orderId, because }) =>
    `The venue was asked to cancel order ${orderId}: ${because}`,
  'order.cancel-refused': ({ orderId, because }) =>
    `The venue did not cancel order ${orderId}, which rests as before: ${because}`,
  'order.canceled': ({ orderId, because }) => `Order ${orderId} was canceled: ${because}`,
  'order.expired': ({ orderId, because }) => `Order ${orderId} expired: ${because}`,
  'order.suspected': ({ orderId, because }) =>
    `The venue cannot find order ${orderId} any more, which proves nothing: ${because}`,
  'order.resurfaced': ({ orderId, because }) =>
    `Order ${orderId} was over for us, yet it rests at the venue: ${because}`,
  'order.overfilled': ({ orderId, excess }) =>
    `The venue filled order ${orderId} by ${excess} more than was ordered; it is booked, because it happened`,
  'order.news-ignored': ({ orderId, news }) =>
    `The venue contradicted itself about order ${orderId}, and what it had said before stands: ${news}`,
  'order.external-found': ({ venueOrderId, instrumentId, side, quantity }) => {
    const { base } = sidesOf(instrumentId);
    return `Order ${venueOrderId} rests at the venue and is not ours, to ${verb(side)} ${quantity} ${base}; it is watched and left alone`;
  },
  'order.external-gone': ({ venueOrderId }) =>
    `Order ${venueOrderId}, which was not ours, rests at the venue no more`,

  'instrument.halted': ({ instrumentId, code, because }) =>
    `Nothing new is opened in ${instrumentId}: ${withCode(code, because)}`,
  'instrument.resumed': ({ instrumentId, because }, actor) =>
    `${instrumentId} was released by ${actor.name} and may be traded again: ${because}`,
  'alarm.raised': ({ code, subject, because }) =>
    `Alarm about ${subject}: ${withCode(code, because)}`,
  'position.close-requested': ({ instrumentId, strategyId, because }, actor) =>
    `${actor.name} wants the position of ${strategyId} in ${instrumentId} closed at the market: ${because}`,
  'kill-switch.completed': ({ canceled, exitsKept, confirmed, leftOpen, flat }) => {
    const gone = `${counted(canceled.length, 'entry', 'entries')} canceled`;
    const kept = `${counted(exitsKept.length, 'exit')} kept to guard positions`;
    const left =
      leftOpen.length === 0
        ? 'nothing left open'
        : `STILL OPEN at the venue: ${leftOpen.join(', ')}`;
    const told = confirmed ? left : 'the venue did NOT SAY what rests there';
    return `Everything was stopped: ${gone}, ${kept}, ${told}, the account is ${flat ? 'flat' : 'not flat'}`;
  },
  'strategy.disabled': ({ strategyId, because }) =>
    `Strategy ${strategyId} was switched off: ${because}`,
  'strategy.enabled': ({ strategyId, because }, actor) =>
    `Strategy ${strategyId} was switched on again by ${actor.name}: ${because}`,
  'journal.restored': ({ upToSeq, lostUpToSeq, because }, actor) =>
    lostUpToSeq > upToSeq
      ? `${actor.name} put back a copy of the journal that ends at event ${upToSeq}; events up to ${lostUpToSeq} are lost: ${because}`
      : `${actor.name} put back a copy of the journal that ends at event ${upToSeq}: ${because}`,
  'trade.noted': ({ tradeId, note }, actor) => `${actor.name} noted on trade ${tradeId}: ${note}`,
  'feedback.answered': ({ strategyId, recommendation, answer, because }, actor) =>
    `${actor.name} ${answer === 'TAKEN' ? 'took up' : 'set aside'} the recommendation to ${ADVICE[recommendation]} ${strategyId}: ${because}`,
};

const ADVICE: Readonly<Record<FeedbackAction, string>> = {
  REOPTIMISE: 'optimise anew',
  DISABLE: 'switch off',
  WATCH: 'watch closely',
  KEEP: 'keep',
};

const STAGES: Readonly<Record<EventBodies['kernel.reviewed']['stage'], string>> = {
  PROPOSAL: 'when it was proposed',
  CLICK: 'at the decision',
  SEND: 'at the moment of sending',
};

const STATUSES: Readonly<Record<ApprovalStatus, string>> = {
  PENDING: 'was left waiting',
  APPROVED: 'was approved',
  DECLINED: 'was declined',
  EXPIRED: 'was ended as expired',
  INVALIDATED: 'was ended as no longer valid',
  CONSUMED: 'was used up',
};

/** A breaker's own sentence begins with its code and then needs no second one. */
const withCode = (code: ReasonCode | null, because: string): string =>
  code === null || because.startsWith(code) ? because : `${code}: ${because}`;

const percent = (bps: number): string => `${(bps / 100).toFixed(2)} %`;

const denial = ({ cleared, code, sentence }: VerdictRecord): string =>
  cleared ? '' : `: ${sentence}${code === undefined ? '' : `. ${REASONS[code]}`}`;

function orderWords(order: OrderText): string {
  const { base, quote } = sidesOf(order.instrumentId);
  const trade = `${verb(order.side)} ${order.quantity} ${base}`;
  const { limitPrice, stopPrice } = order;
  const limit =
    limitPrice === undefined ? ' at the market' : ` at ${limitPrice} ${quote} or better`;
  const trigger = stopPrice === undefined ? '' : ` once the price reaches ${stopPrice} ${quote}`;
  return `${trade}${limit}${trigger}`;
}

const verb = (side: Side): string => (side === 'BUY' ? 'buy' : 'sell');

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
