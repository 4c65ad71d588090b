/** The table of a strategy's parameters, as its page shows it. */
import type { Parameter } from '../../strategies/parameters.ts';
import type { Strategy } from '../../strategies/strategy.ts';

export const PARAMETERS_MARK = 'parameters';

export function parameterTable({ parameters, warmupBars, timeframes }: Strategy): string {
  const rows = Object.entries(parameters).map(
    ([name, parameter]) =>
      `| \`${name}\` | ${defaultOf(parameter)} | ${rangeOf(parameter)} | ${parameter.says} |`,
  );
  const fitting = `Fits ${timeframes.map((timeframe) => `\`${timeframe}\``).join(', ')}; warms up on ${warmupBars} bars with its defaults.`;
  if (rows.length === 0) return fitting;
  return [
    '| parameter | default | range | what it does |',
    '| --- | ---: | --- | --- |',
    ...rows,
    '',
    fitting,
  ].join('\n');
}

const defaultOf = (parameter: Parameter): string => String(parameter.default);

function rangeOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'SWITCH':
      return 'true, false';
    case 'CHOICE':
      return parameter.options.join(', ');
    default:
      return `${parameter.min} to ${parameter.max} ${parameter.unit}`;
  }
}

/** The page with what stands between the two marks replaced; a lone mark becomes a pair. */
export function withBlock(page: string, mark: string, block: string): string {
  const whole = new RegExp(`<!-- ${mark} -->(?:[\\s\\S]*?<!-- /${mark} -->)?`);
  if (!whole.test(page)) throw new Error(`the page has no <!-- ${mark} -->`);
  return page.replace(whole, () => `<!-- ${mark} -->\n\n${block}\n\n<!-- /${mark} -->`);
}
