/** One source file as the rules see it: what it imports, and its syntax tree. */
import { posix } from 'node:path';
import { parseSync } from 'vite';

export interface Import {
  /** As written; null where it is computed and cannot be known. */
  readonly specifier: string | null;
  /** The file inside the house it names, or undefined for a package or a module of Node. */
  readonly path: string | undefined;
  readonly typesOnly: boolean;
  readonly line: number;
}

export interface Source {
  readonly path: string;
  readonly imports: readonly Import[];
  /** Calls `visit` with every node of the tree and its line. */
  walk(visit: (node: Node, line: number) => void): void;
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Throws when the text is no TypeScript: a file that cannot be read cannot be checked. */
export function readSource(path: string, text: string): Source {
  const parsed = parseSync(path, text);
  const fault = parsed.errors.find(({ severity }) => severity === 'Error');
  if (fault !== undefined) throw new Error(`${path} cannot be parsed: ${fault.message}`);
  const lineOf = lineFinder(text);
  const walk: Source['walk'] = (visit) =>
    eachNode(parsed.program, (node) => visit(node, lineOf(node.start)));
  const imports: Import[] = [];
  const add = (specifier: string | null, typesOnly: boolean, start: number): void =>
    void imports.push({
      specifier,
      path: inHouse(path, specifier),
      typesOnly,
      line: lineOf(start),
    });

  for (const { moduleRequest, entries, start } of parsed.module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((e) => e.isType), start);
  }
  for (const { entries } of parsed.module.staticExports) {
    for (const { moduleRequest, isType, start } of entries) {
      if (moduleRequest !== null) add(moduleRequest.value, isType, start);
    }
  }
  walk((node) => {
    if (node.type === 'ImportExpression') add(literal(node['source']), false, node.start);
    if (node.type === 'TSImportType') add(literal(node['source']), true, node.start);
    if (node.type === 'TSExternalModuleReference') {
      add(literal(node['expression']), false, node.start);
    }
    if (node.type === 'CallExpression' && nameOf(node['callee']) === 'require') {
      add(literal((node['arguments'] as readonly unknown[])[0]), false, node.start);
    }
  });
  return { path, imports, walk };
}

const inHouse = (from: string, specifier: string | null): string | undefined =>
  specifier?.startsWith('.') === true ? posix.join(posix.dirname(from), specifier) : undefined;

function literal(node: unknown): string | null {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string'
    ? node['value']
    : null;
}

/** The last word of `a`, `a.b`, `a.#b`, `a['b']` and their optional and asserted forms. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node['name'] as string;
    case 'MemberExpression':
      return node['computed'] === true
        ? (literal(node['property']) ?? undefined)
        : nameOf(node['property']);
    case 'NewExpression':
    case 'CallExpression':
      return nameOf(node['callee']);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'AwaitExpression':
      return nameOf(node['expression'] ?? node['argument']);
    default:
      return undefined;
  }
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function eachNode(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) eachNode(item, visit);
    return;
  }
  if (!isNode(value)) return;
  visit(value);
  for (const field of Object.values(value)) eachNode(field, visit);
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
