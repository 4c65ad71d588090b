import pc from 'picocolors';
import type { FeedbackView, StrategyFeedbackView } from '../../api/trade-views.ts';
import { DEFAULT_DATA_DIR } from '../../defaults.ts';
import { comparedWith } from '../../server/views/feedback-view.ts';
import { connect } from '../connect.ts';
import { BadInput } from '../errors.ts';
import { printFacts, printJson, printLine } from '../output.ts';
import { readBaseline, readingTrades } from '../trades/source.ts';
import {
  durationWords,
  minuteWords,
  moneyWords,
  multipleWords,
  percentWords,
  resultWords,
} from '../trades/words.ts';
import type { AnswerFlags, FeedbackFlags } from './feedback.ts';

export async function runFeedback(flags: FeedbackFlags): Promise<void> {
  const view = await judged(flags);
  if (flags.json) return printJson(view);
  printLine();
  printLine(
    pc.dim(
      `  ${view.venueMode ?? 'No'} trades of the ${view.days} days until ${minuteWords(view.untilMs)} UTC`,
    ),
  );
  for (const strategy of view.strategies) printStrategy(strategy, view.currency);
  printLine();
}

export async function answerFeedback(id: string, flags: AnswerFlags): Promise<void> {
  const strategy = (await judged(flags)).strategies.find((one) => one.strategyId === id);
  if (strategy === undefined)
    throw new BadInput(`there is no strategy "${id}"; "plimsoll feedback" names them`);
  const { recommendation, because } = strategy;
  if (recommendation === null)
    throw new BadInput(
      `nothing is recommended for ${id}, so there is nothing to answer: ${because}`,
    );
  const client = await connect({ ...flags, dataDir: flags.dataDir ?? DEFAULT_DATA_DIR });
  const answer = flags.take ? 'TAKEN' : 'SET_ASIDE';
  const { as: name, reason } = flags;
  const result = await client.answerFeedback(id, { name, reason, answer, recommendation });
  if (flags.json) printJson(result);
  else printLine(result.sentence);
}

async function judged(flags: FeedbackFlags): Promise<FeedbackView> {
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline);
  const view = await readingTrades(flags, (source) => source.feedback(flags.days));
  return baseline === undefined ? view : comparedWith(view, baseline);
}

function printStrategy(strategy: StrategyFeedbackView, currency: string): void {
  const { strategyId, recommendation, because, issues, notCompared, off, lastAnswer } = strategy;
  printLine();
  printLine(`  ${pc.bold(strategyId)}  ${recommendationWords(strategy)}`);
  printLine(`  ${because}`);
  if (off !== null) printLine(pc.yellow(`  It is switched off: ${off}`));
  if (notCompared !== null) printLine(pc.dim(`  ${notCompared}`));
  if (strategy.performance.trades > 0) printFacts(performanceFacts(strategy, currency));
  // What it follows from was said already.
  for (const { severity, sentence } of issues.filter((one) => !because.includes(one.sentence)))
    printLine(
      `  ${severity === 'CRITICAL' ? pc.red('critical') : pc.yellow('warning ')}  ${sentence}`,
    );
  if (lastAnswer !== null) {
    const did = lastAnswer.answer === 'TAKEN' ? 'took up' : 'set aside';
    const when = minuteWords(lastAnswer.atMs);
    printLine(
      pc.dim(
        `  ${when} ${lastAnswer.by} ${did} ${lastAnswer.recommendation}: ${lastAnswer.because}`,
      ),
    );
  }
  const command = commandFor(strategyId, recommendation, off !== null);
  if (command !== undefined) printLine(`  ${pc.cyan(command)}`);
}

function recommendationWords({ recommendation }: StrategyFeedbackView): string {
  switch (recommendation) {
    case null:
      return pc.dim('nothing recommended');
    case 'KEEP':
      return pc.green('keep');
    case 'WATCH':
      return pc.yellow('watch closely');
    case 'REOPTIMISE':
      return pc.red('optimise anew');
    case 'DISABLE':
      return pc.red('switch off');
  }
}

function performanceFacts(
  { performance }: StrategyFeedbackView,
  currency: string,
): readonly (readonly [string, string])[] {
  const { trades, wins, winRate, profitFactor, expectancy, expectancyR } = performance;
  const { averageWin, averageLoss, largestWin, largestLoss } = performance;
  const money = (decimal: string | null): string =>
    decimal === null ? 'none' : resultWords(decimal, currency);
  return [
    ['trades', `${trades}, ${wins} won (${percentWords(winRate)})`],
    [
      'result',
      `${resultWords(performance.net, currency)}, fees ${moneyWords(performance.fees, currency)} in it`,
    ],
    ['profit factor', profitFactor === null ? 'nothing was lost' : profitFactor.toFixed(2)],
    ['expectancy', `${money(expectancy)} a trade   ${multipleWords(expectancyR)}`],
    ['wins', `${money(averageWin)} on average, ${money(largestWin)} at most`],
    ['losses', `${money(averageLoss)} on average, ${money(largestLoss)} at most`],
    [
      'in a row',
      `${performance.longestLosingStreak} lost at most, ${performance.losingStreak} now`,
    ],
    ['lasted', `${durationWords(performance.averageDurationMs)} on average`],
  ];
}

/** What a person would type to act on it. */
function commandFor(
  id: string,
  recommendation: StrategyFeedbackView['recommendation'],
  isOff: boolean,
): string | undefined {
  if (recommendation === 'REOPTIMISE')
    return `plimsoll simulate --data <candles> --strategies ${id} --data-dir <new folder>`;
  if (recommendation !== 'DISABLE' || isOff) return undefined;
  return `plimsoll strategies disable ${id} --as <you> --reason "…"`;
}
