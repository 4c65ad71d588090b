import pc from 'picocolors';
import { text } from '../../../domain/units.ts';
import type { TradeDetail, TradeView } from '../../api/trade-views.ts';
import { connect } from '../connect.ts';
import { amount, printFacts, printJson, printLine, printTable } from '../output.ts';
import { exportTrades } from '../trades/export.ts';
import { readingTrades } from '../trades/source.ts';
import type { SourceFlags } from '../trades/source-flags.ts';
import {
  cut,
  durationWords,
  exitPartsWords,
  minuteWords,
  moneyWords,
  multipleWords,
  NOTHING,
  resultWords,
  signed,
  slippageWords,
} from '../trades/words.ts';
import type { ExportFlags, ListFlags, NoteFlags } from './trades.ts';

export async function listTrades(flags: ListFlags): Promise<void> {
  const trades = await readingTrades(flags, (source) => source.trades(flags.last));
  if (flags.json) return printJson({ trades });
  if (trades.length === 0) return printLine('No trade was ever opened.');
  printLine();
  printTable(
    [
      'ended (UTC)',
      'trade',
      '>quantity',
      '>in',
      '>out',
      '>result',
      '>in R',
      '>slippage',
      'left by',
      'id',
    ],
    trades.map((trade) => rowOf(trade, placesOf(trades))),
  );
  printLine();
  printLine(pc.dim('  plimsoll trades show <id> · plimsoll trades note <id> "…" --as <you>'));
}

/** As many as the longest price has, so that the points stand under each other. */
const placesOf = (trades: readonly TradeView[]): number =>
  Math.max(
    ...trades.flatMap(({ entryPrice, exitPrice }) => [entryPrice, exitPrice]).map(decimalsOf),
  );

const decimalsOf = (decimal: string | null): number => decimal?.split('.')[1]?.length ?? 0;

const rowOf = (trade: TradeView, places: number): string[] => [
  trade.closedAtMs === null ? 'open' : minuteWords(trade.closedAtMs),
  `${trade.direction} ${trade.instrumentId} by ${trade.strategyId}`,
  `${trade.quantity} ${trade.base}`,
  trade.entryPrice === null ? NOTHING : amount(trade.entryPrice, places),
  trade.exitPrice === null ? NOTHING : amount(trade.exitPrice, places),
  resultWords(trade.net, trade.currency),
  trade.closedAtMs === null ? NOTHING : multipleWords(trade.r),
  slippageWords(trade),
  cut(exitPartsWords(trade)),
  trade.id,
];

/** Thousands apart, every place kept. */
const grouped = (decimal: string): string => amount(decimal, decimalsOf(decimal));

export async function showTrade(id: string, flags: SourceFlags): Promise<void> {
  const trade = await readingTrades(flags, (source) => source.trade(id));
  if (flags.json) return printJson(trade);
  printLine();
  printLine(
    `  ${pc.bold(`${trade.direction} ${trade.quantity} ${trade.base}`)} by ${trade.strategyId}, ${
      trade.closedAtMs === null ? `open, ${trade.held} ${trade.base} still held` : 'closed'
    }`,
  );
  printLine(pc.dim(`  ${trade.id} · ${modeWords(trade)} · ${trade.instrumentId}`));
  printSection('What came of it');
  printFacts(resultFacts(trade));
  printPlan(trade);
  printExecutions(trade);
  printMarket(trade);
  printNotes(trade);
  printLine();
}

const modeWords = ({ venueMode, decisionMode }: TradeDetail): string =>
  venueMode === null || decisionMode === null
    ? 'mode not recorded'
    : `${venueMode}, ${decisionMode}`;

function printSection(title: string): void {
  printLine();
  printLine(pc.bold(`  ${title}`));
}

function resultFacts(trade: TradeDetail): readonly (readonly [string, string])[] {
  const { currency, net } = trade;
  const result = `${resultWords(net, currency)}   ${multipleWords(trade.r)}`;
  const lost = net.startsWith('-');
  return [
    ['result', lost ? pc.red(result) : pc.green(result)],
    [
      'before fees',
      `${resultWords(trade.gross, currency)}, fees ${moneyWords(trade.fees, currency)}`,
    ],
    ['left by', exitPartsWords(trade)],
    [
      'average price',
      `in ${trade.entryPrice ?? NOTHING}, out ${trade.exitPrice ?? NOTHING} ${currency}`,
    ],
    ['slippage', `in ${slipped(trade, 'entrySlippage')}, out ${slipped(trade, 'exitSlippage')}`],
    ['worst price', `${trade.adverse.price} ${currency}   ${multipleWords(trade.adverse.r)}`],
    ['best price', `${trade.favourable.price} ${currency}   ${multipleWords(trade.favourable.r)}`],
    ['opened', `${minuteWords(trade.openedAtMs)} UTC`],
    ['closed', trade.closedAtMs === null ? NOTHING : `${minuteWords(trade.closedAtMs)} UTC`],
    ['lasted', `${durationWords(trade.durationMs)}, ${barWords(trade)}`],
  ];
}

