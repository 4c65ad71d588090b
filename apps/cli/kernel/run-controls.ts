import pc from 'picocolors';
import type { KernelControlsFlags } from '../commands/kernel.ts';
import { printJson, printLine } from '../output.ts';
import { type Control, CONTROLS, isProven, type Missing, NOT_BUILT_YET } from './controls.ts';
import { missingAmong } from './living-tests.ts';
import { type Proof, proofText } from './proofs.ts';
import { wrap } from './wrap.ts';

/** Fails, naming the rows, when a control is not proven by tests that exist. */
export async function runControls(flags: KernelControlsFlags): Promise<void> {
  const missing = new Set(await missingAmong(CONTROLS.flatMap(({ proofs }) => proofs)));
  if (flags.json) printJson(asJson(missing));
  else report(missing);
  const unproven = CONTROLS.filter((control) => !isProven(control, missing));
  if (unproven.length > 0) {
    const names = unproven.map(({ name }) => `"${name}"`).join(', ');
    throw new Error(`without a living test: ${names}`);
  }
}

function asJson(missing: ReadonlySet<Proof>): object {
  return {
    controls: CONTROLS.map((control) => ({
      ...control,
      proofs: control.proofs.map((one) => ({ ...one, living: !missing.has(one) })),
      status: isProven(control, missing) ? 'proven' : 'unproven',
    })),
    notBuiltYet: NOT_BUILT_YET.map((control) => ({ ...control, status: 'not built yet' })),
  };
}

function report(missing: ReadonlySet<Proof>): void {
  const proven = CONTROLS.filter((control) => isProven(control, missing)).length;
  printLine();
  for (const control of CONTROLS) printControl(control, missing);
  printLine(pc.bold('  Not built yet'));
  printLine();
  for (const control of NOT_BUILT_YET) printMissing(control);
  const counts = `${proven} of ${CONTROLS.length} controls proven, ${NOT_BUILT_YET.length} not built yet`;
  printLine(`  ${counts}.`);
  printLine(
    pc.dim('  A proof is a test that exists and is not skipped; "npm test" says whether it holds.'),
  );
  printLine();
}

function printControl(control: Control, missing: ReadonlySet<Proof>): void {
  const { name, rule, where, codes, proofs } = control;
  const mark = isProven(control, missing) ? pc.green('✓') : pc.red('✗');
  printLine(`  ${mark} ${pc.bold(name)}`);
  printLine(`    ${rule} · ${where.join(', ')}`);
  if (codes.length > 0) printLine(`    ${wrap(codes.join(' '), '    ')}`);
  for (const one of proofs) {
    const text = wrap(proofText(one), '      ');
    printLine(missing.has(one) ? pc.red(`    ✗ no such test: ${text}`) : pc.dim(`    ${text}`));
  }
  printLine();
}

function printMissing({ name, rule, today }: Missing): void {
  printLine(`  ${pc.yellow('–')} ${name}`);
  printLine(`    ${rule} · ${today}`);
  printLine();
}
