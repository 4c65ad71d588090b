import { CODE_RULES } from './code-rules.ts';
import { IMPORT_RULES } from './import-rules.ts';
import { readSource } from './source.ts';

/** Everything a file does against the house, each as `path:line sentence`. */
export function violations(path: string, text: string): readonly string[] {
  const source = readSource(path, text);
  const found = new Set<string>();
  const report = (line: number, sentence: string | undefined): void => {
    if (sentence !== undefined) found.add(`${path}:${line} ${sentence}`);
  };
  for (const one of source.imports) {
    for (const rule of IMPORT_RULES) report(one.line, rule(source, one));
  }
  source.walk((node, line) => {
    for (const rule of CODE_RULES) report(line, rule(node, source));
  });
  return [...found];
}
