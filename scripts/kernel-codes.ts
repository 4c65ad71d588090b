/** The table of the kernel's codes in its README, made from the codes and the limits themselves. */
import { BESIDE_REVIEW, LANES, type Stage } from '../apps/cli/kernel/stages.ts';
import { type ReasonCode, REASONS } from '../domain/reason-code.ts';
import { LIMIT_NAMES, LIMIT_TABLE } from '../risk-kernel/limits.ts';

export const README = new URL('../risk-kernel/README.md', import.meta.url);

const BEGIN = '<!-- codes -->';
const END = '<!-- /codes -->';

/** The text with everything between the two marks made anew. */
export function withCodes(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the README needs ${BEGIN} and then ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${codesTable()}\n\n${readme.slice(end)}`;
}

type Row = readonly [check: string, code: string, sentence: string, limits: string];

function codesTable(): string {
  const stages = [...LANES.ENTRY, ...LANES.REDUCE_ONLY, ...BESIDE_REVIEW];
  const rows: Row[] = [['check', 'code', 'what it says', 'limits']];
  const named = new Set<ReasonCode>();
  for (const stage of stages) rows.push(...rowsOf(stage, named));
  return aligned(rows);
}

/** A code that two checks can give stands with the first. */
function rowsOf({ name, codes }: Stage, named: Set<ReasonCode>): readonly Row[] {
  const fresh = codes.filter((code) => !named.has(code));
  fresh.forEach((code) => named.add(code));
  return fresh.map((code, index) => [
    index === 0 ? name : '',
    `\`${code}\``,
    REASONS[code],
    limitsOf(code),
  ]);
}

const limitsOf = (code: ReasonCode): string =>
  LIMIT_NAMES.filter((name) => LIMIT_TABLE[name].code === code)
    .map((name) => `\`${name}\` ${LIMIT_TABLE[name].value.toLocaleString('en')}`)
    .join(', ');

/** As the formatter would write it. */
function aligned([titles, ...rows]: readonly Row[]): string {
  if (titles === undefined) return '';
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}
