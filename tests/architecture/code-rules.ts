/** Rules about what a file does. */
import {
  folderOf,
  isAllowed,
  isTestCode,
  MAY_CALL_VENUE,
  MAY_DRAW_CHANCE,
  MAY_READ_CLOCK,
  MAY_READ_ENVIRONMENT,
  MAY_TRY_FORGERY,
  MINT,
  ORDER_METHODS,
  PERMISSION_DOORS,
  PERMISSION_TYPES,
  VENUE_FILES,
} from './house.ts';
import { isNode, nameOf, type Node, type Source } from './source.ts';

/** What is wrong with a node, as a sentence, or undefined. */
type CodeRule = (node: Node, source: Source) => string | undefined;

const isVenueName = (name: string | undefined): boolean =>
  name !== undefined && /venue$/i.test(name);

const knowsVenue = (source: Source): boolean =>
  source.imports.some(({ path }) => path !== undefined && isAllowed(path, VENUE_FILES));

/**
 * The venue's order methods, called, handed on or taken out of it. In a file that knows a venue every
 * object may be one; elsewhere an object is believed to be what its name says.
 */
const venueOrders: CodeRule = (node, source) => {
  if (isAllowed(source.path, MAY_CALL_VENUE)) return undefined;
  if (node.type === 'MemberExpression') {
    const method = nameOf(node) ?? '';
    const suspect = isVenueName(nameOf(node['object'])) || knowsVenue(source);
    return suspect && ORDER_METHODS.includes(method)
      ? `reaches the venue's ${method}, which only the execution engine may`
      : undefined;
  }
  if (node.type !== 'VariableDeclarator' || !isVenueName(nameOf(node['init']))) return undefined;
  const pattern = node['id'];
  if (!isNode(pattern) || pattern.type !== 'ObjectPattern') return undefined;
  const taken = (pattern['properties'] as readonly Node[]).map(({ key }) => nameOf(key) ?? '');
  const method = taken.find((name) => ORDER_METHODS.includes(name));
  return method === undefined ? undefined : `takes the venue's ${method} out of it`;
};

/** Permission is made in one place: elsewhere nothing is called one by assertion, and nothing mints. */
const mint: CodeRule = (node, { path }) => {
  if (path === MINT || isAllowed(path, MAY_TRY_FORGERY) || folderOf(path) === undefined) {
    return undefined;
  }
  if (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion') {
    const type = node['typeAnnotation'];
    const name = isNode(type) && type.type === 'TSTypeReference' ? nameOf(type['typeName']) : '';
    return PERMISSION_TYPES.includes(name ?? '')
      ? `asserts that something is a ${name}`
      : undefined;
  }
  const declares = ['FunctionDeclaration', 'VariableDeclarator', 'MethodDefinition'];
  const isMint = declares.includes(node.type) && nameOf(node['id'] ?? node['key']) === 'mint';
  return isMint ? 'declares a mint' : undefined;
};

/** What the kernel's review module gives, taken by somebody who has no business with it. */
const permission: CodeRule = (node, { path }) => {
  if (isTestCode(path) || folderOf(path) === undefined || !isOfReview(node)) return undefined;
  if (node.type === 'ImportExpression') return 'loads the kernel’s permission at run time';
  if (node.type !== 'ImportDeclaration') return 'hands the kernel’s permission on';
  if (node['importKind'] === 'type') return undefined;
  for (const specifier of node['specifiers'] as readonly Node[]) {
    if (specifier.type !== 'ImportSpecifier') return 'takes all of the kernel’s permission';
    if (specifier['importKind'] === 'type') continue;
    const name = nameOf(specifier['imported']) ?? '';
    const doors = PERMISSION_DOORS[name];
    if (doors !== undefined && !doors.includes(path)) return `may not ${name} an order`;
  }
  return undefined;
};

/** An import, a dynamic import or a re-export of values from the file that mints. */
function isOfReview(node: Node): boolean {
  const kinds = ['ImportDeclaration', 'ImportExpression', 'ExportNamedDeclaration'];
  if (![...kinds, 'ExportAllDeclaration'].includes(node.type)) return false;
  const source = node['source'];
  const from = isNode(source) ? source['value'] : undefined;
  if (typeof from !== 'string' || node['exportKind'] === 'type') return false;
  return from.endsWith(`/${MINT}`) || from === './review.ts' || from === '../review.ts';
}

const isMember = (node: unknown, object: string, property: string): boolean =>
  isNode(node) &&
  node.type === 'MemberExpression' &&
  nameOf(node['object']) === object &&
  nameOf(node) === property;

const takesNothing = (node: Node): boolean =>
  (node['arguments'] as readonly unknown[] | undefined)?.length === 0;

const wallClock: CodeRule = (node, { path }) => {
  if (isAllowed(path, MAY_READ_CLOCK)) return undefined;
  if (isMember(node, 'Date', 'now')) return 'reads the wall clock with Date.now';
  if (isMember(node, 'performance', 'now')) return 'reads the clock with performance.now';
  if (isMember(node, 'process', 'hrtime')) return 'reads the clock with process.hrtime';
  const isDate = nameOf(node['callee']) === 'Date' && isNode(node['callee']);
  if (node.type === 'NewExpression' && isDate && takesNothing(node)) {
    return 'reads the wall clock with new Date()';
  }
  return node.type === 'CallExpression' && (node['callee'] as Node).type === 'Identifier' && isDate
    ? 'reads the wall clock with Date()'
    : undefined;
};

const UNSEEDED: readonly string[] = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'];

const chance: CodeRule = (node, { path }) => {
  if (isAllowed(path, MAY_DRAW_CHANCE)) return undefined;
  if (isMember(node, 'Math', 'random')) return 'draws unseeded chance with Math.random';
  const callee = node.type === 'CallExpression' ? (nameOf(node['callee']) ?? '') : '';
  return UNSEEDED.includes(callee) ? `draws unseeded chance with ${callee}` : undefined;
};

const environment: CodeRule = (node, { path }) =>
  isMember(node, 'process', 'env') && !isAllowed(path, MAY_READ_ENVIRONMENT)
    ? 'reads the environment'
    : undefined;

export const CODE_RULES: readonly CodeRule[] = [
  venueOrders,
  mint,
  permission,
  wallClock,
  chance,
  environment,
];