const barWords = ({ bars, timeframe }: TradeDetail): string =>
  `${bars} ${timeframe === null ? '' : `${timeframe} `}${bars === 1 ? 'bar' : 'bars'} closed meanwhile`;

function slipped(trade: TradeDetail, end: 'entrySlippage' | 'exitSlippage'): string {
  const slippage = trade[end];
  if (slippage === null) return 'not known';
  return `${moneyWords(slippage.cost, trade.currency)} (${signed(slippage.bps, 1)} bps)`;
}

function printPlan({ plan, plannedLoss, currency, base }: TradeDetail): void {
  printSection('The plan');
  if (plan === null) return printLine('  No proposal stands behind it.');
  printFacts([
    ['entry', `${plan.quantity} ${base} near ${plan.referencePrice} ${currency}`],
    ['stop', `${plan.stop} ${currency}, ${moneyWords(plan.lossAtStop, currency)} lost there`],
    [
      'of what filled',
      plannedLoss === null ? NOTHING : `${moneyWords(plannedLoss, currency)}, that is 1 R`,
    ],
    ['target', `${plan.target} ${currency}, ${amount(plan.rewardToRisk, 2)} for each unit at risk`],
    ['set-up', `${plan.setupId}, confidence ${Math.round(plan.confidence * 100)} %`],
    ['thesis', plan.thesis],
    ['invalid when', plan.invalidation],
    ['approved by', approvalWords(plan)],
  ]);
}

const approvalWords = ({
  approvedBy,
  approvedBecause,
}: NonNullable<TradeDetail['plan']>): string =>
  approvedBy === null ? 'not recorded' : `${approvedBy}: ${approvedBecause}`;

function printExecutions({ entries, exits, base, currency }: TradeDetail): void {
  printSection('What was done');
  const row = (one: TradeDetail['entries'][number], did: string): string[] => [
    minuteWords(one.atMs),
    did,
    `${one.quantity} ${base}`,
    grouped(one.price),
    one.expected === null ? NOTHING : grouped(one.expected),
    moneyWords(one.fee, currency),
    one.orderId,
  ];
  printTable(
    ['at (UTC)', 'what', '>quantity', `>at ${currency}`, '>meant', '>fee', 'order'],
    [
      ...entries.map((one) => row(one, 'in')),
      ...exits.map((one) => row(one, `out, ${cut(one.words)}`)),
    ],
  );
}

function printMarket({ evidence, voices }: TradeDetail): void {
  if (evidence.length === 0 && voices.length === 0) return;
  printSection('The market, as the proposal saw it');
  printTable(
    ['evidence', '>value', 'unit'],
    evidence.map(({ label, value, unit }) => [label, String(Number(value.toPrecision(8))), unit]),
  );
  printLine();
  printTable(
    ['strategy', 'said', 'because'],
    voices.map(({ strategyId, said, because }) => [
      strategyId,
      said === 'NO_SETUP' ? 'nothing' : said,
      because,
    ]),
  );
}

function printNotes({ notes, id }: TradeDetail): void {
  printSection('What was learned');
  if (notes.length === 0)
    return printLine(pc.dim(`  Nothing yet: plimsoll trades note ${id} "…" --as <you>`));
  for (const note of notes)
    printLine(`  ${pc.dim(`${minuteWords(note.atMs)} ${note.by}`)}  ${note.text}`);
}

export async function noteTrade(id: string, note: string, flags: NoteFlags): Promise<void> {
  const result = await (await connect(flags)).noteTrade(id, { name: flags.as, note });
  if (flags.json) printJson(result);
  else printLine(result.sentence);
}

export async function runExport(flags: ExportFlags): Promise<void> {
  const { out, method, year, force } = flags;
  const done = await readingTrades(flags, (source) =>
    exportTrades(source.fills(), { out, method, year, force }),
  );
  if (flags.json) return printJson({ ...done, gain: text(done.gain), method });
  const when = year === undefined ? '' : ` in ${year}`;
  printLine(
    `  ${pc.green('✓')} ${done.out}: ${counted(done.disposals, 'disposal')}${when}, gain ${resultWords(text(done.gain), done.currency)} (${method})`,
  );
  printLine(
    `  ${pc.green('✓')} ${done.lotsOut}: ${counted(done.openLots, 'open lot')}${year === undefined ? '' : ` at the end of ${year}`}`,
  );
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? what : `${what}s`}`;
