import pc from 'picocolors';
import { LIMIT_NAMES, LIMIT_TABLE, type LimitName } from '../../../risk-kernel/limits.ts';
import type { KernelLimitsFlags } from '../commands/kernel.ts';
import { type ChosenLimits, describeLimits, limitsFacts, limitsOf } from '../limits.ts';
import { printFacts, printJson, printLine } from '../output.ts';
import { proofOf, proofText } from './proofs.ts';
import { wrap } from './wrap.ts';

export function runLimits(flags: KernelLimitsFlags): void {
  const chosen = limitsOf(flags);
  const rows = LIMIT_NAMES.map((name) => rowOf(name, chosen));
  if (flags.json) return printJson({ ...limitsFacts(chosen), limits: rows });
  report(rows, chosen);
}

interface Row {
  readonly name: LimitName;
  readonly value: number;
  /** What the value is without profile and settings. */
  readonly constant: number;
  readonly unit: string;
  readonly code: string;
  readonly why: string;
  readonly test: { readonly file: string; readonly title: string };
}

function rowOf(name: LimitName, { inForce }: ChosenLimits): Row {
  const { value: constant, unit, code, why } = LIMIT_TABLE[name];
  const value = inForce.limits[name];
  return { name, value, constant, unit, code, why, test: proofOf(name) };
}

function report(rows: readonly Row[], chosen: ChosenLimits): void {
  const widest = (cell: (row: Row) => string): number =>
    Math.max(...rows.map((row) => cell(row).length));
  const names = widest(({ name }) => name);
  const values = widest(valueOf);
  const units = widest(({ unit }) => unit);
  const titles = ['limit'.padEnd(names), 'value'.padStart(values), 'unit'.padEnd(units), 'code'];
  printLine();
  printLine(pc.dim(`  ${titles.join('  ')}`));
  for (const row of rows) {
    const value = valueOf(row).padStart(values);
    const cells = [
      pc.bold(row.name.padEnd(names)),
      row.value === row.constant ? value : pc.yellow(value),
      row.unit.padEnd(units),
      row.code,
    ];
    printLine(`  ${cells.join('  ')}`);
    printLine(pc.dim(`    ${row.why}`));
    printLine(pc.dim(`    ${wrap(proofText(row.test), '      ')}`));
  }
  printLine();
  printFacts([
    ['limits', describeLimits(chosen)],
    ['hash', chosen.inForce.hash],
  ]);
  printLine();
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** A tightened value with the constant beside it: `100 (200)`. */
const valueOf = ({ value, constant }: Row): string =>
  value === constant
    ? number.format(value)
    : `${number.format(value)} (${number.format(constant)})`;
